using System.Net;
using System.Text;
using Markdig;

namespace SequenceReduction.Notebooks;

/// <summary>A notebook as a page for a browser, for whoever has no notebook program.</summary>
public static class NotebookPage
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{max-width:940px;margin:2em auto;padding:0 1em;font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
        pre{padding:.8em 1em;overflow-x:auto;font:13px/1.45 ui-monospace,monospace;border-radius:6px}
        pre.code{background:light-dark(#f4f6f8,#1c2128)}
        pre.output{border-left:3px solid #2f7fd6;border-radius:0;white-space:pre-wrap}
        svg{display:block;margin:1em 0}
        """;

    /// <summary>The page as HTML.</summary>
    public static string Write(string name, IEnumerable<Cell> cells)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width\">")
            .Append($"<title>{name}</title><style>\n{Style}\n</style></head><body>\n");
        foreach (Cell cell in cells)
        {
            if (cell.Kind == CellKind.Markdown)
                page.Append(Markdown.ToHtml(cell.Source));
            else
                page.Append($"<pre class=\"code\">{WebUtility.HtmlEncode(cell.Source)}</pre>\n");
            foreach (CellOutput output in cell.Outputs)
                page.Append(output.MimeType == CellOutput.PlainText
                    ? $"<pre class=\"output\">{WebUtility.HtmlEncode(output.Content)}</pre>\n"
                    : output.Content + "\n");
        }

        return page.Append("</body></html>\n").ToString();
    }
}

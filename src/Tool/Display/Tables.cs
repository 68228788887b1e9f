using Spectre.Console;

namespace SequenceReduction.Tool.Display;

/// <summary>Makes the tables that results are printed in.</summary>
internal static class Tables
{
    /// <summary>An empty table.</summary>
    public static Table Make(string title, params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)) };
        return table.AddColumns([.. columns.Select(Markup.Escape)]);
    }
}

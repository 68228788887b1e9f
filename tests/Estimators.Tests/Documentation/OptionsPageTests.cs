namespace Estimators.Tests.Documentation;

/// <summary><c>docs/options.md</c> says what the types say.</summary>
public class OptionsPageTests
{
    private const string Page = "docs/options.md";

    [Fact]
    public void The_options_page_is_what_the_types_and_their_docs_say()
    {
        string written = OptionsPage.Write();
        if (Environment.GetEnvironmentVariable("SEQRED_WRITE_DOCS") == "1")
            File.WriteAllText(Path.Combine(Pages.Root, Page), written);
        Assert.True(
            Pages.Read(Page) == written,
            $"{Page} differs from the XML docs; write it anew by running this test with SEQRED_WRITE_DOCS=1.");
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SequenceReduction.Notebooks;

namespace Notebooks.Tests;

/// <summary>A sample is a program too.</summary>
public sealed class ProgramTests
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; "
        + "global using System.Linq; global using System.Net.Http; global using System.Threading; "
        + "global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions _parsing = new CSharpParseOptions(LanguageVersion.Preview)
        .WithFeatures([new("FileBasedProgram", "true")]);

    public static TheoryData<string> Names => Samples.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_compiles_as_a_program(string name)
    {
        IEnumerable<MetadataReference> references =
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation program = CSharpCompilation.Create(
            "sample",
            [Parse(Samples.Program(name)), Parse(ImplicitUsings)],
            references,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        Assert.DoesNotContain(program.GetDiagnostics(), found => found.Severity >= DiagnosticSeverity.Warning);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_begins_with_what_a_first_run_needs(string name) =>
        Assert.StartsWith("#:property PublishAot=false\n", Samples.Program(name));

    [Fact]
    public void Types_come_after_the_first_cell_of_code()
    {
        IReadOnlyList<Cell> cells = SampleProgram.Cells("new", """
            #:package X
            // %% [markdown]
            // # Title
            //
            // Text
            // %%
            using System;
            // %%
            var a = new A();
            // %% [types]
            class A;
            """);

        Assert.Equal(["# Title\n\nText", "using System;", "class A;", "var a = new A();"],
            cells.Where((_, place) => place != 1).Select(cell => cell.Source));
        Assert.Contains("#r \"nuget: Microsoft.ML.SequenceReduction\"", cells[1].Source);
    }

    [Theory]
    [InlineData("// %% [text]\n// words", "'// %% [text]'")]
    [InlineData("// %% [markdown]\nwords", "'words'")]
    [InlineData("// %% [markdown]\n// words", "no cell of code")]
    public void A_program_that_is_no_notebook_is_refused(string program, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => SampleProgram.Cells("07-new", program));

        Assert.StartsWith("07-new.cs", error.Message);
        Assert.Contains(message, error.Message);
    }

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, _parsing);
}

using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Estimators.Tests.Documentation;

/// <summary>
/// All C# blocks of a page as the one program that a reader would make of them: usings first, then statements, then
/// types. A block marked <c>```csharp not run</c> is left out, and the page must say why.
/// </summary>
internal static class PageProgram
{
    private const string Fence = "```", Language = "csharp";

    private static readonly CSharpParseOptions _language = new(LanguageVersion.Latest);

    private static readonly string[] _implicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading.Tasks"];

    /// <summary>The page's blocks that are run.</summary>
    public static IEnumerable<string> Blocks(string text)
    {
        List<string>? block = null;
        foreach (string line in text.Split('\n'))
            if (block is not null && line.StartsWith(Fence, StringComparison.Ordinal))
            {
                yield return string.Join('\n', block);
                block = null;
            }
            else if (block is null && line.Trim() == Fence + Language)
            {
                block = [];
            }
            else
            {
                block?.Add(line);
            }
    }

    /// <summary>Compiles the blocks and runs them.</summary>
    /// <exception cref="InvalidOperationException">They do not compile; the message lists the errors.</exception>
    public static void Run(IEnumerable<string> blocks)
    {
        CompilationUnitSyntax[] parts =
            [.. blocks.Select(block => CSharpSyntaxTree.ParseText(block, _language).GetCompilationUnitRoot())];
        CompilationUnitSyntax program = SyntaxFactory.CompilationUnit()
            .AddUsings([.. parts.SelectMany(part => part.Usings)])
            .AddMembers(
                [.. parts.SelectMany(part => part.Members).OrderBy(member => member is not GlobalStatementSyntax)]);
        SyntaxTree implicitUsings = CSharpSyntaxTree.ParseText(
            string.Concat(_implicitUsings.Select(name => $"global using {name};")), _language);
        var compilation = CSharpCompilation.Create(
            $"Page{Guid.NewGuid():n}",
            [CSharpSyntaxTree.Create(program.NormalizeWhitespace(), _language), implicitUsings], References(),
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var errors = compilation.Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length > 0)
            throw new InvalidOperationException(string.Join('\n', errors.Select(error => error.ToString())));

        image.Position = 0;
        MethodInfo main = AssemblyLoadContext.Default.LoadFromStream(image).EntryPoint!;
        object? result = main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        (result as Task)?.GetAwaiter().GetResult();
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
}

using System.IO.Compression;
using System.Xml.Linq;
using Estimators.Tests.Documentation;

namespace Estimators.Tests.RealPackages;

/// <summary>The NuGet package, as its users get it.</summary>
public sealed partial class PackageTests(PackedFeed feed) : IClassFixture<PackedFeed>
{
    private static readonly string[] _assemblies =
        ["Microsoft.ML.SequenceReduction", "Microsoft.ML.SequenceReduction.Estimators"];

    private static readonly string[] _frameworks = ["net10.0", "net8.0"];

    [Fact]
    public void Package_HoldsBothAssembliesTheirDocsReadmeAndIcon_AndNothingElse()
    {
        using ZipArchive package = feed.Open("nupkg");
        string[] content = [.. package.Entries.Select(e => e.FullName)
            .Where(n => n.StartsWith("lib/", StringComparison.Ordinal) || !n.Contains('/')).Order()];
        string[] expected =
        [
            "[Content_Types].xml", $"{feed.Id}.nuspec", "icon.png", "README.md",
            .. Files("dll"), .. Files("xml"),
        ];
        Assert.Equal(expected.Order(), content);
    }

    [Fact]
    public void Package_DependsOnMicrosoftMLAndTensorsAlone_UnderAnyPrefix()
    {
        XElement metadata = Nuspec();
        string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
        Assert.Equal((feed.Id, "MIT", "README.md", "icon.png"),
            (Value("id"), Value("license"), Value("readme"), Value("icon")));
        XElement[] groups = [.. metadata.Descendants().Where(e => e.Name.LocalName == "group")];
        Assert.Equal(_frameworks, groups.Select(g => (string)g.Attribute("targetFramework")!).Order());
        Assert.All(groups, g => Assert.Equal(
            [("Microsoft.ML", "5.0.0"), ("System.Numerics.Tensors", "10.0.0")],
            g.Elements().Select(d => ((string)d.Attribute("id")!, (string)d.Attribute("version")!)).Order()));
    }

    [Fact]
    public void Symbols_OfBothAssemblies_AreAPackageOfTheirOwn()
    {
        using ZipArchive symbols = feed.Open("snupkg");
        Assert.Equal(
            Files("pdb").Order(),
            symbols.Entries.Select(e => e.FullName).Where(n => n.StartsWith("lib/", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Consumer_OfThePackageAlone_TrainsSavesLoadsAndPredicts() => Assert.Equal(
        ["aabbab is ab, the same three times", "xyyxx is xy, the same three times"],
        feed.RunConsumer("PackageConsumer").Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Prefix_IsMicrosoftMLUnlessAPublisherSaysSo() => Assert.Equal(
        "Microsoft.ML.SequenceReduction",
        PackedFeed.DotNet(Pages.Root, "msbuild", "src/Estimators", "-getProperty:PackageId").Trim());

    [Theory]
    [InlineData("src/Estimators")]
    [InlineData("src/Tool")]
    public void Package_AgainstTheStandin_IsRefused(string project)
    {
        (int exit, string output, _) = PackedFeed.Run(
            Pages.Root, "msbuild", project, "-t:Pack", "-p:MicrosoftMLPackage=fallback", "-p:NoBuild=true", "-nologo");
        Assert.NotEqual(0, exit);
        Assert.Contains("is not packed against the stand-in", output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Files(string ending) =>
        _frameworks.SelectMany(f => _assemblies.Select(a => $"lib/{f}/{a}.{ending}"));

    private XElement Nuspec()
    {
        using ZipArchive package = feed.Open("nupkg");
        using Stream stream = package.GetEntry($"{feed.Id}.nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }
}

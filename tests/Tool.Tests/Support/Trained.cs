namespace Tool.Tests.Support;

/// <summary>Small files of rows and models trained on them, once for all tests.</summary>
public sealed class Trained : Workplace
{
    /// <summary>Options of a network that trains in no time.</summary>
    public static readonly string[] Small =
        ["--width", "16", "--heads", "2", "--blocks", "1", "--max-length", "12", "--steps", "30", "--json"];

    public Trained()
    {
        Lines = Write("lines.txt", Sentences(60));
        Mail = Write(
            "mail.tsv", ["Kind\tText", .. Sentences(80).Select((s, i) => i % 2 == 0 ? $"ham\t{s}" : $"spam\tWIN {i}")]);
        Tagged = Write("tagged.tsv", ["Text\tTags", .. Sentences(60).Select(s => $"{s}\tN V N")]);
        Series = Write("series.csv", ["Id,S1,S2,S3,S4,S5,S6,Value", .. Enumerable.Range(0, 60).Select(Wave)]);
        Reducer = this["reducer.zip"];
        Classifier = this["classifier.zip"];
        Run.Well(["train", "--task", "reduce", "--input", Lines, "--output", Reducer, .. Small]);
        Run.Well(["train", "--task", "classify", "--input", Mail, "--label", "Kind", "--output", Classifier, .. Small]);
    }

    public string Lines { get; }

    public string Mail { get; }

    public string Tagged { get; }

    public string Series { get; }

    public string Reducer { get; }

    public string Classifier { get; }

    private static IEnumerable<string> Sentences(int count)
    {
        var random = new Random(7);
        string[] nouns = ["cat", "dog", "hen"], verbs = ["eats", "sees"];
        return Enumerable.Range(0, count).Select(_ =>
            $"{nouns[random.Next(3)]} {verbs[random.Next(2)]} {nouns[random.Next(3)]}").ToArray();
    }

    private static string Wave(int row) =>
        $"r{row}," + string.Join(',', Enumerable.Range(0, 6).Select(i => $"{Math.Sin(row + i):F3}"))
            + $",{Math.Sin(row):F3}";
}

[CollectionDefinition("trained")]
public sealed class TrainedCollection : ICollectionFixture<Trained>;

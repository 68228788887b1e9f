using Microsoft.ML;
using Microsoft.ML.Data;

namespace FreshProcess;

/// <summary>A row with one sequence of each kind.</summary>
public sealed class Sample
{
    public string Text { get; set; } = "";

    public string[] Words { get; set; } = [];

    public int[] Numbers { get; set; } = [];

    public ulong[] Large { get; set; } = [];

    [KeyType(5)]
    public byte[] Kinds { get; set; } = [];

    [VectorType(6, 2)]
    public float[] Frames { get; set; } = [];

    public double[] Series { get; set; } = [];

    /// <summary>One for each word; some are missing.</summary>
    public string[] Marks { get; set; } = [];

    public string Label { get; set; } = "";

    public float Value { get; set; }

    public float Weight { get; set; } = 1;

    public int Number { get; set; }

    [KeyType(3)]
    public byte Kind { get; set; }
}

/// <summary>Small data of every kind, the same in every process.</summary>
public static class Samples
{
    private static readonly string[] _words = ["north", "south", "east", "west", "up", "down"];

    /// <summary>So many rows.</summary>
    public static IEnumerable<Sample> Rows(int count = 40)
    {
        var random = new Random(5);
        for (int i = 0; i < count; i++)
        {
            int length = 3 + random.Next(8);
            int[] picks = [.. Enumerable.Range(0, length).Select(_ => random.Next(_words.Length))];
            yield return new Sample
            {
                Text = string.Concat(picks.Select(p => "aäbß€z"[p])),
                Words = [.. picks.Select(p => _words[p])],
                Numbers = [.. picks.Select(p => 10 * p - 7)],
                Large = [.. picks.Select(p => ulong.MaxValue - 5 - (ulong)p)],
                Kinds = [.. picks.Select(p => (byte)(p % 6))],
                Frames = [.. Enumerable.Range(0, 12).Select(t => t % 2 == 0 ? MathF.Sin(t + i) : 100 + i)],
                Series = [.. picks.SelectMany(p => new[] { p + 0.5, 1e6 * p })],
                Marks = [.. picks.Select((p, t) => t == 1 ? "" : p < 3 ? "low" : "high")],
                Label = i % 2 == 0 ? "even" : "odd",
                Value = i,
                Weight = 1 + i % 3,
                Number = 100 * (i % 4),
                Kind = (byte)(i % 3),
            };
        }
    }

    /// <summary>The columns of sequences.</summary>
    public static readonly string[] Columns =
        ["Text", "Words", "WordKeys", "NumberKeys", "Chars", "Kinds", "Numbers", "Large", "Frames", "Series"];

    /// <summary>The rows as a view, key columns among its columns.</summary>
    public static IDataView View(MLContext ml, int count = 40)
    {
        IDataView data = ml.Data.LoadFromEnumerable(Rows(count).ToArray());
        return ml.Transforms.Conversion.MapValueToKey("WordKeys", "Words")
            .Append(ml.Transforms.Conversion.MapValueToKey("NumberKeys", "Numbers"))
            .Append(ml.Transforms.Conversion.MapValueToKey("MarkKeys", "Marks"))
            .Append(ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label"))
            .Append(ml.Transforms.Conversion.MapValueToKey("NumberKey", "Number"))
            .Append(ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Chars", "Text", useMarkerCharacters: false))
            .Fit(data).Transform(data);
    }
}

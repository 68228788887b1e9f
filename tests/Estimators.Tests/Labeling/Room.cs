using Microsoft.ML;

namespace Estimators.Tests.Labeling;

/// <summary>Rows whose labels follow from the whole row: a lamp is lit where there is a switch, somewhere.</summary>
public sealed class Room
{
    private static readonly string[] _things = ["lamp", "chair", "table", "lamp", "switch"];

    public string[] Things { get; set; } = [];

    public string[] State { get; set; } = [];

    public float Weight { get; set; } = 1;

    /// <summary>So many rows; chairs have no label.</summary>
    public static Room[] Rows(int count = 150, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
            Of([.. Enumerable.Range(0, 2 + random.Next(5)).Select(_ => _things[random.Next(_things.Length)])]))];
    }

    /// <summary>A row of things with their labels.</summary>
    public static Room Of(params string[] things)
    {
        string lamp = things.Contains("switch") ? "lit" : "dark";
        return new()
        {
            Things = things,
            State = [.. things.Select(t => t switch { "lamp" => lamp, "chair" => "", _ => "still" })],
        };
    }

    public static IDataView View(MLContext ml, int count = 150, int seed = 3) => View(ml, Rows(count, seed));

    public static IDataView View(MLContext ml, params Room[] rows) => ml.Data.LoadFromEnumerable(rows);
}

/// <summary>What a prediction engine gives.</summary>
public sealed class Seen
{
    public string[] PredictedLabel { get; set; } = [];

    public float[] Score { get; set; } = [];
}

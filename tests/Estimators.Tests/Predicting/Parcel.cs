using Microsoft.ML;

namespace Estimators.Tests.Predicting;

/// <summary>Rows whose labels follow from their text: how many parcels 'x' it holds.</summary>
public sealed class Parcel
{
    public string Text { get; set; } = "";

    public string Size { get; set; } = "";

    public float Count { get; set; }

    public float Weight { get; set; } = 1;

    /// <summary>So many rows; a size is one of none, few, many.</summary>
    public static Parcel[] Rows(int count = 120, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            string text = string.Concat(Enumerable.Range(0, 4 + random.Next(7)).Select(_ => "abxcx"[random.Next(5)]));
            int parcels = text.Count(c => c == 'x');
            string size = parcels < 2 ? "none" : parcels < 4 ? "few" : "many";
            return new Parcel { Text = text, Count = parcels, Size = size };
        })];
    }

    public static IDataView View(MLContext ml, int count = 120, int seed = 3) => View(ml, Rows(count, seed));

    public static IDataView View(MLContext ml, params Parcel[] rows) => ml.Data.LoadFromEnumerable(rows);
}

/// <summary>What a prediction engine gives.</summary>
public sealed class Verdict
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}

/// <summary>What a prediction engine of numbers gives.</summary>
public sealed class Amount
{
    public float Score { get; set; }
}

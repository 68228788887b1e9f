using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Training;

namespace Estimators.Tests.Support;

/// <summary>A row whose text alone tells its kind: the texts of two kinds share no letter.</summary>
public sealed class Freight
{
    private static readonly (string Kind, string Letters)[] _kinds = [("bulk", "ab"), ("crate", "mn"), ("drum", "xy")];

    public string Text { get; set; } = "";

    public string Kind { get; set; } = "";

    public bool Heavy { get; set; }

    public float Mass { get; set; }

    /// <summary>So many rows, the kinds in turn; drums are heavy, and the mass follows from kind and length.</summary>
    public static Freight[] Rows(int count = 120, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            (string kind, string letters) = _kinds[i % 3];
            int length = 4 + random.Next(7);
            return new Freight
            {
                Text = string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(2)])),
                Kind = kind,
                Heavy = kind == "drum",
                Mass = 10 * (i % 3) + 0.1f * length,
            };
        })];
    }
}

/// <summary>Freight with columns of ours, for what ML.NET does downstream of them.</summary>
public sealed class Shipped
{
    public Shipped()
    {
        Raw = Context.Data.LoadFromEnumerable(Freight.Rows());
        var training = new TrainingOptions { Steps = 20, BatchSize = 24, LearningRate = 5e-3 };
        Ours = Context.Transforms.Conversion.MapValueToKey("KindKey", "Kind")
            .Append(Context.Transforms.EncodeSequence(Tiny.Encoding("Text") with { Training = training }))
            .Append(Context.Transforms.ReduceSequence(Tiny.Options("Text") with { Training = training }))
            .Fit(Raw);
        Data = Ours.Transform(Raw);
    }

    public MLContext Context { get; } = new(seed: 1);

    /// <summary>120 rows of <see cref="Freight"/>.</summary>
    public IDataView Raw { get; }

    /// <summary>
    /// Adds <c>KindKey</c>, and of ours <c>Encoded</c>, <c>Reduced</c>, <c>Restored</c> and <c>Error</c>.
    /// </summary>
    public ITransformer Ours { get; }

    /// <summary>The rows with these columns.</summary>
    public IDataView Data { get; }

    /// <summary>
    /// Fits what comes downstream, checks that the whole model saved and loaded writes some columns to the same bits,
    /// and gives all rows' output.
    /// </summary>
    public IDataView Through(IEstimator<ITransformer> downstream, params string[] columns)
    {
        var model = new TransformerChain<ITransformer>(Ours, downstream.Fit(Data));
        Saved.GiveTheSameBits(model, Raw, columns);
        return model.Transform(Raw);
    }
}

[CollectionDefinition("shipped")]
public sealed class ShippedCollection : ICollectionFixture<Shipped>;

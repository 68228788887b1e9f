using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests;

[Collection("fitted")]
public sealed class RestoreTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Columns => Fitted.Columns;

    [Theory]
    [MemberData(nameof(Columns))]
    public void RestoreSequence_OfTheLatents_IsTheRestoredColumn(string column)
    {
        SequenceReducingTransformer reducer = fitted.Reducer(column);
        IDataView reduced = reducer.Transform(fitted.Data);
        IDataView output = _ml.Transforms.RestoreSequence("Again", "Reduced", reducer).Fit(reduced).Transform(reduced);
        Assert.Equal(
            Bits.Of(output, "Restored").Replace("Restored", "Again", StringComparison.Ordinal),
            Bits.Of(output, "Again"));
    }

    [Fact]
    public void RestoreSequence_WithARecoveredReducer_InAPipeline()
    {
        ITransformer loaded = _ml.Model.Load(Tiny.Save(fitted.Reducer("Text"), fitted.Data), out _);
        SequenceReducingTransformer recovered = Assert.Single(loaded.GetSequenceReducers());
        IDataView reduced = loaded.Transform(fitted.Data);
        var chain = _ml.Transforms.CopyColumns("Copy", "Reduced").Append(
            _ml.Transforms.RestoreSequence("Again", "Copy", recovered));
        IDataView output = chain.Fit(reduced).Transform(reduced);
        Assert.Equal(Bits.Of(output, "Restored")[8..], Bits.Of(output, "Again")[5..]);
    }

    [Fact]
    public void RestoreSequence_BadInput_SaysWhatIsNeeded()
    {
        SequenceReducingTransformer reducer = fitted.Reducer("Text");
        IDataView data = fitted.Data;
        var missing = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.RestoreSequence("Again", "Nowhere", reducer).Fit(data));
        Assert.Contains("'Nowhere'", missing.Message, StringComparison.Ordinal);
        var size = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.RestoreSequence("Again", "Frames", reducer).Fit(data));
        Assert.Contains("15", size.Message, StringComparison.Ordinal);
        var type = Assert.ThrowsAny<ArgumentException>(
            () => _ml.Transforms.CopyColumns("Copy", "Text").Append(
                _ml.Transforms.RestoreSequence("Again", "Copy", reducer)).Fit(data));
        Assert.Contains("15 Single", type.Message, StringComparison.Ordinal);
        IDataView unknown = _ml.Data.LoadFromEnumerable(new[] { new Loose { Reduced = [1, 2, 3] } });
        IDataView output = _ml.Transforms.RestoreSequence("Again", "Reduced", reducer).Fit(unknown).Transform(unknown);
        var length = Assert.Throws<InvalidDataException>(() => Bits.Of(output, "Again"));
        Assert.Contains("holds 3 numbers", length.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => _ml.Transforms.RestoreSequence("Again", "Reduced", null!));
    }

    public sealed class Loose
    {
        public float[] Reduced { get; set; } = [];
    }
}

using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Saving;

[Collection("fitted")]
public sealed class SaveLoadTests(Fitted fitted)
{
    public static TheoryData<string> Columns => Fitted.Columns;

    [Theory]
    [MemberData(nameof(Columns))]
    public void PlainLoad_GivesTheSameTypesAndBits(string column)
    {
        SequenceReducingTransformer reducer = fitted.Reducer(column);
        IDataView data = fitted.Data;
        ITransformer loaded = new MLContext().Model.Load(Tiny.Save(reducer, data), out DataViewSchema schema);
        Assert.NotNull(schema.GetColumnOrNull(column));
        IDataView output = loaded.Transform(data);
        Assert.Equal(15, ((VectorDataViewType)output.Schema["Reduced"].Type).Size);
        AssertSame(reducer, Bits.Of(reducer.Transform(data), Tiny.Outputs), Bits.Of(output, Tiny.Outputs));
        Assert.DoesNotContain(
            output.Schema, c => c.Name.StartsWith("__seqred", StringComparison.Ordinal) && !c.IsHidden);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void SequenceLoad_GivesTheTypedTransformerBack(string column)
    {
        SequenceReducingTransformer reducer = fitted.Reducer(column);
        IDataView data = fitted.Data;
        var ml = new MLContext();
        ITransformer loaded = ml.Model.LoadSequenceModel(Tiny.Save(reducer, data), out _);
        SequenceReducingTransformer typed = Assert.Single(loaded.GetSequenceReducers());
        string expected = Bits.Of(reducer.Transform(data), Tiny.Outputs);
        Assert.Equal(expected, Bits.Of(typed.Transform(data), Tiny.Outputs));
        Assert.Equal(expected, Bits.Of(loaded.Transform(data), Tiny.Outputs));
        Assert.Equal(reducer.NetworkOptions, typed.NetworkOptions);
        Assert.Equal(reducer.Form, typed.Form);

        // And once more: what was loaded can be saved again.
        ITransformer plain = ml.Model.Load(Tiny.Save(loaded, data), out _);
        AssertSame(reducer, expected, Bits.Of(plain.Transform(data), Tiny.Outputs));
        ITransformer twice = ml.Model.Load(Tiny.Save(plain, data), out _);
        AssertSame(reducer, expected, Bits.Of(twice.Transform(data), Tiny.Outputs));
    }

    [Fact]
    public void PlainLoad_InAChain_KeepsItsPlaceAndIsFound()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = fitted.Data;
        var pipeline = ml.Transforms.CopyColumns("Copy", "Text")
            .Append(ml.Transforms.ReduceSequence(Plain("Copy", "First")))
            .Append(ml.Transforms.ReduceSequence(Plain("Numbers", "Second")))
            .Append(ml.Transforms.Concatenate("Both", "First", "Second"));
        ITransformer model = pipeline.Fit(data);
        Assert.Equal(2, model.GetSequenceReducers().Count);
        ITransformer loaded = ml.Model.Load(Tiny.Save(model, data), out _);
        Assert.Equal(["First", "Second"], loaded.GetSequenceReducers().Select(r => r.OutputColumnName));
        ITransformer typed = ml.Model.LoadSequenceModel(Tiny.Save(model, data), out _);
        Assert.Equal(2, ((IEnumerable<ITransformer>)typed).OfType<SequenceReducingTransformer>().Count());
        string expected = Bits.Of(model.Transform(data), "First", "Second", "Both");
        Assert.Equal(expected, Bits.Of(loaded.Transform(data), "First", "Second", "Both"));
        Assert.Equal(expected, Bits.Of(typed.Transform(data), "First", "Second", "Both"));
        Assert.Equal(30, ((VectorDataViewType)loaded.Transform(data).Schema["Both"].Type).Size);
    }

    [Fact]
    public void Save_OutputInThePlaceOfTheInput_Loads()
    {
        var ml = new MLContext(seed: 1);
        SequenceReducingTransformer reducer = Tiny.Fit(Tiny.Options("Text") with { OutputColumnName = "Text" });
        ITransformer loaded = ml.Model.Load(Tiny.Save(reducer, fitted.Data), out _);
        Assert.Equal(
            Bits.Of(reducer.Transform(fitted.Data), "Text", "Restored", "Error"),
            Bits.Of(loaded.Transform(fitted.Data), "Text", "Restored", "Error"));
    }

    [Fact]
    public void Restorer_SavedAndLoaded_GivesTheSameBits()
    {
        var ml = new MLContext(seed: 1);
        SequenceReducingTransformer reducer = fitted.Reducer("WordKeys");
        IDataView reduced = reducer.Transform(fitted.Data);
        SequenceRestoringTransformer restorer = ml.Transforms.RestoreSequence("Again", "Reduced", reducer).Fit(reduced);
        ITransformer plain = ml.Model.Load(Tiny.Save(restorer, reduced), out _);
        Assert.Empty(plain.GetSequenceReducers());
        ITransformer typed = ml.Model.LoadSequenceModel(Tiny.Save(restorer, reduced), out _);
        string expected = Bits.Of(restorer.Transform(reduced), "Again");
        Assert.Equal(expected, Bits.Of(plain.Transform(reduced), "Again"));
        Assert.Equal(expected, Bits.Of(typed.Transform(reduced), "Again"));
    }

    private static SequenceReducingOptions Plain(string input, string output) =>
        Tiny.Options(input) with { OutputColumnName = output, RestoredColumnName = null, ErrorColumnName = null };

    // A saved model names even keys that stand for nothing, by their numbers; all else is the same.
    internal static void AssertSame(SequenceReducingTransformer reducer, string expected, string actual)
    {
        if (reducer.InputColumnName == "Kinds")
            actual = actual.Replace("Key<Byte, 0-4>> 1,2,3,4,5", "Key<Byte, 0-4>>", StringComparison.Ordinal)
                .Replace("Key<Byte, 0-4>, 0> 1,2,3,4,5", "Key<Byte, 0-4>, 0>", StringComparison.Ordinal);
        Assert.Equal(expected, actual);
    }
}

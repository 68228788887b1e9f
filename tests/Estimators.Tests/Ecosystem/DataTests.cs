using System.Globalization;
using System.Text;
using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Ecosystem;

/// <summary>ML.NET's operations on data, before and after ours.</summary>
[Collection("fitted")]
public sealed class DataTests(Fitted fitted)
{
    private readonly MLContext _ml = fitted.Context;

    [Fact]
    public void BinaryFile_OfOurColumns_KeepsValuesTypesAndNames()
    {
        IDataView output = fitted.Reducer("WordKeys").Transform(fitted.Data);
        IDataView loaded = ThroughABinaryFile(output);
        string[] columns = [.. Tiny.Outputs, "WordKeys", "Text"];
        Assert.Equal(Bits.Of(output, columns), Bits.Of(loaded, columns));
        VBuffer<ReadOnlyMemory<char>> names = default;
        loaded.Schema["Reduced"].GetSlotNames(ref names);
        Assert.Equal("Reduced.2.4", names.GetItemOrDefault(14).ToString());
    }

    [Theory]
    [InlineData("WordKeys")]
    [InlineData("Frames")]
    public void BinaryFile_TrainsTheSameModel(string column)
    {
        IDataView loaded = ThroughABinaryFile(fitted.Data);
        SequenceReducingTransformer model = _ml.Transforms.ReduceSequence(Tiny.Options(column)).Fit(loaded);
        Assert.Equal(
            Bits.Of(fitted.Reducer(column).Transform(fitted.Data), Tiny.Outputs),
            Bits.Of(model.Transform(fitted.Data), Tiny.Outputs));
    }

    [Fact]
    public void TextFile_OfNumbers_IsReadAsFrames()
    {
        Sample[] rows = [.. Samples.Rows(12)];
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(
                file, rows.Select(r => string.Join(
                    '\t', r.Frames.Select(f => f.ToString("r", CultureInfo.InvariantCulture)).Prepend(r.Label))));
            TextLoader.Column[] columns = [new("Label", DataKind.String, 0), new("Frames", DataKind.Single, 1, 12)];
            IDataView loaded = _ml.Data.LoadFromTextFile(file, columns);
            SequenceReducingOptions options = Tiny.Options("Frames") with { FrameWidth = 2 };
            ITransformer model = _ml.Transforms.ReduceSequence(options).Fit(loaded);
            IDataView memory = _ml.Data.LoadFromEnumerable(rows.Select(r => new Series { Frames = r.Frames }));
            Assert.Equal(Bits.Of(model.Transform(memory), "Reduced"), Bits.Of(model.Transform(loaded), "Reduced"));
            Saved.GiveTheSameBits(model, loaded, Tiny.Outputs);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [CorpusFact]
    public void TextFile_OfABook_IsReducedLineByLine()
    {
        IDataView book = _ml.Data.TakeRows(Corpora.Book(_ml), 60);
        ITransformer model = _ml.Transforms.ReduceSequence(Tiny.Options("Text") with { MaxLength = 24 }).Fit(book);
        IDataView output = model.Transform(book);
        Assert.All(output.GetColumn<string>("Restored"), r => Assert.True(Encoding.UTF8.GetByteCount(r) <= 24 * 3));
        Assert.InRange(_ml.EvaluateRestoration(output, "Text", "Restored").TokenAccuracy, 0, 1);
        Saved.GiveTheSameBits(model, book, Tiny.Outputs);
    }

    [Fact]
    public void Preview_OfViewTransformerAndEstimator_ShowsOurColumns()
    {
        float[] expected = fitted.Reducer("Text").Transform(fitted.Data).GetColumn<float[]>("Reduced").First();
        DataDebuggerPreview[] previews =
        [
            fitted.Reducer("Text").Transform(fitted.Data).Preview(maxRows: 3),
            fitted.Reducer("Text").Preview(fitted.Data, maxRows: 3),
            _ml.Transforms.ReduceSequence(Tiny.Options("Text")).Preview(fitted.Data, maxRows: 3),
        ];
        Assert.All(previews, preview =>
        {
            Assert.Equal(3, preview.RowView.Length);
            object first = preview.RowView[0].Values.Single(v => v.Key == "Reduced").Value;
            Assert.Equal(expected, ((VBuffer<float>)first).DenseValues());
            Assert.Single(preview.ColumnView, c => c.Column.Name == "Restored");
        });
    }

    [Fact]
    public void RowsWithMissingFrames_AreFilteredBeforeOurs()
    {
        var ml = new MLContext(seed: 1);
        var log = new Messages(ml);
        Series[] rows = [.. Samples.Rows(12).Select(r => new Series { Frames = [.. r.Frames] })];
        rows[2].Frames[3] = rows[7].Frames[0] = float.NaN;
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        SequenceReducingOptions options = Tiny.Options("Frames") with { FrameWidth = 2 };
        ml.Transforms.ReduceSequence(options).Fit(data);
        Assert.Single(log.Beginning("2 missing values in training rows of column 'Frames'"));
        IDataView whole = ml.Data.FilterRowsByMissingValues(data, "Frames");
        IDataView output = ml.Transforms.ReduceSequence(options).Fit(whole).Transform(whole);
        Assert.Equal(10, output.GetColumn<float>("Error").Count());
        Assert.Single(log.Beginning("2 missing values in training rows of column 'Frames'"));
    }

    [Fact]
    public void RowsWithScoresOfMissingTokens_AreFilteredAfterOurs()
    {
        Sample[] rows = [.. Samples.Rows(12)];
        rows[4].Words[1] = "";
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("WordKeys", "Words")
            .Append(_ml.Transforms.Conversion.MapValueToKey("MarkKeys", "Marks"))
            .Fit(_ml.Data.LoadFromEnumerable(rows)).Transform(_ml.Data.LoadFromEnumerable(rows));
        SequenceLabelingOptions options = Tiny.Labeling("WordKeys") with { MaxLength = 12 };
        IDataView output = _ml.MulticlassClassification.Trainers.SequenceLabeling(options).Fit(data).Transform(data);
        IDataView kept = _ml.Data.FilterRowsByMissingValues(output, "Score");
        Assert.Equal(
            rows.Where((_, i) => i != 4).Select(r => r.Value), kept.GetColumn<float>("Value"));
    }

    [Fact]
    public void ShuffledAndCachedRows_AreLearntFrom()
    {
        IDataView data = _ml.Data.Cache(_ml.Data.ShuffleRows(fitted.Data, seed: 4), "Text");
        ITransformer model = _ml.Transforms.ReduceSequence(Tiny.Options("Text")).Fit(data);
        Assert.Equal(40, model.Transform(data).GetColumn<float>("Error").Count(float.IsFinite));
        Saved.GiveTheSameBits(model, fitted.Data, Tiny.Outputs);
    }

    [Fact]
    public void TrainTestSplit_OnePartIsLearntFrom_TheOtherScored()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(fitted.Data, testFraction: 0.3, seed: 1);
        ITransformer model = _ml.Transforms.ReduceSequence(Tiny.Options("Text")).Fit(split.TrainSet);
        float[] kept = [.. split.TestSet.GetColumn<float>("Value")];
        Assert.InRange(kept.Length, 1, 39);
        Assert.Equal(kept, model.Transform(split.TestSet).GetColumn<float>("Value"));
        Assert.Equal(
            model.Transform(fitted.Data).GetColumn<float>("Error").Where((_, i) => kept.Contains(i)),
            model.Transform(split.TestSet).GetColumn<float>("Error"));
    }

    [Fact]
    public void CreateEnumerable_GivesKeysLabelsAndVectorsOfOurs()
    {
        ITransformer labeler = Tiny.Fit(Tiny.Labeling("WordKeys"));
        IDataView output = fitted.Reducer("WordKeys").Append(labeler).Transform(fitted.Data);
        Marked[] rows = [.. _ml.Data.CreateEnumerable<Marked>(output, reuseRowObject: false)];
        Assert.Equal(output.GetColumn<uint[]>("PredictedLabel"), rows.Select(r => r.PredictedLabel));
        Assert.Equal(output.GetColumn<float[]>("Reduced"), rows.Select(r => r.Reduced.DenseValues().ToArray()));
        Assert.Equal(Samples.Rows().Select(r => r.Words.Length), rows.Select(r => r.PredictedLabel.Length));
    }

    private IDataView ThroughABinaryFile(IDataView data)
    {
        var stream = new MemoryStream();
        _ml.Data.SaveAsBinary(data, stream);
        return _ml.Data.LoadFromBinary(new MemorySource(stream.ToArray()));
    }

    public sealed class Series
    {
        [VectorType(12)]
        public float[] Frames { get; set; } = [];
    }

    public sealed class Marked
    {
        [KeyType(2)]
        public uint[] PredictedLabel { get; set; } = [];

        public VBuffer<float> Reduced { get; set; }
    }
}

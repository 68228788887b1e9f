using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Estimators.Tests.RealPackages;

/// <summary>Operations on data and models that only the real Microsoft.ML has, or has in a form of its own.</summary>
[Collection("shipped")]
public sealed class RealDataTests(Shipped shipped)
{
    private readonly MLContext _ml = shipped.Context;

    [Fact]
    public void LoaderAndModel_InOneFile_LoadTogether()
    {
        string rows = Path.GetTempFileName(), saved = Tiny.TemporaryFile();
        try
        {
            File.WriteAllLines(rows, Freight.Rows(20).Select(f => $"{f.Text}\t{f.Kind}"));
            TextLoader loader = _ml.Data.CreateTextLoader(
                [new("Text", DataKind.String, 0), new("Kind", DataKind.String, 1)]);
            IDataView data = loader.Load(rows);
            ITransformer model = _ml.Transforms.EncodeSequence(Tiny.Encoding("Text")).Fit(data);
            _ml.Model.Save(model, loader, saved);
            ITransformer loaded = new MLContext().Model.LoadWithDataLoader(saved, out var reader);
            IDataView reread = reader.Load(new MultiFileSource(rows));
            Assert.Equal(Bits.Of(model.Transform(data), "Encoded"), Bits.Of(loaded.Transform(reread), "Encoded"));
            Assert.Single(loaded.GetSequenceEncoders());
        }
        finally
        {
            File.Delete(rows);
            File.Delete(saved);
        }
    }

    [Fact]
    public void TextFile_OfOurNumbers_ReadsBackToTheBit()
    {
        IDataView wanted = _ml.Transforms.SelectColumns("Encoded").Fit(shipped.Data).Transform(shipped.Data);
        using var stream = new MemoryStream();
        _ml.Data.SaveAsText(wanted, stream, headerRow: false, schema: true, forceDense: true);
        TextLoader loader = _ml.Data.CreateTextLoader([new("Encoded", DataKind.Single, 0, 15)]);
        IDataView loaded = loader.Load(new MemorySource(stream.ToArray()));
        Assert.Equal(wanted.GetColumn<float[]>("Encoded"), loaded.GetColumn<float[]>("Encoded"));
    }

    [Fact]
    public void SplitByAKey_KeepsAKindOnOneSide()
    {
        DataOperationsCatalog.TrainTestData split =
            _ml.Data.TrainTestSplit(shipped.Data, testFraction: 0.34, samplingKeyColumnName: "Kind", seed: 2);
        string[] one = [.. split.TrainSet.GetColumn<string>("Kind").Distinct()];
        string[] other = [.. split.TestSet.GetColumn<string>("Kind").Distinct()];
        Assert.Empty(one.Intersect(other));
        int Rows(IDataView part) => part.GetColumn<float[]>("Encoded").Count();
        Assert.Equal(120, Rows(split.TrainSet) + Rows(split.TestSet));
    }

    [Fact]
    public void BootstrapSample_OfOurColumns_DrawsWholeRows()
    {
        IDataView sample = _ml.Data.BootstrapSample(shipped.Data, seed: 5);
        ILookup<string, float> errors = shipped.Data.GetColumn<string>("Text")
            .Zip(shipped.Data.GetColumn<float>("Error")).ToLookup(p => p.First, p => p.Second);
        Assert.All(
            sample.GetColumn<string>("Text").Zip(sample.GetColumn<float>("Error")),
            p => Assert.Contains(p.Second, errors[p.First]));
    }

    [Fact]
    public void ConcurrentReaders_OfOneView_SeeTheSameBits()
    {
        string expected = Bits.Of(shipped.Data, "Encoded", "Restored");
        Parallel.For(0, 6, _ => Assert.Equal(expected, Bits.Of(shipped.Data, "Encoded", "Restored")));
        DataViewSchema.Column column = shipped.Data.Schema["Error"];
        DataViewRowCursor[] cursors = shipped.Data.GetRowCursorSet([column], 3);
        var read = new List<float>();
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                ValueGetter<float> getter = cursor.GetGetter<float>(column);
                float value = 0;
                while (cursor.MoveNext())
                {
                    getter(ref value);
                    read.Add(value);
                }
            }
        }

        Assert.Equal(shipped.Data.GetColumn<float>("Error").Order(), read.Order());
    }

    [Fact]
    public void NGramsOfML_BesideOurs_AreSavedTogether()
    {
        IDataView output = shipped.Through(
            _ml.Transforms.Text.ProduceWordBags("Bag", "Text")
                .Append(_ml.Transforms.Concatenate("Features", "Reduced", "Bag"))
                .Append(_ml.Transforms.NormalizeLpNorm("Features")),
            "Features");
        Assert.Equal(
            15 + ((VectorDataViewType)output.Schema["Bag"].Type).Size,
            ((VectorDataViewType)output.Schema["Features"].Type).Size);
    }
}

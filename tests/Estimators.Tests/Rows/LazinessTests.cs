using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Rows;

[Collection("fitted")]
public sealed class LazinessTests(Fitted fitted)
{
    private readonly SequenceReducingTransformer _reducer = fitted.Reducer("Text");

    [Fact]
    public void Transform_ReadsNothing_ThreeRowsReadThree()
    {
        var view = new CountingView(fitted.Data, "Text");
        IDataView output = _reducer.Transform(view);
        Assert.Equal(0, view.Reads);
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Reduced"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(output.Schema["Reduced"]);
        VBuffer<float> value = default;
        for (int row = 0; row < 3; row++)
        {
            Assert.True(cursor.MoveNext());
            getter(ref value);
        }

        Assert.Equal(3, view.Reads);
    }

    [Fact]
    public void ColumnsNotAskedFor_AreNotComputed()
    {
        var view = new CountingView(fitted.Data, "Text");
        IDataView output = _reducer.Transform(view);
        Assert.Equal(40, output.GetColumn<float>("Value").Count());
        Assert.Equal(0, view.Reads);
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Value"]]);
        Assert.False(cursor.IsColumnActive(output.Schema["Reduced"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<VBuffer<float>>(output.Schema["Reduced"]));
    }

    [Fact]
    public void OtherColumns_StayWithTheirRows()
    {
        IDataView output = _reducer.Transform(fitted.Data);
        string[] kept = ["Text", "Words", "WordKeys", "Frames", "Value", "Label"];
        string expected = Bits.Of(fitted.Data, kept);
        Assert.Equal(expected, Bits.Of(output, kept));
        string[] both = [.. Bits.Of(output, [.. kept, "Reduced"]).Split('\n').Skip(7)];
        string[] alone = [.. Bits.Of(output, "Reduced").Split('\n').Skip(1)];
        Assert.Equal(alone.Length, both.Length);
        Assert.All(both.Zip(alone), pair => Assert.EndsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public void Shuffled_RowsKeepTheirValues()
    {
        IDataView output = _reducer.Transform(fitted.Data);
        IDataView shuffled = fitted.Context.Data.ShuffleRows(output, seed: 4);
        string[] columns = ["Value", "Text", "Reduced", "Error"];
        string[] expected = Bits.Of(output, columns).Split('\n'), actual = Bits.Of(shuffled, columns).Split('\n');
        Assert.NotEqual(expected, actual);
        Assert.Equal(expected.Order(), actual.Order());
        using DataViewRowCursor cursor = output.GetRowCursor(
            [output.Schema["Value"], output.Schema["Error"]], new Random(1));
        Assert.True(cursor.MoveNext());
    }

    [Fact]
    public void BatchAndSingleRow_SameBits()
    {
        IDataView output = _reducer.Transform(fitted.Data);
        var engine = fitted.Context.Model.CreatePredictionEngine<Sample, Reduced>(_reducer);
        float[][] latents = [.. output.GetColumn<float[]>("Reduced")];
        float[] errors = [.. output.GetColumn<float>("Error")];
        string[] restored = [.. output.GetColumn<string>("Restored")];
        Sample[] rows = [.. Samples.Rows()];
        for (int i = 0; i < rows.Length; i++)
        {
            Reduced one = engine.Predict(rows[i]);
            Assert.Equal(latents[i], one.Latents);
            Assert.Equal((errors[i], restored[i]), (one.Error, one.Restored));
        }
    }

    [Fact]
    public void BadRow_ThrowsAtItsOwnTurn()
    {
        Sample[] rows = [.. Samples.Rows(12)];
        rows[9].Text = "x\ud800y";
        IDataView output = _reducer.Transform(fitted.Context.Data.LoadFromEnumerable(rows));
        Assert.Equal(9, output.GetColumn<float>("Error").Take(9).Count());
        var error = Assert.ThrowsAny<Exception>(() => output.GetColumn<float>("Error").Count());
        Assert.Contains("row 9", error.ToString(), StringComparison.Ordinal);
    }

    public sealed class Reduced
    {
        [ColumnName("Reduced")]
        public float[] Latents { get; set; } = [];

        public float Error { get; set; }

        public string Restored { get; set; } = "";
    }
}

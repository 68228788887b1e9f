using FreshProcess;
using Microsoft.ML;

namespace Estimators.Tests.Support;

/// <summary>What every saved model must do.</summary>
internal static class Saved
{
    /// <summary>A plain load, our own, and a second saving all give the same types and bits.</summary>
    public static void GiveTheSameBits(ITransformer model, IDataView data, params string[] columns)
    {
        var ml = new MLContext();
        string expected = Bits.Of(model.Transform(data), columns);
        ITransformer plain = ml.Model.Load(Tiny.Save(model, data), out _);
        Assert.Equal(expected, Bits.Of(plain.Transform(data), columns));
        Assert.DoesNotContain(
            plain.GetOutputSchema(data.Schema), c =>
                c.Name.StartsWith("__seqred", StringComparison.Ordinal) && !c.IsHidden);
        ITransformer typed = ml.Model.LoadSequenceModel(Tiny.Save(plain, data), out _);
        Assert.Equal(expected, Bits.Of(typed.Transform(data), columns));
        ITransformer again = ml.Model.Load(Tiny.Save(typed, data), out _);
        Assert.Equal(expected, Bits.Of(again.Transform(data), columns));
    }
}

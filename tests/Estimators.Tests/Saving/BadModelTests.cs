using System.IO.Compression;
using System.Text;
using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Estimators.Tests.Saving;

[Collection("fitted")]
public sealed class BadModelTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.98)]
    [InlineData(0)]
    public void Truncated_IsSaid(double share)
    {
        byte[] whole = Tiny.Save(fitted.Reducer("Text"), fitted.Data).ToArray();
        var cut = new MemoryStream(whole[..(int)(share * whole.Length)]);
        Assert.Contains("truncated", Throws(cut), StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedByte_IsFound()
    {
        byte[] bytes = Tiny.Save(fitted.Reducer("Text"), fitted.Data).ToArray();
        bytes[bytes.Length / 2] ^= 0x55;
        Assert.ThrowsAny<InvalidDataException>(() => _ml.Model.LoadSequenceModel(new MemoryStream(bytes), out _));
    }

    [Fact]
    public void Foreign_ZipTextOrModel_IsSaid()
    {
        Assert.Contains(
            "no whole zip", Throws(new MemoryStream(Encoding.UTF8.GetBytes("hello"))), StringComparison.Ordinal);
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry("readme.txt").Open())
            entry.Write("hello"u8);
        zip.Position = 0;
        Assert.Contains("no sequence transformer", Throws(zip), StringComparison.Ordinal);
        ITransformer other = _ml.Transforms.CopyColumns("Copy", "Text").Fit(fitted.Data);
        Assert.Contains("mlContext.Model.Load", Throws(Tiny.Save(other, fitted.Data)), StringComparison.Ordinal);
        Assert.Empty(other.GetSequenceReducers());
    }

    [Fact]
    public void NewerContracts_AreSaid()
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry("TransformerChain/Transform_000/Model.key").Open())
            entry.Write(Encoding.Unicode.GetBytes("SequenceReduction/12/latents/Text"));
        zip.Position = 0;
        string message = Throws(zip);
        Assert.Contains("newer version", message, StringComparison.Ordinal);
        Assert.Contains("12", message, StringComparison.Ordinal);
    }

    [Fact]
    public void NewerState_IsSaidByOurLoad_AndAtTheFirstRowOfAPlainOne()
    {
        MemoryStream zip = SaveWith(text => Replace(text, "\"mlnet.version\":\"1\"", "\"mlnet.version\":\"9\""));
        Assert.Contains("version 9", Throws(zip), StringComparison.Ordinal);
        AssertFirstRowThrows(zip, "version 9");
    }

    [Fact]
    public void WeightsOfAnotherShape_AreSaidByOurLoad_AndAtTheFirstRowOfAPlainOne()
    {
        // The options promise a feed-forward layer of 17, the weights have 16.
        MemoryStream zip =
            SaveWith(text => Replace(text, "\\\"FeedForwardWidth\\\":16", "\\\"FeedForwardWidth\\\":17"));
        Assert.Contains("[17, 16]", Throws(zip), StringComparison.Ordinal);
        AssertFirstRowThrows(zip, "[17, 16]");
    }

    [Theory]
    [InlineData("\"mlnet.role\":\"Classify\"", "\"mlnet.role\":\"Compress\"", "'Compress'")]
    [InlineData("\"mlnet.role\":\"Classify\"", "\"mlnet.role\":\"Reduce\"  ", "sequence-predictor")]
    [InlineData("\"mlnet.label\"", "\"mlnet.libel\"", "label is missing")]
    [InlineData("\"mlnet.names\"", "\"mlnet.games\"", "'mlnet.names' is missing")]
    public void StateThatCannotBe_IsSaid(string old, string with, string expected)
    {
        SequencePredictingTransformer model = Tiny.Fit(Tiny.Classification("Text"));
        MemoryStream zip = Tiny.Save(SurrogateChain.Of(model.State, Replace(model.State.Text, old, with)), fitted.Data);
        Assert.Contains(expected, Throws(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void NoText_IsSaid()
    {
        MemoryStream zip = SaveWith(_ => "no base64!");
        Assert.Contains("base64", Throws(zip), StringComparison.Ordinal);
    }

    private static string Replace(string base64, string old, string with)
    {
        string latin = Encoding.Latin1.GetString(Convert.FromBase64String(base64));
        Assert.Contains(old, latin, StringComparison.Ordinal);
        return Convert.ToBase64String(Encoding.Latin1.GetBytes(latin.Replace(old, with, StringComparison.Ordinal)));
    }

    private MemoryStream SaveWith(Func<string, string> change) =>
        Tiny.Save(SurrogateChain.Of(fitted.Reducer("Text").State, change(fitted.Reducer("Text").State.Text)),
            fitted.Data);

    private void AssertFirstRowThrows(MemoryStream zip, string part)
    {
        zip.Position = 0;
        IDataView output = _ml.Model.Load(zip, out _).Transform(fitted.Data);
        var error = Assert.ThrowsAny<Exception>(() => Bits.Of(output, "Reduced"));
        Assert.Contains(part, error.ToString(), StringComparison.Ordinal);
    }

    private string Throws(Stream stream)
    {
        stream.Position = 0;
        return Assert.Throws<InvalidDataException>(() => _ml.Model.LoadSequenceModel(stream, out _)).Message;
    }
}

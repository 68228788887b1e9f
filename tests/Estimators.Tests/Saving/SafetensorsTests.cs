using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Networks;

namespace Estimators.Tests.Saving;

[Collection("fitted")]
public sealed class SafetensorsTests(Fitted fitted) : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Tiny.TemporaryFile();

    [Fact]
    public void LoadSafetensors_OfASavedTransformer_GivesTheSameBits()
    {
        (SequenceTransformer Transformer, string[] Outputs)[] all =
        [
            (fitted.Reducer("Text"), Tiny.Outputs),
            (Tiny.Fit(Tiny.Encoding("Frames")), ["Encoded"]),
            (Tiny.Fit(Tiny.Classification("Text")), ["PredictedLabel", "Score"]),
            (Tiny.Fit(Tiny.Labeling("WordKeys")), ["PredictedLabel", "Score"]),
        ];
        foreach ((SequenceTransformer transformer, string[] outputs) in all)
        {
            transformer.SaveSafetensors(_path);
            SequenceTransformer back = _ml.Model.LoadSafetensors(_path);
            Assert.Equal(transformer.GetType(), back.GetType());
            Assert.Equal(
                Bits.Of(transformer.Transform(fitted.Data), outputs), Bits.Of(back.Transform(fitted.Data), outputs));
        }
    }

    [Fact]
    public void LoadSafetensors_OfANetworkAlone_SaysThatItIsNoTransformer()
    {
        var form = new SequenceForm { MaxLength = 4, TokenCount = 3 };
        using (var network = new SequenceEncoder(form, new() { Width = 8, Heads = 1 }, new CpuDevice()))
        using (FileStream stream = File.Create(_path))
            network.Save(stream);
        var error = Assert.Throws<InvalidDataException>(() => _ml.Model.LoadSafetensors(_path));
        Assert.Contains(_path, error.Message);
        Assert.Contains("'mlnet.version' is missing", error.Message);
    }

    public void Dispose() => File.Delete(_path);
}

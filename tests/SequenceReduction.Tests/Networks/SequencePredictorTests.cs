using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

public sealed class SequencePredictorTests : IDisposable
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 13, TokenCount = 11 };
    private static readonly SequenceForm _frames = new() { MaxLength = 13, FrameWidth = 3 };
    private static readonly SequencePredictorOptions _small = new()
    {
        Encoder = new() { Width = 16, Heads = 2, Blocks = 1 },
        Classes = 3,
    };

    private readonly CpuDevice _device = new(2);

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public void Saved_equals_loaded(int classes)
    {
        using var network = new SequencePredictor(
            _tokens, _small with { Classes = classes, ClassWeights = classes > 0 ? [1, 2, 3] : null }, _device, seed: 9);
        using var file = new MemoryStream();
        network.Save(file, new Dictionary<string, string> { ["note"] = "x" });
        file.Position = 0;
        (SequencePredictor loaded, IReadOnlyDictionary<string, string> metadata) = SequencePredictor.Load(file, _device);
        using (loaded)
        {
            Assert.Equal("x", metadata["note"]);
            Assert.Equal(network.Facts, loaded.Facts);
            SequenceBatch batch = Sequences.Batch(_tokens, 13, 4);
            Assert.Equal(network.Score(batch), loaded.Score(batch));
        }
    }

    public void Dispose() => _device.Dispose();
}

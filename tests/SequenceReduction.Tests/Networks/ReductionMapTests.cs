using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;

namespace SequenceReduction.Tests.Networks;

public sealed class ReductionMapTests
{
    private static readonly SequenceForm _form = new() { MaxLength = 13, TokenCount = 5 };
    private static readonly SequenceRow[] _rows =
        [SequenceRow.OfTokens(new[] { 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2 }), SequenceRow.OfTokens(new[] { 4, 3 })];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_latents_weights_sum_to_one_over_what_was_read(int stages)
    {
        using var device = new CpuDevice(1);
        using var network = new ReducingAutoencoder(_form, Make with { Stages = stages, CopyingStart = false }, device);
        var batch = new SequenceBatch(_rows, _form);

        IReadOnlyList<ReductionMap> maps = network.Attend(batch);

        Assert.Equal(2, maps.Count);
        Assert.All(maps, map => Assert.All(
            map.Weights.Chunk(map.Tokens), weights => Assert.Equal(1, weights.Sum(), 1e-5)));
        Assert.All(maps[1].Weights.Chunk(13), weights => Assert.All(weights[3..], weight => Assert.Equal(0, weight)));
    }

    [Fact]
    public void A_copying_start_looks_at_its_own_window()
    {
        using var device = new CpuDevice(1);
        var form = new SequenceForm { MaxLength = 12, TokenCount = 5 };
        using var network = new ReducingAutoencoder(form, Make, device);

        ReductionMap map = network.Attend(new SequenceBatch([_rows[0]], form))[0];

        for (int latent = 0; latent < 3; latent++)
        {
            double within = Enumerable.Range(4 * latent, 4).Sum(token => map.Mean(latent, token));
            Assert.InRange(within, 0.9, 1);
        }
    }

    [Fact]
    public void Yoso_has_no_map_and_says_so()
    {
        using var device = new CpuDevice(1);
        using var network = new ReducingAutoencoder(
            _form, Make with { ReductionAttention = AttentionKind.Yoso(), CopyingStart = false }, device);

        var error = Assert.Throws<InvalidOperationException>(() => network.Attend(new SequenceBatch(_rows, _form)));

        Assert.Contains("ReductionAttention", error.Message);
    }

    private static ReducingAutoencoderOptions Make => new() { LatentLength = 3, Width = 32, Heads = 2 };
}

using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;
using static SequenceReduction.Tests.Devices.AttentionAssert;

namespace SequenceReduction.Tests.Devices;

/// <summary>Causal attention with keys by distance.</summary>
public class RelativeKeyTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1)]
    [InlineData(2, 3, 7, 5, 5, 3)]
    [InlineData(2, 2, 16, 64, 8, 64)]
    [InlineData(3, 2, 64, 64, 16, 100)]
    [InlineData(1, 2, 70, 130, 33, 17)]
    [InlineData(1, 2, 300, 300, 12, 129)]
    [InlineData(1, 1, 245, 258, 9, 200)]
    [InlineData(1, 1, 13, 257, 80, 1)]
    public void ResultsAndGradientsAreThoseOfTheDefinition(
        int batch, int heads, int queries, int keys, int width, int distances)
    {
        AssertMatches(new AttentionCase(batch, heads, queries, keys, width, causal: true, distances: distances));
        AssertMatches(new AttentionCase(batch, heads, queries, keys, width, true, bias: true, distances));
        AssertMatches(new AttentionCase(batch, heads, queries, keys, width, true, distances: distances)
        {
            Valid = Holes(batch, keys),
        });
    }

    [Fact]
    public void MorePlacesThanGroupsHoldAreTakenInSeveralGroups() =>
        AssertMatches(new AttentionCase(1, 1, 130, 1500, 4, causal: true, distances: 1400));

    [Fact]
    public void QueriesKeysAndValuesMayShareATensor() =>
        AssertMatches(new AttentionCase(2, 3, 75, 75, 7, causal: true, distances: 40) { Packed = true });

    [Fact]
    public void AQueryThatSeesNoKeyGivesZerosAndTakesNoGradient()
    {
        var given = new AttentionCase(2, 2, 9, 6, 5, causal: true, distances: 4) { Valid = new byte[12] };
        given.Valid.AsSpan(6).Fill(1);
        AssertMatches(given);
        Assert.All(given.Run().DQ[..(9 * 10)], dq => Assert.Equal(0, dq));
    }

    [Fact]
    public void TheirGradientIsAddedToWhatIsThereAndMayBeLeftOut()
    {
        using Device device = TestedDevices.New(2);
        using var graph = new Graph(device);
        var given = new AttentionCase(2, 2, 40, 80, 16, causal: true, distances: 30);
        AttentionResult expected = given.Run(2);
        AttentionCall call = given.Call(graph);
        Tensor y = graph.New(new Shape(2, 40, 32)), kept = graph.New(new Shape(2, 2, 40));
        Tensor dy = graph.Constant(given.DY, y.Shape), dRelativeKeys = graph.New(call.RelativeKeys!.Shape);
        Columns dq = Columns.All(graph.New(y.Shape)), dk = Columns.All(graph.New(new Shape(2, 80, 32)));
        device.Attention(call, y, kept);
        device.Fill(dRelativeKeys, 8);
        device.AttentionBackward(call, y, kept, dy, dq, dk, dk, null, dRelativeKeys);
        float[] sums = dRelativeKeys.ToArray();
        for (int i = 0; i < sums.Length; i++)
            Assert.Equal(8 + expected.DRelativeKeys[i], sums[i], 1e-5);
        device.AttentionBackward(call, y, kept, dy, dq, dk, dk, null, null);
        Assert.Equal(expected.DQ, dq.Source.ToArray());
    }
}

using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Operations;

public sealed class TokenRangeTests : IDisposable
{
    private readonly CpuDevice _device = new(1);
    private readonly Graph _graph;

    public TokenRangeTests() => _graph = new Graph(_device);

    public void Dispose()
    {
        _graph.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void PartsStandOneAfterAnotherAndSlicesGiveThemBack()
    {
        Tensor a = Numbers(1, 2, 1, 2), b = Numbers(11, 2, 3, 2), all = _graph.ConcatTokens(a, b);
        Assert.Equal(new Shape(2, 4, 2), all.Shape);
        Assert.Equal([1f, 2, 11, 12, 13, 14, 15, 16, 3, 4, 17, 18, 19, 20, 21, 22], all.ToArray());
        Assert.Equal(a.ToArray(), _graph.SliceTokens(all, 0, 1).ToArray());
        Assert.Equal(b.ToArray(), _graph.SliceTokens(all, 1, 3).ToArray());
    }

    [Fact]
    public void OnePartAndTheWholeRangeAreTheTensorItself()
    {
        Tensor x = Numbers(1, 2, 3, 2);
        Assert.Same(x, _graph.ConcatTokens(x));
        Assert.Same(x, _graph.SliceTokens(x, 0, 3));
    }

    [Fact]
    public void RangesAndPartsThatDoNotFitAreRefused()
    {
        Tensor x = Numbers(1, 2, 3, 2);
        Assert.Contains("2 tokens from 2 on", Assert.Throws<ShapeException>(() => _graph.SliceTokens(x, 2, 2)).Message);
        Assert.Throws<ShapeException>(() => _graph.SliceTokens(x, -1, 2));
        Assert.Throws<ShapeException>(() => _graph.SliceTokens(x, 1, int.MaxValue));
        Assert.Throws<ShapeException>(() => _graph.ConcatTokens());
        Assert.Throws<ShapeException>(() => _graph.ConcatTokens(x, Numbers(1, 2, 3, 1)));
        Assert.Throws<ShapeException>(() => _graph.ConcatTokens(x, Numbers(1, 1, 3, 2)));
    }

    [Fact]
    public void RelativeKeysNeedCausalAttentionAndTheHeadsWidth()
    {
        Columns x = Columns.All(Numbers(1, 2, 3, 4));
        var call = new AttentionCall(x, x, x, 2, 1, null, true, null, Numbers(1, 5, 2));
        Assert.Equal(new Shape(2, 3, 4), _graph.Attention(call).Shape);
        Assert.Contains(
            "Set Causal", Assert.Throws<ShapeException>(() => _graph.Attention(call with { Causal = false })).Message);
        Assert.Contains("[R, 2]", Refused(Numbers(1, 5, 4)));
        Assert.Contains("[R, 2]", Refused(Numbers(1, 0, 2)));
        Assert.Contains("[R, 2]", Refused(Numbers(1, 1, 5, 2)));
        string Refused(Tensor relativeKeys) => Assert.Throws<ShapeException>(
            () => _graph.Attention(call with { RelativeKeys = relativeKeys })).Message;
    }

    private Tensor Numbers(int first, params int[] axes)
    {
        Shape shape = Shape.Of(axes);
        return _graph.Constant([.. Enumerable.Range(first, (int)shape.Count).Select(i => (float)i)], shape);
    }
}

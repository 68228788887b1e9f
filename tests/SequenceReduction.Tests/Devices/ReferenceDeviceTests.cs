using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Devices;

/// <summary>The definition of the operations, on numbers worked out by hand.</summary>
public class ReferenceDeviceTests
{
    private static readonly ReferenceDevice _device = new();

    [Fact]
    public void NewMemoryIsNotANumberAndFreedMemoryCannotBeRead()
    {
        Tensor tensor = New(2);
        Assert.True(double.IsNaN(ReferenceDevice.Values(tensor)[1]));
        tensor.Storage.Release();
        Assert.Throws<ObjectDisposedException>(() => ReferenceDevice.Values(tensor)[0]);
    }

    [Fact]
    public void Linear()
    {
        Tensor x = Of([1, 2], 1, 2), weight = Of([3, 4, 5, 6, 7, 8], 3, 2), y = New(1, 3), dy = Of([1, 10, 100], 1, 3);
        _device.Linear(x, weight, Of([0.5f, 0, -1], 3), null, y);
        AssertValues(y, 11.5, 17, 22);
        _device.Linear(x, weight, null, Of([1, 2, 3], 1, 3), y);
        AssertValues(y, 12, 19, 26);
        Tensor dx = New(1, 2), dWeight = Of([1, 1, 1, 1, 1, 1], 3, 2), dBias = Of([1, 1, 1], 3);
        _device.LinearBackwardInput(dy, weight, dx, adds: false);
        AssertValues(dx, 753, 864);
        _device.LinearBackwardInput(dy, weight, dx, adds: true);
        AssertValues(dx, 2 * 753, 2 * 864);
        _device.LinearBackwardWeight(dy, x, dWeight, dBias);
        AssertValues(dWeight, 2, 3, 11, 21, 101, 201);
        AssertValues(dBias, 2, 11, 101);
    }

    [Fact]
    public void MatMul()
    {
        Tensor a = Of([1, 2, 3, 4], 2, 2), b = Of([1, 0, 0, 1, 10, 20, 30, 40], 2, 2, 2), c = New(2, 2, 2);
        _device.MatMul(a, false, b, false, c, adds: false);
        AssertValues(c, 1, 2, 3, 4, 70, 100, 150, 220);
        _device.MatMul(a, true, b, true, c, adds: true);
        AssertValues(c, 1 + 1, 2 + 3, 3 + 2, 4 + 4, 70 + 70, 100 + 150, 150 + 100, 220 + 220);
        Tensor sum = New(2, 2);
        _device.MatMul(b, false, b, false, sum, adds: false);
        AssertValues(sum, 701, 1000, 1500, 2201);
    }

    [Fact]
    public void Attention()
    {
        // One head of width 1. The first query sees one key; the second has logits 0 and ln 3.
        Tensor q = Of([5, 1], 1, 2, 1), k = Of([0, MathF.Log(3)], 1, 2, 1), v = Of([4, 8], 1, 2, 1), y = New(1, 2, 1);
        Tensor logSumExp = New(1, 1, 2);
        var call = new AttentionCall(Columns.All(q), Columns.All(k), Columns.All(v), 1, 1, null, true, null);
        _device.Attention(call, y, logSumExp);
        AssertValues(y, 4, 7);
        AssertValues(logSumExp, 0, Math.Log(4));
        Tensor dq = New(1, 2, 1), dk = New(1, 2, 1), dv = New(1, 2, 1), dy = Of([1, 1], 1, 2, 1);
        _device.AttentionBackward(
            call, y, logSumExp, dy, Columns.All(dq), Columns.All(dk), Columns.All(dv), null, null);
        AssertValues(dv, 1.25, 0.75);
        AssertValues(dk, -0.75, 0.75);
        AssertValues(dq, 0, 0.75 * Math.Log(3));
    }

    [Fact]
    public void AttentionWithRelativeBiasAndMask()
    {
        Tensor zero = Of([0, 0, 0], 1, 3, 1), v = Of([1, 10, 100], 1, 3, 1), y = New(1, 3, 1), logSumExp = New(1, 1, 3);
        Tensor table = Of([0, MathF.Log(2), 0, MathF.Log(3), 0], 1, 5);
        var mask = new TokenMask(new byte[] { 1, 0, 1 }, 1, 3);
        var call = new AttentionCall(
            Columns.All(zero), Columns.All(zero), Columns.All(v), 1, 1, mask, false,
            new RelativeBias(table, new[] { 0, 1, 2 }, 2));
        _device.Attention(call, y, logSumExp);
        AssertValues(y, 50.5, (2 * 1 + 3 * 100) / 5.0, 50.5);
        Tensor d = New(1, 3, 1), dTable = Of([0, 0, 0, 0, 0], 1, 5);
        _device.AttentionBackward(
            call, y, logSumExp, Of([0, 1, 0], 1, 3, 1), Columns.All(d), Columns.All(New(1, 3, 1)),
            Columns.All(New(1, 3, 1)), dTable, null);
        AssertValues(dTable, 0, 0.4 * (1 - 60.4), 0, 0.6 * (100 - 60.4), 0);
    }

    [Fact]
    public void AttentionWithRelativeKeys()
    {
        // Keys are 0, so a query's logits are ln 2 and 0 for distances 0 and 1; distance 2 counts as 1.
        Tensor q = Of([1, 1, 1], 1, 3, 1), zero = Of([0, 0, 0], 1, 3, 1), v = Of([1, 10, 100], 1, 3, 1);
        Tensor table = Of([MathF.Log(2), 0], 2, 1), y = New(1, 3, 1), logSumExp = New(1, 1, 3);
        var call = new AttentionCall(
            Columns.All(q), Columns.All(zero), Columns.All(v), 1, 1, null, true, null, RelativeKeys: table);
        _device.Attention(call, y, logSumExp);
        AssertValues(y, 1, (1 + 2 * 10) / 3.0, (1 + 10 + 2 * 100) / 4.0);
        AssertValues(logSumExp, Math.Log(2), Math.Log(3), Math.Log(4));
        Tensor dq = New(1, 3, 1), dTable = Of([1, 1], 2, 1);
        _device.AttentionBackward(
            call, y, logSumExp, Of([0, 0, 1], 1, 3, 1), Columns.All(dq), Columns.All(New(1, 3, 1)),
            Columns.All(New(1, 3, 1)), null, dTable);
        double nearest = 0.5 * (100 - 211 / 4.0);
        AssertValues(dTable, 1 + nearest, 1 - nearest);
        AssertValues(dq, 0, 0, nearest * Math.Log(2));
    }

    [Fact]
    public void LayerNorm()
    {
        Tensor x = Of([1, 3], 1, 2), gain = Of([2, 3], 2), y = New(1, 2), statistics = New(1, 2);
        _device.LayerNorm(x, gain, Of([10, 20], 2), 0, y, statistics);
        AssertValues(y, 8, 23);
        AssertValues(statistics, 2, 1);
        Tensor dx = New(1, 2), dGain = Of([0, 0], 2), dBias = Of([0, 1], 2);
        _device.LayerNormBackward(Of([1, 5], 1, 2), x, gain, statistics, dx, adds: false, dGain, dBias);
        AssertValues(dx, 0, 0); // two numbers always normalise to −1 and 1
        AssertValues(dGain, -1, 5);
        AssertValues(dBias, 1, 6);
    }

    [Theory]
    [InlineData(ActivationKind.Gelu, 1, 0.8413447460685429, 1.0833154705876864)]
    [InlineData(ActivationKind.Gelu, -2, -0.0455002638963584, -0.0852318456640)]
    [InlineData(ActivationKind.GeluTanh, 1, 0.8411919906082768, 1.0829640838457826)]
    [InlineData(ActivationKind.Relu, -2, 0, 0)]
    [InlineData(ActivationKind.Relu, 3, 3, 1)]
    public void Activation(ActivationKind kind, float x, double value, double slope)
    {
        Tensor at = Of([x], 1), y = New(1), dx = New(1);
        _device.Activate(kind, at, y);
        AssertValues(y, value);
        _device.ActivateBackward(kind, at, Of([2], 1), dx);
        AssertValues(dx, 2 * slope);
    }

    [Fact]
    public void EmbeddingAndRows()
    {
        Tensor y = New(3, 2), dTable = Of([0, 0, 0, 0], 2, 2), dy = Of([1, 2, 3, 4, 5, 6], 3, 2);
        int[] ids = [1, -1, 1];
        _device.Embedding(Of([1, 2, 3, 4], 2, 2), ids, y);
        AssertValues(y, 3, 4, 0, 0, 3, 4);
        _device.EmbeddingBackward(dy, ids, dTable);
        AssertValues(dTable, 0, 0, 6, 8);
        Tensor added = New(2, 1, 2), dRows = Of([0, 0, 7, 7], 2, 2);
        _device.AddRows(Of([1, 2, 3, 4], 2, 1, 2), Of([10, 20, 30, 40], 2, 2), added);
        AssertValues(added, 11, 22, 13, 24);
        _device.AddRowsBackward(added, dRows);
        AssertValues(dRows, 24, 46, 7, 7);
    }

    [Fact]
    public void Tokens()
    {
        Tensor x = Of([1, 2, 3, 4], 1, 4, 1), gathered = New(1, 3, 1), dx = New(1, 4, 1), pooled = New(1, 3, 1);
        int[] index = [3, 0, 3], starts = [0, 2, 4, 9];
        _device.GatherTokens(x, index, gathered);
        AssertValues(gathered, 4, 1, 4);
        _device.GatherTokensBackward(Of([1, 10, 100], 1, 3, 1), index, dx);
        AssertValues(dx, 10, 0, 0, 101);
        var mask = new TokenMask(new byte[] { 1, 1, 0, 1 }, 1, 4);
        _device.PoolTokens(x, mask, starts, pooled);
        AssertValues(pooled, 1.5, 4, 0);
        _device.PoolTokensBackward(Of([1, 10, 100], 1, 3, 1), mask, starts, dx);
        AssertValues(dx, 0.5, 0.5, 0, 10);
        _device.MaskTokens(x, mask, dx);
        AssertValues(dx, 1, 2, 0, 4);
    }

    [Fact]
    public void SoftmaxAndNormalize()
    {
        Tensor y = New(2, 1, 2), dx = New(2, 1, 2);
        var mask = new TokenMask(new byte[] { 1, 1, 0, 0 }, 2, 2);
        _device.Softmax(Of([1000, 1000 + MathF.Log(3), 1, 2], 2, 1, 2), mask, y);
        AssertClose(y, 1e-4, 0.25, 0.75, 0, 0);
        _device.SoftmaxBackward(Of([0.25f, 0.75f, 0, 0], 2, 1, 2), Of([4, 8, 1, 1], 2, 1, 2), dx);
        AssertValues(dx, -0.75, 0.75, 0, 0);
        Tensor x = Of([3, 4, 0, 0], 2, 2), unit = New(2, 2), dUnit = New(2, 2);
        _device.Normalize(x, 0.5f, unit);
        AssertValues(unit, 0.6, 0.8, 0, 0);
        _device.NormalizeBackward(x, Of([5, 0, 1, 0], 2, 2), 0.5f, dUnit);
        AssertValues(dUnit, 0.64, -0.48, 2, 0);
    }

    [Fact]
    public void DropoutScalesWhatItKeeps()
    {
        Tensor x = Of([.. Enumerable.Repeat(3f, 1000)], 1000), y = New(1000);
        _device.Dropout(x, 0.25f, 11, y);
        double[] values = ReferenceDevice.Values(y).ToArray();
        Assert.All(values, value => Assert.True(value is 0 or 4));
        Assert.InRange(values.Count(value => value == 0), 200, 300);
    }

    [Fact]
    public void Losses()
    {
        Tensor logits = Of([0, MathF.Log(3), 5, 5], 2, 2), rowLoss = New(2), d = New(2, 2);
        _device.CrossEntropy(logits, new[] { 1, -1 }, default, 0, 2, rowLoss, d);
        AssertValues(rowLoss, -Math.Log(0.75), 0);
        AssertValues(d, 0.5, -0.5, 0, 0);
        _device.CrossEntropy(logits, new[] { 1, 0 }, default, 0.2f, 1, rowLoss, d);
        AssertValues(rowLoss, -0.9 * Math.Log(0.75) - 0.1 * Math.Log(0.25), Math.Log(2));
        AssertValues(d, 0.25 - 0.1, 0.75 - 0.9, 0.5 - 0.9, 0.5 - 0.1);
        _device.SquaredError(logits, Of([1, MathF.Log(3), 9, 9], 2, 2), new float[] { 1, 0 }, 3, rowLoss, d);
        AssertValues(rowLoss, 0.5, 0);
        AssertValues(d, -3, 0, 0, 0);
        var index = new int[2];
        _device.ArgMax(logits, index);
        Assert.Equal([1, 0], index);
    }

    [Fact]
    public void SumsAndAdamW()
    {
        Tensor p = Of([1, 1], 2), gradient = Of([4, -8], 2), m = Of([0, 0], 2), v = Of([0, 0], 2);
        Assert.Equal(-4, _device.Sum(gradient));
        Assert.Equal(80, _device.SumOfSquares(gradient));
        _device.AdamW(p, gradient, m, v, new AdamWStep(0.1, 0.9, 0.99, 0, 0.5, 1, 0.25, 1));
        AssertValues(p, 0.95 - 0.1, 1 + 0.1);
        AssertValues(m, 0.1, -0.2);
        AssertValues(v, 0.01, 0.04);
    }

    private static Tensor New(params int[] axes) => new(_device.Allocate(Shape.Of(axes).Count), 0, Shape.Of(axes));

    private static Tensor Of(float[] values, params int[] axes)
    {
        Tensor tensor = New(axes);
        _device.Upload(values, tensor);
        return tensor;
    }

    private static void AssertValues(Tensor actual, params double[] expected) => AssertClose(actual, 2e-6, expected);

    private static void AssertClose(Tensor actual, double tolerance, params double[] expected)
    {
        double[] values = ReferenceDevice.Values(actual).ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], values[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
    }
}

using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Devices;

/// <summary>The processor's element-wise kernels against the reference device.</summary>
public class ElementwiseTests
{
    /// <summary>Rows and widths: every remainder of a vector's length, primes, and some for several threads.</summary>
    public static TheoryData<int, int> Rows
    {
        get
        {
            var rows = new TheoryData<int, int>
            {
                { 1, 257 }, { 23, 48 }, { 307, 97 }, { 3, 9001 }, { 2100, 11 }, { 20011, 1 },
            };
            for (int width = 1; width <= 67; width++)
                rows.Add(3, width);
            return rows;
        }
    }

    /// <summary>Batch, tokens and width.</summary>
    public static TheoryData<int, int, int> Sequences => new()
    {
        { 1, 1, 1 }, { 2, 7, 5 }, { 3, 11, 16 }, { 5, 13, 31 }, { 2, 1, 70 }, { 17, 31, 67 }, { 2, 257, 64 },
    };

    [Fact]
    public void EveryCountFrom0To257()
    {
        for (int n = 0; n <= 257; n++)
            KernelTrial.Compare(k =>
            {
                Tensor x = k.Input(n), z = k.Input(n), y = k.Result(n);
                k.Device.Fill(k.Result(n), 1.5f);
                k.Device.Copy(x, k.Result(n));
                k.Device.Add(x, z, y);
                k.Device.Scale(y, -1.25f, y);
                k.Device.Activate(ActivationKind.Gelu, x, k.Result(n));
            });
    }

    [Fact]
    public void Arithmetic() => KernelTrial.Compare(k =>
    {
        Tensor a = k.Changed(131, 257), b = k.Input(131, 257);
        k.Device.Fill(k.Result(40001), -7);
        k.Device.Copy(b, k.Result(131, 257));
        k.Device.Add(a, b, a);
        k.Device.Scale(b, 0.3f, k.Result(131, 257));
    });

    [Theory]
    [InlineData(ActivationKind.Gelu)]
    [InlineData(ActivationKind.GeluTanh)]
    [InlineData(ActivationKind.Relu)]
    public void Activation(ActivationKind kind)
    {
        foreach (float range in (float[])[1e-3f, 1, 4, 12, 200])
            KernelTrial.Compare(
                k =>
                {
                    Tensor x = k.Input(i => (i - 20000) / 20000f * range, 40001);
                    k.Device.Activate(kind, x, k.Result(40001));
                    k.Device.ActivateBackward(kind, x, k.Input(_ => 1, 40001), k.Result(40001));
                    k.Device.ActivateBackward(kind, x, k.Input(40001), k.Result(40001));
                },
                tolerance: 1e-6);
    }

    [Theory, MemberData(nameof(Rows))]
    public void LayerNorm(int rows, int width) => KernelTrial.Compare(k =>
    {
        Tensor x = k.Input(rows, width), gain = k.Input(width), bias = k.Input(width), dy = k.Input(rows, width);
        Tensor statistics = k.Result(rows, 2);
        k.Device.LayerNorm(x, gain, bias, 1e-2f, k.Result(rows, width), statistics);
        k.Device.LayerNorm(x, gain, bias, 1e-2f, k.Result(rows, width), null);
        k.Device.LayerNormBackward(
            dy, x, gain, statistics, k.Result(rows, width), adds: false, k.Changed(width), k.Changed(width));
        k.Device.LayerNormBackward(dy, x, gain, statistics, k.Changed(rows, width), adds: true, null, null);
        k.Device.LayerNormBackward(dy, x, gain, statistics, null, adds: false, null, k.Changed(width));
        k.Device.LayerNormBackward(dy, x, gain, statistics, null, adds: false, k.Changed(width), null);
    });

    [Theory, MemberData(nameof(Sequences))]
    public void Embedding(int batch, int tokens, int width) => KernelTrial.Compare(k =>
    {
        int[] ids = k.Integers(batch * tokens, -1, 9);
        k.Device.Embedding(k.Input(9, width), ids, k.Result(batch, tokens, width));
        k.Device.EmbeddingBackward(k.Input(batch, tokens, width), ids, k.Changed(9, width));
    });

    [Theory, MemberData(nameof(Sequences))]
    public void AddRows(int batch, int tokens, int width) => KernelTrial.Compare(k =>
    {
        Tensor x = k.Changed(batch, tokens, width), rows = k.Input(tokens + 2, width);
        k.Device.AddRows(x, rows, k.Result(batch, tokens, width));
        k.Device.AddRows(x, rows, x);
        k.Device.AddRowsBackward(x, k.Changed(tokens + 2, width));
    });

    [Theory, MemberData(nameof(Sequences))]
    public void GatherTokens(int batch, int tokens, int width) => KernelTrial.Compare(k =>
    {
        int[] index = k.Integers(2 * tokens / 3 + 1, 0, tokens);
        k.Device.GatherTokens(k.Input(batch, tokens, width), index, k.Result(batch, index.Length, width));
        k.Device.GatherTokensBackward(k.Input(batch, index.Length, width), index, k.Result(batch, tokens, width));
    });

    [Theory, MemberData(nameof(Sequences))]
    public void CopyTokens(int batch, int tokens, int width) => KernelTrial.Compare(k =>
    {
        k.Device.CopyTokens(k.Input(batch, tokens + 2, width), 1, k.Changed(batch, tokens + 5, width), 3, tokens);
        k.Device.CopyTokens(k.Input(batch, tokens, width), 0, k.Result(batch, tokens, width), 0, tokens);
    });

    [Theory, MemberData(nameof(Sequences))]
    public void PoolTokens(int batch, int tokens, int width) => KernelTrial.Compare(k =>
    {
        TokenMask mask = k.Mask(batch, tokens);
        int[] starts = [0, tokens / 3, tokens / 3, tokens / 2, tokens + 3, tokens + 9];
        k.Device.PoolTokens(k.Input(batch, tokens, width), mask, starts, k.Result(batch, 5, width));
        k.Device.PoolTokensBackward(k.Input(batch, 5, width), mask, starts, k.Result(batch, tokens, width));
    });

    [Theory, MemberData(nameof(Sequences))]
    public void MaskTokens(int batch, int tokens, int width) => KernelTrial.Compare(k =>
    {
        TokenMask mask = k.Mask(batch, tokens);
        Tensor x = k.Changed(batch, tokens, width);
        k.Device.MaskTokens(x, mask, k.Result(batch, tokens, width));
        k.Device.MaskTokens(x, mask, x);
    });

    [Theory, MemberData(nameof(Rows))]
    public void Softmax(int rows, int width) => KernelTrial.Compare(k =>
    {
        Tensor x = k.Input(i => 5 * (float)Math.Sin(i), rows, width), y = k.Result(rows, width);
        k.Device.Softmax(x, null, y);
        k.Device.SoftmaxBackward(y, k.Input(rows, width), k.Result(rows, width));
    });

    [Theory, MemberData(nameof(Sequences))]
    public void MaskedSoftmax(int batch, int windows, int tokens) => KernelTrial.Compare(k =>
    {
        TokenMask mask = k.Mask(batch, tokens);
        Tensor x = k.Changed(batch, windows, tokens);
        k.Device.Softmax(x, mask, k.Result(batch, windows, tokens));
        k.Device.Softmax(x, mask, x);
    });

    [Theory, MemberData(nameof(Rows))]
    public void Normalize(int rows, int width) => KernelTrial.Compare(k =>
    {
        Tensor x = k.Input(i => i / width == 1 ? 0 : (float)Math.Cos(i), rows, width), dy = k.Input(rows, width);
        k.Device.Normalize(x, 1e-3f, k.Result(rows, width));
        k.Device.NormalizeBackward(x, k.Input(rows, width), 1e-3f, k.Result(rows, width));
        k.Device.NormalizeBackward(x, dy, 1e6f, k.Result(rows, width));
    });

    [Theory, MemberData(nameof(Sequences))]
    public void Dropout(int batch, int tokens, int width) => KernelTrial.Compare(k =>
    {
        foreach (float rate in (float[])[0, 0.1f, 0.5f, 0.93f])
            k.Device.Dropout(
                k.Input(batch, tokens, width), rate, 0x9E3779B97F4A7C15, k.Result(batch, tokens, width));
    });

    [Theory, MemberData(nameof(Rows))]
    public void CrossEntropy(int rows, int classes) => KernelTrial.Compare(k =>
    {
        Tensor logits = k.Changed(rows, classes);
        int[] labels = k.Integers(rows, -1, classes);
        float[] weights = k.Weights(rows);
        foreach (float smoothing in (float[])[0, 0.1f])
        {
            k.Device.CrossEntropy(logits, labels, default, smoothing, 0.7f, k.Result(rows), k.Result(rows, classes));
            k.Device.CrossEntropy(logits, labels, weights, smoothing, 0.7f, k.Result(rows), k.Result(rows, classes));
            k.Device.CrossEntropy(logits, labels, weights, smoothing, 0.7f, k.Result(rows), null);
        }

        k.Device.CrossEntropy(logits, labels, default, 0, 1, k.Result(rows), logits);
    });

    [Theory, MemberData(nameof(Rows))]
    public void SquaredError(int rows, int width) => KernelTrial.Compare(k =>
    {
        Tensor x = k.Input(rows, width), target = k.Input(rows, width);
        float[] weights = k.Weights(rows);
        k.Device.SquaredError(x, target, weights, 0.3f, k.Result(rows), k.Result(rows, width));
        k.Device.SquaredError(x, target, weights, 0.3f, k.Result(rows), null);
    });

    [Theory, MemberData(nameof(Rows))]
    public void ArgMax(int rows, int width) => KernelTrial.Compare(k =>
    {
        var index = new int[rows];
        k.Device.ArgMax(k.Input(i => i * 7919L % 31 - 40, rows, width), index);
        k.Device.Upload([.. index.Select(i => (float)i)], k.Result(rows));
    });
}

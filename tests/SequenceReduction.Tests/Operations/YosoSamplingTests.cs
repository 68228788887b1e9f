using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Operations;

/// <summary>What sampled YOSO attention promises beside its numbers.</summary>
public class YosoSamplingTests
{
    private const int Heads = 2, Width = 16;

    [Fact]
    public void Gaussian_hashing_is_unbiased_within_four_standard_errors()
    {
        const int seeds = 1000;
        var shape = new Shape(1, 6, 8);
        float[] x = Draw(1, shape), v = Draw(2, shape);
        using var device = new CpuDevice(1);
        float[] Attend(HashFunctions? functions)
        {
            using var graph = new Graph(device);
            Columns tokens = Columns.All(graph.Constant(x, shape)), values = Columns.All(graph.Constant(v, shape));
            YosoGradient gradient = functions is null ? YosoGradient.Surrogate : YosoGradient.Sampled;
            var call = new YosoCall(tokens, tokens, values, 1, 4, functions, gradient) { Normalizes = false };
            return graph.Yoso(call).ToArray();
        }

        float[] expected = Attend(null);
        double[] sums = new double[expected.Length], squares = new double[expected.Length];
        for (int seed = 0; seed < seeds; seed++)
        {
            float[] sample = Attend(new HashFunctions(HashKind.Gaussian, 8, 4, (ulong)seed, false));
            for (int i = 0; i < sample.Length; i++)
            {
                sums[i] += sample[i];
                squares[i] += (double)sample[i] * sample[i];
            }
        }

        for (int i = 0; i < expected.Length; i++)
        {
            double mean = sums[i] / seeds, error = Math.Sqrt((squares[i] / seeds - mean * mean) / (seeds - 1));
            Assert.True(
                Math.Abs(mean - expected[i]) <= 4 * error + 1e-6,
                $"element {i}: {mean} ± {error}, expected {expected[i]}");
        }
    }

    [Theory]
    [InlineData(0.5, 0.026012)]
    [InlineData(0.9, 0.24788)]
    public void Hadamard_hashing_collides_slightly_less_often_than_in_theory(double cosine, double theory)
    {
        // Measured by the reference of the facts, 64 wide, 9 bits: 0.0232 and 0.2421.
        double share = CollisionShare(HashKind.Hadamard, cosine);
        Assert.InRange(share, 0.8 * theory, 1.02 * theory);
    }

    [Theory]
    [InlineData(0.5, 0.026012)]
    [InlineData(0.9, 0.24788)]
    public void Gaussian_hashing_collides_as_often_as_in_theory(double cosine, double theory) =>
        Assert.InRange(CollisionShare(HashKind.Gaussian, cosine), 0.95 * theory, 1.05 * theory);

    [Theory]
    [InlineData(40)]
    [InlineData(700)]
    public void Padding_does_not_change_a_result(int tokens)
    {
        float[] x = Draw(3, new Shape(1, tokens, 3 * Heads * Width));
        float[] alone = Attend(x, tokens, 1, tokens, 2);
        float[] padded = Attend([.. x, .. Draw(4, new Shape(1, 29, 3 * Heads * Width))], tokens + 29, 1, tokens, 2);
        Assert.Equal(alone, padded[..alone.Length]);
        Assert.All(padded[alone.Length..], value => Assert.Equal(0, value));
    }

    /// <summary>Nearly enough pairs collide for whole buckets; how many codes share a bucket depends on padding.</summary>
    [Fact]
    public void Padding_does_not_decide_how_collisions_are_summed()
    {
        const int tokens = 100, padding = 600, distinct = 77, bits = 12, step = Heads * Width;
        float[] drawn = Draw(11, new Shape(1, distinct, step));
        float[] x = [.. Enumerable.Range(0, 3 * tokens).SelectMany(i => drawn[(i / 3 % distinct * step)..][..step])];
        float[] alone = Attend(x, tokens, 1, tokens, 2, bits);
        float[] padded = Attend([.. x, .. new float[3 * padding * step]], tokens + padding, 1, tokens, 2, bits);
        Assert.Equal(alone, padded[..alone.Length]);
    }

    [Fact]
    public void What_a_masked_token_holds_reaches_neither_results_nor_gradients()
    {
        const int tokens = 30, step = Heads * Width;
        var shape = new Shape(1, tokens, 3 * step);
        float[] x = Draw(9, shape), dy = Draw(10, new Shape(1, tokens, step));
        byte[] valid = [.. Enumerable.Range(0, tokens).Select(t => (byte)(t % 5 == 2 ? 0 : 1))];
        var mask = new TokenMask(valid, 1, tokens);
        (float[] Y, float[] D) Run(float masked)
        {
            float[] held = [.. x.Select((value, i) => valid[i / (3 * step)] == 0 ? masked : value)];
            float[] gradient = [.. dy.Select((value, i) => valid[i / step] == 0 ? masked : value)];
            using var device = new CpuDevice(2);
            using var graph = new Graph(device, recording: true);
            Tensor packed = graph.Variable(held, shape);
            Tensor y = graph.Yoso(new YosoCall(
                new Columns(packed, 0, step), new Columns(packed, step, step), new Columns(packed, 2 * step, step), Heads,
                5, new HashFunctions(HashKind.Hadamard, 12, 5, 2ul, perRow: false), YosoGradient.Sampled, mask, mask));
            graph.Backward(y, graph.Constant(gradient, y.Shape));
            return (y.ToArray(), Graph.Gradient(packed)!.ToArray());
        }

        (float[] y, float[] d) = Run(0);
        (float[] yOfNaN, float[] dOfNaN) = Run(float.NaN);
        Assert.Equal(y, yOfNaN);
        Assert.Equal(d, dOfNaN);
        Assert.All(d.Where((_, i) => valid[i / (3 * step)] == 0), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_row_alone_gives_what_it_gives_in_a_batch()
    {
        const int tokens = 90;
        float[] x = Draw(5, new Shape(3, tokens, 3 * Heads * Width));
        int row = x.Length / 3;
        float[] batch = Attend(x, tokens, 3, tokens, 2);
        float[] alone = Attend(x[row..(2 * row)], tokens, 1, tokens, 2);
        Assert.Equal(batch[(batch.Length / 3)..(2 * batch.Length / 3)], alone);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_number_of_threads_does_not_change_a_result(int batch)
    {
        float[] x = Draw(6, new Shape(batch, 333, 3 * Heads * Width));
        Assert.Equal(Attend(x, 333, batch, 333, 1), Attend(x, 333, batch, 333, 3));
    }

    [Fact]
    public void The_same_seed_gives_the_same_functions_and_another_seed_others()
    {
        float[] Numbers(ulong seed) => new HashFunctions(HashKind.Hadamard, 8, 8, seed, true).Draw(2, 3, 20).ToArray();
        Assert.Equal(Numbers(1), Numbers(1));
        Assert.NotEqual(Numbers(1), Numbers(2));
        Assert.NotEqual(Numbers(1)[..(Numbers(1).Length / 2)], Numbers(1)[(Numbers(1).Length / 2)..]);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(-1, 8)]
    [InlineData(8, 0)]
    [InlineData(8, 17)]
    [InlineData(1025, 8)]
    public void Hash_functions_of_no_number_or_too_many_bits_are_refused(int count, int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashFunctions(HashKind.Hadamard, count, bits, 1ul, false));

    [Fact]
    public void Shapes_bits_and_gradients_that_do_not_fit_are_refused()
    {
        using var device = new CpuDevice(1);
        using var graph = new Graph(device);
        Columns x = Columns.All(graph.Constant(Draw(7, new Shape(1, 5, 12)), new Shape(1, 5, 12)));
        var functions = new HashFunctions(HashKind.Hadamard, 4, 6, 1ul, false);
        var call = new YosoCall(x, x, x, 3, 6, functions, YosoGradient.Sampled);
        Assert.Contains("divide", Assert.Throws<ShapeException>(() => graph.Yoso(call with { Heads = 5 })).Message);
        YosoCall misfit = call with { KeyMask = TokenMask.AllValid(1, 4) };
        Assert.Contains("mask", Assert.Throws<ShapeException>(() => graph.Yoso(misfit)).Message);
        Assert.Contains("Bits", Assert.Throws<ArgumentException>(() => graph.Yoso(call with { Bits = 7 })).Message);
        YosoCall unhashed = call with { Hashes = null };
        Assert.Contains("Gradient", Assert.Throws<ArgumentException>(() => graph.Yoso(unhashed)).Message);
        Assert.Throws<ShapeException>(() => graph.WalshHadamard(x.Source));
        var given = new HashFunctions(HashKind.Gaussian, 4, 6, new float[10], false);
        Assert.Throws<ShapeException>(() => graph.Yoso(call with { Hashes = given }));
    }

    /// <summary>The share of hash functions by which two vectors of 64 numbers and a given cosine collide.</summary>
    private static double CollisionShare(HashKind kind, double cosine)
    {
        const int pairs = 400, functions = 70, bits = 9, width = 64;
        var random = new RandomSource(8);
        var x = new float[pairs * 2 * width];
        for (int pair = 0; pair < pairs; pair++)
        {
            double[] a = Unit(random, width, null), b = Unit(random, width, a);
            for (int i = 0; i < width; i++)
            {
                x[2 * pair * width + i] = (float)a[i];
                x[(2 * pair + 1) * width + i] = (float)(cosine * a[i] + Math.Sqrt(1 - cosine * cosine) * b[i]);
            }
        }

        using var device = new CpuDevice(2);
        using var graph = new Graph(device);
        var shape = new Shape(pairs, 2, width);
        int[] codes = graph.HashCodes(
            Columns.All(graph.Constant(x, shape)), 1, new HashFunctions(kind, functions, bits, 3ul, perRow: true));
        int collisions = 0;
        for (int pair = 0; pair < pairs; pair++)
            for (int f = 0; f < functions; f++)
                collisions += codes[2 * pair * functions + f] == codes[(2 * pair + 1) * functions + f] ? 1 : 0;
        return (double)collisions / (pairs * functions);
    }

    /// <summary>A random vector of length 1, at right angles to another if there is one.</summary>
    private static double[] Unit(RandomSource random, int width, double[]? other)
    {
        double[] x = [.. Enumerable.Range(0, width).Select(_ => random.NextNormal())];
        double along = other is null ? 0 : x.Zip(other, (a, b) => a * b).Sum();
        x = [.. x.Select((a, i) => a - along * (other?[i] ?? 0))];
        double length = Math.Sqrt(x.Sum(a => a * a));
        return [.. x.Select(a => a / length)];
    }

    /// <summary>Sampled self-attention of packed queries, keys and values, of which so many tokens are valid.</summary>
    private static float[] Attend(float[] packed, int tokens, int batch, int valid, int threads, int bits = 5)
    {
        using var device = new CpuDevice(threads);
        using var graph = new Graph(device);
        Tensor x = graph.Constant(packed, new Shape(batch, tokens, 3 * Heads * Width));
        byte[] mask = [.. Enumerable.Range(0, batch * tokens).Select(i => (byte)(i % tokens < valid ? 1 : 0))];
        var tokenMask = new TokenMask(mask, batch, tokens);
        const int step = Heads * Width;
        var call = new YosoCall(
            new Columns(x, 0, step), new Columns(x, step, step), new Columns(x, 2 * step, step), Heads, bits,
            new HashFunctions(HashKind.Hadamard, 12, bits, 2ul, perRow: false), YosoGradient.Sampled, tokenMask,
            tokenMask);
        return graph.Yoso(call).ToArray();
    }

    private static float[] Draw(int seed, Shape shape) => FunctionCheck.Normal(new RandomSource(seed), shape.Count);
}

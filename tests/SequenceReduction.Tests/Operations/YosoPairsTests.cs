using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Operations;

/// <summary>Sampled YOSO attention against its definition, pair by pair, where lists of pairs come in several parts.</summary>
public class YosoPairsTests
{
    private const int Width = 8;

    [Theory]
    [InlineData(4500, 4500, 3, 12)]
    [InlineData(1500, 1400, 32, 9)]
    [InlineData(600, 500, 16, 2)]
    public void Results_and_gradients_are_sums_over_the_pairs_that_collide(int queries, int keys, int count, int bits) =>
        Check(Draw(1, queries), Draw(2, keys), count, bits);

    [Fact]
    public void A_query_may_collide_with_every_key_by_every_function()
    {
        float[] queries = Draw(3, 100);
        float[] keys = [.. Enumerable.Range(0, 80 * Width).Select(i => queries[i % Width])];
        Check(queries, keys, 1024, 16, leastScale: 10); // the gradient of a query along its keys cancels
    }

    private static void Check(float[] q, float[] k, int count, int bits, float leastScale = 0)
    {
        var functions = new HashFunctions(HashKind.Gaussian, count, bits, 5ul, perRow: false);
        float[] v = Whole(Draw(4, k.Length / Width)), dy = Whole(Draw(5, q.Length / Width));
        float[][] one = Run(q, k, v, dy, functions, 1), several = Run(q, k, v, dy, functions, 3);
        float[][] expected = ByPairs(q, k, v, dy, functions);
        for (int i = 0; i < one.Length; i++)
        {
            Assert.Equal(one[i], several[i]);
            float largest = Math.Max(expected[i].Max(Math.Abs), leastScale);
            for (int j = 0; j < one[i].Length; j++)
                Assert.True(
                    Math.Abs(one[i][j] - expected[i][j]) <= 1e-4 * largest, // a sum of up to 80,000 numbers
                    $"output {i}, element {j}: {one[i][j]}, expected {expected[i][j]}");
        }
    }

    /// <summary>The result, and the gradients of queries, keys and values.</summary>
    private static float[][] Run(float[] q, float[] k, float[] v, float[] dy, HashFunctions functions, int threads)
    {
        using var device = new CpuDevice(threads);
        using var graph = new Graph(device, recording: true);
        Tensor Variable(float[] x) => graph.Variable(x, new Shape(1, x.Length / Width, Width));
        Tensor[] inputs = [Variable(q), Variable(k), Variable(v)];
        var call = new YosoCall(
            Columns.All(inputs[0]), Columns.All(inputs[1]), Columns.All(inputs[2]), 1, functions.Bits, functions,
            YosoGradient.Sampled) { Normalizes = false };
        Tensor y = graph.Yoso(call);
        graph.Backward(y, graph.Constant(dy, y.Shape));
        return [y.ToArray(), .. inputs.Select(x => Graph.Gradient(x)!.ToArray())];
    }

    private static float[][] ByPairs(float[] q, float[] k, float[] v, float[] dy, HashFunctions functions)
    {
        int[] queryCodes = Codes(q, functions), keyCodes = Codes(k, functions);
        float[] queryUnits = Units(q), keyUnits = Units(k);
        float[][] sums = [new float[q.Length], new float[q.Length], new float[k.Length], new float[k.Length]];
        int count = functions.Count;
        float slope = functions.Bits / 2f;
        for (int query = 0; query < q.Length; query += Width)
            for (int key = 0; key < k.Length; key += Width)
            {
                int collisions = 0;
                for (int f = 0; f < count; f++)
                    collisions += queryCodes[query / Width * count + f] == keyCodes[key / Width * count + f] ? 1 : 0;
                float weight = (float)collisions / count, product = 0;
                for (int i = 0; i < Width && collisions > 0; i++)
                    product += dy[query + i] * v[key + i];
                for (int i = 0; i < Width && collisions > 0; i++)
                {
                    sums[0][query + i] += weight * v[key + i];
                    sums[1][query + i] += slope * weight * product * keyUnits[key + i];
                    sums[2][key + i] += slope * weight * product * queryUnits[query + i];
                    sums[3][key + i] += weight * dy[query + i];
                }
            }

        return [sums[0], Across(q, queryUnits, sums[1]), Across(k, keyUnits, sums[2]), sums[3]];
    }

    private static int[] Codes(float[] x, HashFunctions functions)
    {
        using var device = new CpuDevice(1);
        using var graph = new Graph(device);
        return graph.HashCodes(Columns.All(graph.Constant(x, new Shape(1, x.Length / Width, Width))), 1, functions);
    }

    private static float[] Units(float[] x) => [.. x.Select((value, i) => value / Length(x, i / Width))];

    /// <summary>The gradient of x from that of x brought to length 1.</summary>
    private static float[] Across(float[] x, float[] units, float[] dUnits)
    {
        float Along(int token) => Enumerable.Range(token * Width, Width).Sum(i => units[i] * dUnits[i]);
        return [.. x.Select((_, i) => (dUnits[i] - units[i] * Along(i / Width)) / Length(x, i / Width))];
    }

    private static float Length(float[] x, int token) =>
        MathF.Sqrt(x.AsSpan(token * Width, Width).ToArray().Sum(value => value * value));

    private static float[] Whole(float[] x) => [.. x.Select(value => MathF.Round(2 * value))];

    private static float[] Draw(int seed, int tokens) => FunctionCheck.Normal(new RandomSource(seed), tokens * Width);
}

using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Operations;

/// <summary>
/// YOSO attention: gradients against finite differences where it has them, the CPU against the reference.
/// </summary>
public class YosoTests
{
    private const int Heads = 3, Bits = 5;

    private static readonly TokenMask _queryMask = new(new byte[] { 1, 0, 1, 1, 1, 0, 1, 1, 1, 1 }, 2, 5);
    private static readonly TokenMask _keyMask = new(new byte[] { 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0 }, 2, 7);
    private static readonly TokenMask _oneRowEmpty = new(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1 }, 2, 7);

    // Heads of two numbers would be nearly parallel here and there, where a rounding step of the cosine moves the slope
    // much.
    private static readonly Shape[] _shapes = [new(2, 5, 12), new(2, 7, 12), new(2, 7, 12)];

    public static TheoryData<HashKind, bool, YosoGradient> Samplings
    {
        get
        {
            var all = new TheoryData<HashKind, bool, YosoGradient>();
            foreach (HashKind kind in Enum.GetValues<HashKind>())
                foreach (bool perRow in new[] { false, true })
                    foreach (YosoGradient gradient in Enum.GetValues<YosoGradient>())
                        all.Add(kind, perRow, gradient);
            return all;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_expectation_has_exact_gradients(bool normalizes) => FunctionCheck.Run(
        (g, x) => g.Yoso(Expected(x) with { Normalizes = normalizes, QueryMask = _queryMask, KeyMask = _keyMask }),
        _shapes);

    [Fact]
    public void The_expectation_has_exact_gradients_where_a_row_sees_nothing() => FunctionCheck.Run(
        (g, x) => g.Yoso(Expected(x) with { KeyMask = _oneRowEmpty }), _shapes);

    [Fact]
    public void The_expectation_of_one_packed_tensor() => FunctionCheck.Run(
        (g, x) => g.Yoso(Packed(x[0], null, YosoGradient.Exact) with { QueryMask = _keyMask, KeyMask = _keyMask }),
        new Shape(2, 7, 36));

    [Theory]
    [InlineData(HashKind.Gaussian)]
    [InlineData(HashKind.Hadamard)]
    public void Sampled_attention_has_exact_gradients_of_the_values(HashKind kind)
    {
        float[] q = Draw(1, _shapes[0]), k = Draw(2, _shapes[1]);
        FunctionCheck.Run(
            (g, x) => g.Yoso(Sampled(
                g.Constant(q, _shapes[0]), g.Constant(k, _shapes[1]), x[0], kind, true, YosoGradient.Sampled)),
            _shapes[2]);
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Sampled_attention_on_the_cpu_is_that_of_the_reference(
        HashKind kind, bool perRow, YosoGradient gradient) =>
        FunctionCheck.Compare(
            (g, x) => g.Yoso(
                Sampled(x[0], x[1], x[2], kind, perRow, gradient) with { QueryMask = _queryMask, KeyMask = _keyMask }),
            _shapes);

    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(1, 16, 4)]
    [InlineData(2, 3, 1)]
    [InlineData(70, 4, 17)]
    [InlineData(90, 2, 33)]
    [InlineData(67, 12, 72)]
    [InlineData(131, 9, 130)]
    public void Sampled_attention_of_any_length_bits_and_width_is_that_of_the_reference(
        int tokens, int bits, int width) =>
        FunctionCheck.Compare(
            (g, x) => g.Yoso(new YosoCall(
                new Columns(x[0], 0, width), new Columns(x[0], width, width), new Columns(x[0], 2 * width, width),
                1, bits, new HashFunctions(HashKind.Hadamard, 5, bits, 9ul, false), YosoGradient.Sampled)),
            new Shape(1, tokens, 3 * width));

    [Theory]
    [InlineData(1, 150, 6, 6)]
    [InlineData(1, 150, 12, 6)]
    [InlineData(4, 280, 5, 6)]
    [InlineData(7, 210, 5, 40)]
    [InlineData(40, 210, 12, 70)]
    public void Crowded_heads_on_the_cpu_are_those_of_the_reference(int distinct, int tokens, int bits, int width) =>
        FunctionCheck.Compare(
            (g, x) =>
            {
                Tensor token = g.GatherTokens(
                    x[0], Enumerable.Range(0, tokens).Select(t => t * t % distinct).ToArray());
                var functions = new HashFunctions(HashKind.Hadamard, 4, bits, 3ul, false);
                return g.Yoso(new YosoCall(
                    new Columns(token, 0, width), new Columns(token, width, width),
                    new Columns(token, 2 * width, width), 1, bits, functions, YosoGradient.Sampled));
            },
            new Shape(1, distinct, 3 * width));

    [Fact]
    public void A_surrogate_gradient_on_the_cpu_is_that_of_the_reference() => FunctionCheck.Compare(
        (g, x) => g.Yoso(Expected(x) with { Gradient = YosoGradient.Surrogate, KeyMask = _keyMask }), _shapes);

    [Fact]
    public void Zero_vectors_and_parallel_ones_have_finite_gradients()
    {
        var parallel = new float[_shapes[0].Count];
        for (int i = 0; i < parallel.Length; i++)
            parallel[i] = (i / 12 % 5) switch { 0 => 0, 1 => 1, 2 => -2, _ => i % 12 };
        foreach (YosoGradient gradient in new[] { YosoGradient.Exact, YosoGradient.Surrogate })
        {
            using Device device = TestedDevices.New(1);
            using var graph = new Graph(device, recording: true);
            Tensor x = graph.Variable(parallel, _shapes[0]);
            Columns tokens = Columns.All(x);
            Tensor y = graph.Yoso(new YosoCall(tokens, tokens, tokens, Heads, 8, null, gradient));
            graph.Backward(y, graph.Constant(Draw(3, _shapes[0]), _shapes[0]));
            Assert.All(y.ToArray(), v => Assert.True(float.IsFinite(v)));
            Assert.All(Graph.Gradient(x)!.ToArray(), v => Assert.True(float.IsFinite(v)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    public void Convolution_of_packed_values(int taps) => FunctionCheck.Run(
        (g, x) => g.ConvolveTokens(new Columns(x[0], 6, 6), Heads, x[1], _keyMask),
        new Shape(2, 7, 18), new Shape(Heads, taps));

    [Fact]
    public void Walsh_Hadamard_transform() => FunctionCheck.Run((g, x) => g.WalshHadamard(x[0]), new Shape(3, 5, 64));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(128)]
    [InlineData(512)]
    public void Walsh_Hadamard_transform_of_any_power_of_two(int width) =>
        FunctionCheck.Compare((g, x) => g.WalshHadamard(x[0]), new Shape(19, width));

    [Theory]
    [InlineData(HashKind.Gaussian, 12)]
    [InlineData(HashKind.Hadamard, 12)]
    [InlineData(HashKind.Hadamard, 40)]
    public void Hash_codes_on_the_cpu_are_those_of_the_reference(HashKind kind, int width)
    {
        float[] values = Draw(5, new Shape(2, 83, 2 * width));
        var functions = new HashFunctions(kind, 11, 7, 4ul, true);
        int[] Codes(Device device)
        {
            using Graph graph = new(device);
            return graph.HashCodes(Columns.All(graph.Constant(values, new Shape(2, 83, 2 * width))), 2, functions);
        }

        using var reference = new ReferenceDevice();
        using Device tested = TestedDevices.New(2);
        Assert.Equal(Codes(reference), Codes(tested));
    }

    private static YosoCall Expected(Tensor[] x) => new(
        Columns.All(x[0]), Columns.All(x[1]), Columns.All(x[2]), Heads, Bits, null, YosoGradient.Exact);

    private static YosoCall Packed(Tensor x, HashFunctions? functions, YosoGradient gradient) => new(
        new Columns(x, 0, 12), new Columns(x, 12, 12), new Columns(x, 24, 12), Heads, Bits, functions, gradient);

    private static YosoCall Sampled(Tensor q, Tensor k, Tensor v, HashKind kind, bool perRow, YosoGradient gradient) =>
        new(Columns.All(q), Columns.All(k), Columns.All(v), Heads, 2,
            new HashFunctions(kind, 20, 2, 11ul, perRow), gradient);

    private static float[] Draw(int seed, Shape shape) => FunctionCheck.Normal(new RandomSource(seed), shape.Count);
}

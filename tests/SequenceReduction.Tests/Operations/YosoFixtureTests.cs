using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Operations;

/// <summary>YOSO attention and its hashing against what the authors' program and its definition gave.</summary>
public sealed class YosoFixtureTests : IDisposable
{
    /// <summary>
    /// Single precision against a reference of double precision; see the fixtures' own list of tolerances.
    /// </summary>
    private const double Slack = 1.2;

    private readonly CpuDevice _device = new(2);

    public void Dispose() => _device.Dispose();

    [FixtureTheory]
    [MemberData(nameof(Fixtures.Files), "yoso_e_*", MemberType = typeof(Fixtures))]
    public void The_expectation_equals_that_of_the_fixtures(string file)
    {
        using var fixture = new Fixture(file);
        foreach (bool masked in new[] { false, true })
            foreach (YosoGradient gradient in new[] { YosoGradient.Surrogate, YosoGradient.Exact })
            {
                var pass = new Pass(_device, fixture, masked, "q", "k", null, gradient);
                string name = masked ? "masked" : "nomask", slope = gradient.ToString().ToLowerInvariant();
                fixture.AssertClose($"{name}.y", pass.Unnormalised, Slack);
                fixture.AssertClose($"{name}.out", pass.Output, Slack);
                fixture.AssertClose($"{name}.dv", pass.DValues, Slack);
                fixture.AssertClose($"{name}.dq_{slope}", pass.DQueries, Slack);
                fixture.AssertClose($"{name}.dk_{slope}", pass.DKeys, Slack);
            }
    }

    [FixtureTheory]
    [MemberData(nameof(Fixtures.Files), "yoso_e_*", MemberType = typeof(Fixtures))]
    public void The_convolution_equals_that_of_the_fixtures(string file)
    {
        using var fixture = new Fixture(file);
        if (!fixture.Has("conv_w"))
            return;
        foreach (bool masked in new[] { false, true })
        {
            using var graph = new Graph(_device);
            (Shape shape, TokenMask mask) = (TokensOf(fixture.Shape("v")), MaskOf(fixture));
            Tensor v = graph.Constant(HeadsLast(fixture.Floats("v"), fixture.Shape("v")), shape);
            Tensor filter = graph.Constant(fixture.Floats("conv_w"), fixture.Shape("conv_w"));
            float[] convolved = HeadsFirst(
                graph.ConvolveTokens(Columns.All(v), filter.Shape[0], filter, masked ? mask : null).ToArray(),
                fixture.Shape("v"));
            float[] attended = fixture.Floats(masked ? "masked.out" : "nomask.out");
            string name = masked ? "masked.conv_out" : "nomask.conv_out";
            if (fixture.Has(name))
                fixture.AssertClose(name, [.. convolved.Zip(attended, (c, a) => c + a)], Slack);
        }
    }

    [FixtureTheory]
    [MemberData(nameof(Fixtures.Files), "yoso_edge_*", MemberType = typeof(Fixtures))]
    public void Parallel_opposite_and_zero_vectors_equal_those_of_the_fixtures(string file)
    {
        // At a cosine of 1 one rounding step of single precision moves the probability by 10⁻³: the fixtures' own
        // tolerance.
        const double edge = 500;
        using var fixture = new Fixture(file);
        var pass = new Pass(_device, fixture, true, "q", "k", null, YosoGradient.Surrogate);
        fixture.AssertClose("y", pass.Unnormalised, edge);
        fixture.AssertClose("out", pass.Output, edge);
        fixture.AssertClose("dv", pass.DValues, edge);
        AssertTangent(fixture, "dqn_surrogate", "q", pass.DQueries, 5e-3);
        AssertTangent(fixture, "dkn_surrogate", "k", pass.DKeys, 5e-3);
    }

    [FixtureTheory]
    [MemberData(nameof(Fixtures.Files), "yoso_sampled_*", MemberType = typeof(Fixtures))]
    public void Sampled_attention_equals_that_of_the_fixtures(string file)
    {
        using var fixture = new Fixture(file);
        var functions = new HashFunctions(
            HashKind.Gaussian, fixture.Number("m"), fixture.Number("tau"), fixture.Floats("R"), perRow: true);
        foreach (bool masked in new[] { false, true })
        {
            string name = masked ? "masked" : "nomask";
            var pass = new Pass(_device, fixture, masked, "qn", "kn", functions, YosoGradient.Sampled);
            Assert.Equal(fixture.Ints("codes_q"), pass.QueryCodes);
            Assert.Equal(fixture.Ints("codes_k"), pass.KeyCodes);
            fixture.AssertClose($"{name}.y", pass.Unnormalised, Slack);
            fixture.AssertClose($"{name}.out", pass.Output, Slack);
            fixture.AssertClose($"{name}.dv", pass.DValues, Slack);
            AssertTangent(fixture, $"{name}.dqn", "qn", pass.DQueries, 1.5e-5);
            AssertTangent(fixture, $"{name}.dkn", "kn", pass.DKeys, 1.5e-5);
            var quadratic = new Pass(_device, fixture, masked, "qn", "kn", functions, YosoGradient.Surrogate);
            fixture.AssertClose($"{name}.n2.dv", quadratic.DValues, Slack);
            AssertTangent(fixture, $"{name}.n2.dqn", "qn", quadratic.DQueries, 1.5e-5);
            AssertTangent(fixture, $"{name}.n2.dkn", "kn", quadratic.DKeys, 1.5e-5);
        }
    }

    [FixtureTheory]
    [MemberData(nameof(Fixtures.Files), "hadamard_*", MemberType = typeof(Fixtures))]
    public void Walsh_Hadamard_hashing_equals_that_of_the_fixtures(string file)
    {
        using var fixture = new Fixture(file);
        Shape shape = fixture.Shape("x");
        float[] x = fixture.Floats("x"), signs = fixture.Floats("D");
        using var graph = new Graph(_device, recording: true);
        Tensor input = graph.Variable(x, shape), transformed = graph.WalshHadamard(input);
        graph.Backward(transformed, graph.Constant(fixture.Floats("gw"), shape));
        fixture.AssertClose("wht", transformed.ToArray(), Slack);
        fixture.AssertClose("wht_dx", Graph.Gradient(input)!.ToArray(), Slack);

        float[] rounds = x;
        for (int diagonal = 0; diagonal < HashFunctions.Diagonals; diagonal++)
            rounds = graph.WalshHadamard(graph.Constant(
                [.. rounds.Select((v, i) => v * signs[diagonal * shape.Last + i % shape.Last])], shape)).ToArray();
        fixture.AssertClose("rounds3", rounds, Slack);

        int bits = fixture.Number("tau");
        var functions = new HashFunctions(HashKind.Hadamard, shape.Last / bits, bits, signs, perRow: false);
        Tensor tokens = graph.Constant(x, new Shape(1, shape[0], shape.Last));
        Assert.Equal(fixture.Ints("codes"), graph.HashCodes(Columns.All(tokens), 1, functions));
    }

    /// <summary>
    /// Compares with a gradient by normalised vectors: ours goes through the normalisation, of vectors of length 1 or
    /// another, which leaves of it what is at right angles to the vector, over the vector's length.
    /// </summary>
    private static void AssertTangent(Fixture fixture, string gradient, string vectors, float[] actual, double share)
    {
        float[] expected = fixture.Floats(gradient), from = fixture.Floats(vectors);
        int width = fixture.Shape(vectors).Last;
        double largest = expected.Max(MathF.Abs);
        for (int row = 0; row < expected.Length; row += width)
        {
            ReadOnlySpan<float> vector = from.AsSpan(row, width), by = expected.AsSpan(row, width);
            double length = Math.Sqrt(Dot(vector, vector));
            double along = length == 0 ? 0 : Dot(vector, by) / (length * length);
            for (int i = 0; i < width; i++)
            {
                double tangent = length == 0 ? 0 : by[i] - along * vector[i];
                Assert.True(
                    Math.Abs(tangent - actual[row + i] * length) <= share * largest,
                    $"{gradient}[{row + i}]: {actual[row + i] * length:R} instead of {tangent:R}");
            }
        }
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static Shape TokensOf(Shape heads) => new(heads[0], heads[2], heads[1] * heads[3]);

    private static TokenMask MaskOf(Fixture fixture) => new(
        fixture.Ints("mask").Select(v => (byte)v).ToArray(), fixture.Shape("mask")[0], fixture.Shape("mask")[1]);

    /// <summary>[B, H, T, K] to [B, T, H·K].</summary>
    private static float[] HeadsLast(float[] values, Shape heads) =>
        Exchange(values, heads[0], heads[1], heads[2], heads[3]);

    /// <summary>[B, T, H·K] to [B, H, T, K].</summary>
    private static float[] HeadsFirst(float[] values, Shape heads) =>
        Exchange(values, heads[0], heads[2], heads[1], heads[3]);

    private static float[] Exchange(float[] values, int batch, int a, int b, int width)
    {
        var exchanged = new float[values.Length];
        for (int n = 0; n < batch; n++)
            for (int i = 0; i < a; i++)
                for (int j = 0; j < b; j++)
                {
                    int from = (n * a + i) * b + j, to = (n * b + j) * a + i;
                    values.AsSpan(from * width, width).CopyTo(exchanged.AsSpan(to * width));
                }

        return exchanged;
    }

    /// <summary>One forward and backward pass over a fixture's inputs.</summary>
    private sealed class Pass
    {
        public Pass(
            Device device, Fixture fixture, bool masked, string queries, string keys, HashFunctions? functions,
            YosoGradient gradient)
        {
            Shape heads = fixture.Shape("v"), shape = TokensOf(heads);
            using var graph = new Graph(device, recording: true);
            Tensor q = graph.Variable(HeadsLast(fixture.Floats(queries), heads), shape);
            Tensor k = graph.Variable(HeadsLast(fixture.Floats(keys), heads), shape);
            Tensor v = graph.Variable(HeadsLast(fixture.Floats("v"), heads), shape);
            TokenMask? mask = masked ? MaskOf(fixture) : null;
            var call = new YosoCall(
                Columns.All(q), Columns.All(k), Columns.All(v), heads[1], fixture.Number("tau"), functions, gradient,
                mask, mask);
            Unnormalised = HeadsFirst(graph.Yoso(call with { Normalizes = false }).ToArray(), heads);
            Tensor output = graph.Yoso(call);
            graph.Backward(output, graph.Constant(HeadsLast(fixture.Floats("g"), heads), shape));
            Output = HeadsFirst(output.ToArray(), heads);
            DQueries = HeadsFirst(Graph.Gradient(q)!.ToArray(), heads);
            DKeys = HeadsFirst(Graph.Gradient(k)!.ToArray(), heads);
            DValues = HeadsFirst(Graph.Gradient(v)!.ToArray(), heads);
            if (functions is null)
                return;
            QueryCodes = graph.HashCodes(Columns.All(q), heads[1], functions);
            KeyCodes = graph.HashCodes(Columns.All(k), heads[1], functions);
        }

        public float[] Unnormalised { get; }

        public float[] Output { get; }

        public float[] DQueries { get; }

        public float[] DKeys { get; }

        public float[] DValues { get; }

        public int[] QueryCodes { get; } = [];

        public int[] KeyCodes { get; } = [];
    }
}

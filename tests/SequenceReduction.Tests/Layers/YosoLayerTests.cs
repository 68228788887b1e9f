using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Layers;

/// <summary>Which hash functions a layer with YOSO attention uses when.</summary>
public sealed class YosoLayerTests : IDisposable
{
    private const int Width = 6, Heads = 3;
    private static readonly TokenMask _mask = new(new byte[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0 }, 2, 7);

    private readonly ReferenceDevice _device = new();

    [Fact]
    public void Training_draws_new_functions_for_every_pass_by_its_seed()
    {
        float[] Trained(long? seed) => Run(AttentionKind.Yoso(4, 3), recording: true, seed);
        Assert.Equal(Trained(1), Trained(1));
        Assert.NotEqual(Trained(1), Trained(2));
        Assert.Equal(Trained(null), Run(AttentionKind.Yoso(4, 3)));
    }

    [Fact]
    public void Fixed_functions_are_the_same_for_every_pass_and_network_but_not_for_every_layer()
    {
        AttentionKind kind = AttentionKind.Yoso(4, 3);
        Assert.Equal(Run(kind), Run(kind));
        Assert.NotEqual(Run(kind, name: "one"), Run(kind, name: "other"));
    }

    [Fact]
    public void Fresh_functions_differ_from_pass_to_pass()
    {
        float[][] passes = Passes(AttentionKind.Yoso(4, 3, evaluation: YosoEvaluation.FreshHashes), 2);
        Assert.NotEqual(passes[0], passes[1]);
    }

    [Fact]
    public void Evaluation_by_expectation_is_what_the_expectation_gives() => Assert.Equal(
        Run(AttentionKind.YosoExpectation(3)), Run(AttentionKind.Yoso(4, 3, evaluation: YosoEvaluation.Expectation)));

    [Fact]
    public void Many_functions_come_close_to_the_expectation()
    {
        float[] expected = Run(AttentionKind.YosoExpectation(3));
        float[] sampled = Run(AttentionKind.Yoso(1024, 3, HashKind.Gaussian));
        Assert.All(expected.Zip(sampled), pair => Assert.Equal(pair.First, pair.Second, 0.2f));
    }

    [Fact]
    public void A_convolution_of_the_values_is_added()
    {
        AttentionKind convolving = AttentionKind.YosoExpectation(3, convolution: 3);
        float[] without = Run(AttentionKind.YosoExpectation(3)), with = Run(convolving);
        using var graph = new Graph(_device);
        using ParameterSet weights = Layer(convolving, "layer", out _);
        Tensor values = Input(graph);
        Tensor convolved = graph.ConvolveTokens(
            Columns.All(values), Heads, weights["layer.conv.weight"].Value, _mask);
        Assert.All(
            convolved.ToArray().Zip(with, without), t => Assert.Equal(t.First, t.Second - t.Third, 1e-5f));
    }

    [Fact]
    public void A_relative_bias_is_refused()
    {
        using var graph = new Graph(_device);
        using ParameterSet weights = Layer(AttentionKind.Yoso(4, 3), "layer", out AttentionCore core);
        Columns x = Columns.All(Input(graph));
        var bias = new RelativeBias(graph.New(new Shape(Heads, 13)), new int[7], 6);
        Assert.Throws<ArgumentException>(() => core.Forward(graph, x, x, x, null, null, bias));
    }

    public void Dispose() => _device.Dispose();

    private static Tensor Input(Graph graph) =>
        graph.Constant(FunctionCheck.Normal(new RandomSource(5), 2 * 7 * Width), new Shape(2, 7, Width));

    private ParameterSet Layer(AttentionKind kind, string name, out AttentionCore core)
    {
        var builder = new LayerBuilder();
        core = kind.For(7).Core(builder.In(name), Heads);
        var weights = new ParameterSet(_device, builder.Declarations, 1, training: false);
        builder.Attach(weights);
        return weights;
    }

    private float[] Run(AttentionKind kind, bool recording = false, long? seed = null, string name = "layer") =>
        Passes(kind, 1, recording, seed, name)[0];

    private float[][] Passes(
        AttentionKind kind, int passes, bool recording = false, long? seed = null, string name = "layer")
    {
        using ParameterSet weights = Layer(kind, name, out AttentionCore core);
        return [.. Enumerable.Range(0, passes).Select(_ =>
        {
            using var graph = new Graph(_device, recording, seed);
            Columns x = Columns.All(Input(graph));
            return core.Forward(graph, x, x, x, _mask, _mask).ToArray();
        })];
    }
}

using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Operations;

/// <summary>The building blocks give PyTorch's numbers, forward and gradients, on the CPU device.</summary>
public sealed class BlockFixtureTests : IDisposable
{
    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Mha => Fixtures.Files("mha_*");

    public static TheoryData<string> Sdpa => Fixtures.Files("sdpa_*");

    public static TheoryData<string> Blocks => Fixtures.Files("blocks_*");

    public static TheoryData<string> EncoderLayers => Fixtures.Files("encoder_layer_*");

    [FixtureTheory]
    [MemberData(nameof(Mha))]
    public void Multi_head_attention_equals_the_Fixture(string file)
    {
        using var fixture = new Fixture(file);
        using var graph = new Graph(_device, recording: true);
        Tensor query = Variable(graph, fixture, "query");
        Tensor? memory = fixture.Has("memory") ? Variable(graph, fixture, "memory") : null;
        Tensor wIn = Variable(graph, fixture, "w_in"), bIn = Variable(graph, fixture, "b_in");
        Tensor wOut = Variable(graph, fixture, "w_out"), bOut = Variable(graph, fixture, "b_out");
        int d = fixture.Number("d"), heads = fixture.Number("heads");

        Tensor ofQuery = graph.Linear(query, wIn, bIn), ofMemory = memory is null ? ofQuery : graph.Linear(memory, wIn, bIn);
        var call = new AttentionCall(
            new Columns(ofQuery, 0, d), new Columns(ofMemory, d, d), new Columns(ofMemory, 2 * d, d), heads,
            1 / MathF.Sqrt((float)d / heads), KeyMask(fixture), fixture.Text("mode").Contains("causal"), null);
        Tensor output = graph.Linear(graph.Attention(call), wOut, bOut);
        graph.Backward(output, Constant(graph, fixture, "g"));

        fixture.AssertClose("out", output.ToArray());
        fixture.AssertClose("dquery", GradientOf(query));
        fixture.AssertClose("dw_in", GradientOf(wIn));
        fixture.AssertClose("db_in", GradientOf(bIn));
        fixture.AssertClose("dw_out", GradientOf(wOut));
        fixture.AssertClose("db_out", GradientOf(bOut));
        if (memory is not null)
            fixture.AssertClose("dmemory", GradientOf(memory));
        if (!call.Causal)
            AssertProbabilities(fixture, ofQuery.ToArray(), ofMemory.ToArray(), call);
    }

    [FixtureTheory]
    [MemberData(nameof(Sdpa))]
    public void Attention_equals_the_Fixture(string file)
    {
        using var fixture = new Fixture(file);
        int heads = fixture.Number("H"), width = fixture.Number("d");
        foreach (string mode in new[] { "plain", "masked", "causal" }.Where(m => fixture.Has($"{m}.out")))
        {
            using var graph = new Graph(_device, recording: true);
            Tensor q = TokensFirst(graph, fixture, "q"), k = TokensFirst(graph, fixture, "k"), v = TokensFirst(graph, fixture, "v");
            Tensor output = graph.Attention(new AttentionCall(
                Columns.All(q), Columns.All(k), Columns.All(v), heads, 1 / MathF.Sqrt(width),
                mode == "masked" ? KeyMask(fixture) : null, mode == "causal", null));
            graph.Backward(output, TokensFirst(graph, fixture, "g"));
            fixture.AssertClose($"{mode}.out", HeadsFirst(output.ToArray(), output.Shape, heads));
            fixture.AssertClose($"{mode}.dq", HeadsFirst(GradientOf(q), q.Shape, heads));
            fixture.AssertClose($"{mode}.dk", HeadsFirst(GradientOf(k), k.Shape, heads));
            fixture.AssertClose($"{mode}.dv", HeadsFirst(GradientOf(v), v.Shape, heads));
        }
    }

    [FixtureTheory]
    [MemberData(nameof(Blocks))]
    public void Layer_norm_equals_the_Fixture(string file)
    {
        using var fixture = new Fixture(file);
        using var graph = new Graph(_device, recording: true);
        Tensor x = Variable(graph, fixture, "x"), gain = Variable(graph, fixture, "gamma"), bias = Variable(graph, fixture, "beta");
        Tensor y = graph.LayerNorm(x, gain, bias, (float)fixture.Real("ln_eps"));
        graph.Backward(y, Constant(graph, fixture, "g"));
        fixture.AssertClose("layernorm.y", y.ToArray());
        fixture.AssertClose("layernorm.dx", GradientOf(x));
        fixture.AssertClose("layernorm.dgamma", GradientOf(gain));
        fixture.AssertClose("layernorm.dbeta", GradientOf(bias));
    }

    [FixtureTheory]
    [MemberData(nameof(Blocks))]
    public void Functions_of_rows_equal_the_Fixture(string file)
    {
        using var fixture = new Fixture(file);
        void Check(string name, Func<Graph, Tensor, Tensor> function)
        {
            using var graph = new Graph(_device, recording: true);
            Tensor x = Variable(graph, fixture, "x"), y = function(graph, x);
            graph.Backward(y, Constant(graph, fixture, "g"));
            fixture.AssertClose($"{name}.y", y.ToArray());
            fixture.AssertClose($"{name}.dx", GradientOf(x));
        }

        Check("gelu_erf", (graph, x) => graph.Activate(ActivationKind.Gelu, x));
        Check("gelu_tanh", (graph, x) => graph.Activate(ActivationKind.GeluTanh, x));
        Check("softmax", (graph, x) => graph.Softmax(x));
        Check("l2norm", (graph, x) => graph.Normalize(x));
    }

    [FixtureTheory]
    [MemberData(nameof(Blocks))]
    public void Cross_entropy_equals_the_Fixture(string file)
    {
        using var fixture = new Fixture(file);
        foreach ((string name, float smoothing, bool mean) in new[] { ("ce", 0f, true), ("ce_smooth", 0.1f, true), ("ce_sum", 0f, false) })
        {
            using var graph = new Graph(_device, recording: true);
            Tensor logits = Variable(graph, fixture, "logits");
            Tensor loss = graph.CrossEntropy(logits, fixture.Ints("targets"), smoothing, mean).Loss;
            graph.Backward(loss);
            fixture.AssertClose($"{name}.loss", loss.ToArray());
            fixture.AssertClose($"{name}.dlogits", GradientOf(logits));
        }
    }

    [FixtureTheory]
    [MemberData(nameof(EncoderLayers))]
    public void A_transformer_block_equals_the_Fixture(string file)
    {
        using var fixture = new Fixture(file);
        var builder = new LayerBuilder();
        var block = new TransformerBlock(
            builder, fixture.Number("d"), fixture.Number("heads"), fixture.Number("ffn"), dropout: 0);
        using var parameters = new ParameterSet(_device, builder.Declarations, seed: 1, training: true);
        builder.Attach(parameters);
        foreach (Parameter parameter in parameters.Parameters)
            _device.Upload(fixture.Floats($"w.{parameter.Name}"), parameter.Value);
        using var graph = new Graph(_device, recording: true);
        Tensor x = Variable(graph, fixture, "x");
        Tensor y = block.Forward(graph, x, KeyMask(fixture));
        graph.Backward(y, Constant(graph, fixture, "g"));
        fixture.AssertClose("y", y.ToArray());
        fixture.AssertClose("dx", GradientOf(x));
        foreach (Parameter parameter in parameters.Parameters)
            fixture.AssertClose($"grad.{parameter.Name}", parameter.Gradient!.ToArray());
    }

    public void Dispose() => _device.Dispose();

    /// <summary>The probabilities, made of small operations: products, scale and softmax, one head at a time.</summary>
    private void AssertProbabilities(Fixture fixture, float[] ofQuery, float[] ofMemory, AttentionCall call)
    {
        (int batch, int nq, int nk) = (call.Batch, call.Queries.Tokens, call.Keys.Tokens);
        int width = call.HeadWidth, row = call.Queries.Source.Shape.Last;
        var probabilities = new float[batch * call.Heads * nq * nk];
        for (int head = 0; head < call.Heads; head++)
        {
            using var graph = new Graph(_device);
            Tensor Head(float[] from, int tokens, int start) => graph.Constant(
                Enumerable.Range(0, batch * tokens)
                    .SelectMany(t => from.Skip(t * row + start + head * width).Take(width)).ToArray(),
                new Shape(batch, tokens, width));
            Tensor logits = graph.MatMul(
                Head(ofQuery, nq, call.Queries.Start), Head(ofMemory, nk, call.Keys.Start), transposeB: true);
            float[] ofHead = graph.Softmax(graph.Scale(logits, call.Scale), call.Mask).ToArray();
            for (int b = 0; b < batch; b++)
                ofHead.AsSpan(b * nq * nk, nq * nk).CopyTo(probabilities.AsSpan((b * call.Heads + head) * nq * nk));
        }

        fixture.AssertClose("attn", probabilities);
    }

    private static Tensor Variable(Graph graph, Fixture fixture, string name) =>
        graph.Variable(fixture.Floats(name), fixture.Shape(name));

    private static Tensor Constant(Graph graph, Fixture fixture, string name) =>
        graph.Constant(fixture.Floats(name), fixture.Shape(name));

    private static float[] GradientOf(Tensor variable) => Graph.Gradient(variable)!.ToArray();

    private static TokenMask? KeyMask(Fixture fixture)
    {
        if (!fixture.Has("key_mask"))
            return null;
        Shape shape = fixture.Shape("key_mask");
        return new TokenMask(Array.ConvertAll(fixture.Ints("key_mask"), v => (byte)v), shape[0], shape[1]);
    }

    /// <summary><c>[B, H, n, d]</c> as <c>[B, n, H·d]</c>.</summary>
    private static Tensor TokensFirst(Graph graph, Fixture fixture, string name)
    {
        Shape shape = fixture.Shape(name);
        float[] from = fixture.Floats(name);
        var to = new float[from.Length];
        Move(shape[0], shape[1], shape[2], shape[3], (heads, tokens) => from.AsSpan(heads, shape[3]).CopyTo(to.AsSpan(tokens)));
        return graph.Variable(to, new Shape(shape[0], shape[2], shape[1] * shape[3]));
    }

    /// <summary><c>[B, n, H·d]</c> as <c>[B, H, n, d]</c>.</summary>
    private static float[] HeadsFirst(float[] from, Shape shape, int heads)
    {
        int width = shape[2] / heads;
        var to = new float[from.Length];
        Move(shape[0], heads, shape[1], width, (at, tokens) => from.AsSpan(tokens, width).CopyTo(to.AsSpan(at)));
        return to;
    }

    private static void Move(int batch, int heads, int tokens, int width, Action<int, int> copy)
    {
        for (int b = 0; b < batch; b++)
            for (int h = 0; h < heads; h++)
                for (int t = 0; t < tokens; t++)
                    copy(((b * heads + h) * tokens + t) * width, ((b * tokens + t) * heads + h) * width);
    }
}

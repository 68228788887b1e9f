using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>
/// The causal Transformer that the PyTorch program trains: learned positions, pre-norm blocks with biases.
/// </summary>
internal sealed class PlainCausalTransformer : PlainLanguageNetwork
{
    private readonly Weight _positions;
    private readonly Block[] _blocks;

    public PlainCausalTransformer(LanguageSizes sizes, Device device) : base(sizes)
    {
        var builder = new LayerBuilder();
        _positions = builder.Weight("positions", new Shape(sizes.Tokens, sizes.D), Initial.Normal(0.02));
        _blocks = [.. Enumerable.Range(0, sizes.Layers).Select(i => new Block(builder.In($"blocks.{i}"), sizes))];
        Build(builder, device);
    }

    protected override Tensor States(Graph graph, Tensor x)
    {
        x = graph.AddRows(x, _positions);
        foreach (Block block in _blocks)
            x = block.Forward(graph, x);
        return x;
    }

    private sealed class Block(LayerBuilder builder, LanguageSizes sizes)
    {
        private readonly LayerNorm _norm1 = new(builder.In("norm1"), sizes.D);
        private readonly Linear _projections = new(builder.In("attn.proj"), sizes.D, 3 * sizes.D);
        private readonly Linear _output = new(builder.In("attn.proj_out"), sizes.D, sizes.D);
        private readonly LayerNorm _norm2 = new(builder.In("norm2"), sizes.D);
        private readonly FeedForward _feedForward =
            new(builder, sizes.D, sizes.Ffn, activation: ActivationKind.Relu);

        public Tensor Forward(Graph graph, Tensor x)
        {
            Tensor projected = _projections.Forward(graph, _norm1.Forward(graph, x));
            Tensor attended = graph.Attention(new AttentionCall(
                Part(projected, 0), Part(projected, 1), Part(projected, 2), sizes.Heads,
                1 / MathF.Sqrt((float)sizes.D / sizes.Heads), Mask: null, Causal: true, Bias: null));
            x = _output.Forward(graph, attended, x, dropout: 0);
            return _feedForward.Forward(graph, _norm2.Forward(graph, x), x);
        }

        private Columns Part(Tensor projected, int part) => new(projected, part * sizes.D, sizes.D);
    }
}

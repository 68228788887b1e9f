using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>Sizes of the network that both programs run.</summary>
internal sealed record PlainSizes(int Vocab, int D, int Heads, int Ffn, int N, int M);

/// <summary>
/// The autoencoder that the PyTorch program trains, layer by layer: learned queries both ways, two blocks, a reduction, a
/// block, an expansion, two blocks. For like with like; the product's own network is another.
/// </summary>
internal sealed class PlainAutoencoder : SequenceNetwork
{
    private readonly Weight _embedding, _positions;
    private readonly TransformerBlock[] _before, _after;
    private readonly TransformerBlock _latent;
    private readonly LengthChange _reduce, _expand;
    private readonly LayerNorm _latentNorm, _outputNorm;

    public PlainAutoencoder(PlainSizes sizes, Device device, bool training)
        : base(new SequenceForm { MaxLength = sizes.N, TokenCount = sizes.Vocab - 1 })
    {
        Sizes = sizes;
        var builder = new LayerBuilder();
        TransformerBlock Block(string name) => new(builder.In(name), sizes.D, sizes.Heads, sizes.Ffn, 0);
        _embedding = builder.Weight("embedding", new Shape(sizes.Vocab, sizes.D), Initial.Normal(0.02));
        _positions = builder.Weight("positions", new Shape(sizes.N, sizes.D), Initial.Normal(0.02));
        _before = [Block("before.0"), Block("before.1")];
        _reduce = new LengthChange(builder.In("reduce"), sizes, sizes.M);
        _latent = Block("latent");
        _latentNorm = new LayerNorm(builder.In("latent_norm"), sizes.D);
        _expand = new LengthChange(builder.In("expand"), sizes, sizes.N);
        _after = [Block("after.0"), Block("after.1")];
        _outputNorm = new LayerNorm(builder.In("output_norm"), sizes.D);
        Build(builder, device, 1, training);
    }

    public PlainSizes Sizes { get; }

    public override string Facts => Sizes.ToString();

    public override bool NeedsFullLength => false;

    public Tensor Encode(Graph graph, SequenceBatch batch)
    {
        Tensor x = graph.AddRows(graph.Embedding(_embedding, batch.Ids, batch.Rows, batch.Tokens), _positions);
        foreach (TransformerBlock block in _before)
            x = block.Forward(graph, x, null);
        return _latentNorm.Forward(graph, _latent.Forward(graph, _reduce.Forward(graph, x), null));
    }

    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        Tensor x = _expand.Forward(graph, Encode(graph, batch));
        foreach (TransformerBlock block in _after)
            x = block.Forward(graph, x, null);
        Tensor logits = graph.Linear(_outputNorm.Forward(graph, x), _embedding, null);
        return (graph.CrossEntropy(logits, batch.Ids).Loss, default);
    }

    /// <summary>Floating-point operations of one forward pass over so many rows.</summary>
    public double ForwardOperations(int rows)
    {
        (double d, double f, double n, double m) = (Sizes.D, Sizes.Ffn, Sizes.N, Sizes.M);
        double Block(double tokens) => 2 * tokens * (4 * d * d + 2 * d * f + 2 * tokens * d);
        double Change(double from, double to) => 2 * (2 * from * d * d + to * (d * d + 2 * d * f) + 2 * from * to * d);
        return rows * (4 * Block(n) + Block(m) + Change(n, m) + Change(m, n) + 2 * n * d * Sizes.Vocab);
    }

    /// <summary>Attention from learned queries, then a feed-forward layer.</summary>
    private sealed class LengthChange(LayerBuilder builder, PlainSizes sizes, int slots)
    {
        private readonly Weight _query = builder.Weight("query", new Shape(slots, sizes.D), Initial.Normal(0.02));
        private readonly LayerNorm _norm1 = new(builder.In("norm1"), sizes.D);
        private readonly CrossAttention _attention = new(builder.In("attn"), sizes.D, sizes.Heads);
        private readonly LayerNorm _norm2 = new(builder.In("norm2"), sizes.D);
        private readonly FeedForward _feedForward = new(builder, sizes.D, sizes.Ffn);

        public Tensor Forward(Graph graph, Tensor x)
        {
            Tensor queries = graph.RepeatRows(_query, x.Shape[0], slots);
            Tensor attended = _attention.Forward(graph, queries, _norm1.Forward(graph, x), null, null);
            Tensor changed = graph.Add(queries, attended);
            return _feedForward.Forward(graph, _norm2.Forward(graph, changed), changed);
        }
    }
}

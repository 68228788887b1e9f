using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>Sizes of a network of tokens and of its batches.</summary>
internal sealed record LanguageSizes(int Vocab, int D, int Heads, int Ffn, int Layers, int Tokens, int Batch);

/// <summary>
/// What the PyTorch program's networks of tokens share: an embedding, some states of it, a normalisation and a linear
/// map to logits. For like with like; the product's own networks are others.
/// </summary>
internal abstract class PlainLanguageNetwork(LanguageSizes sizes) : IDisposable
{
    private Weight _embedding = null!;
    private LayerNorm _norm = null!;
    private Linear _output = null!;

    public LanguageSizes Sizes { get; } = sizes;

    public ParameterSet Parameters { get; private set; } = null!;

    /// <summary>All sizes, for the report.</summary>
    public virtual object Facts => Sizes;

    /// <summary>The mean cross-entropy of a batch.</summary>
    public Tensor Loss(Graph graph, int[] ids, int[] labels)
    {
        Tensor x = graph.Embedding(_embedding, ids, Sizes.Batch, Sizes.Tokens);
        Tensor logits = _output.Forward(graph, _norm.Forward(graph, States(graph, x)));
        return graph.CrossEntropy(logits, labels).Loss;
    }

    public virtual void Dispose() => Parameters.Dispose();

    /// <summary>Embedded tokens <c>[B, T, D]</c> to states of the same shape.</summary>
    protected abstract Tensor States(Graph graph, Tensor x);

    /// <summary>Places all weights; called at the end of a network's constructor.</summary>
    protected void Build(LayerBuilder builder, Device device)
    {
        _embedding = builder.Weight("embedding", new Shape(Sizes.Vocab, Sizes.D), Initial.Normal(1));
        _norm = new LayerNorm(builder.In("norm"), Sizes.D);
        _output = new Linear(builder.In("output"), Sizes.D, Sizes.Vocab);
        Parameters = new ParameterSet(device, builder.Declarations, seed: 1, training: true);
        builder.Attach(Parameters);
    }
}

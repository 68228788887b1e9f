using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// The encoder that several networks share: embedding, then pre-norm blocks that see the whole sequence and know their
/// positions, or a staircase, and a last normalisation. Its weights have the same names in each network, so that they
/// can be carried from one to another.
/// </summary>
internal sealed class TokenEncoder
{
    private const string Part = "encoder";

    private readonly SequenceEncoderOptions _options;
    private readonly TransformerBlock[] _blocks = [];
    private readonly StaircaseStack? _staircase;
    private readonly LayerNorm _norm;
    private readonly int[] _wholeSequence;

    /// <summary>An encoder of sequences of a form.</summary>
    /// <param name="network">Where the network asks for its weights.</param>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="options">The encoder's make.</param>
    /// <param name="frozen">Whether its weights are not trained.</param>
    /// <param name="restores">Whether states are to be made tokens or frames again.</param>
    public TokenEncoder(
        LayerBuilder network, SequenceForm form, SequenceEncoderOptions options, bool frozen = false,
        bool restores = false)
    {
        _options = options;
        LayerBuilder builder = network.In(Part).Frozen(frozen);
        Embedding = new SequenceEmbedding(
            builder, form, options.Width, restores ? network : null, positions: options.Staircase is null,
            options.NGrams);
        if (options.Staircase is { } kind)
        {
            _staircase = new StaircaseStack(
                builder, kind, options.Width, options.Heads, options.Hidden, options.Blocks, options.Dropout);
        }
        else
        {
            AttentionKind attention = options.Attention.For(form.MaxLength);
            _blocks = [.. Enumerable.Range(0, options.Blocks).Select(i => new TransformerBlock(
                builder.In($"blocks.{i}"), options.Width, options.Heads, options.Hidden, options.Dropout,
                Initial.BranchScale, attention))];
        }

        _norm = new LayerNorm(builder.In("norm"), options.Width);
        _wholeSequence = [0, form.MaxLength];
    }

    /// <summary>What the names of the encoder's weights begin with.</summary>
    public static string Prefix => Part + ".";

    /// <summary>Tokens or frames as vectors, and vectors as tokens or frames.</summary>
    public SequenceEmbedding Embedding { get; }

    /// <summary>The states <c>[B, T, D]</c> of a batch's own tokens; a segment of a stream goes on where the last ended.</summary>
    public Tensor States(Graph graph, SequenceBatch batch)
    {
        Tensor embedded = Embedding.Forward(graph, batch, batch.Ids, batch.Frames);
        if (_staircase is null)
            return States(graph, embedded, batch.Mask);
        var memory = (StaircaseMemory?)batch.Stream?.State(_staircase.NewMemory);
        return _norm.Forward(graph, _staircase.Forward(graph, embedded, batch.Mask, memory));
    }

    /// <summary>The states <c>[B, T, D]</c> of embedded tokens of the same shape; not of a staircase.</summary>
    public Tensor States(Graph graph, Tensor embedded, TokenMask mask)
    {
        Tensor x = embedded;
        foreach (TransformerBlock block in _blocks)
            x = block.Forward(graph, x, mask.IsFull ? null : mask);
        return _norm.Forward(graph, x);
    }

    /// <summary>One vector per sequence, <c>[B, 1, D]</c>; zeros for one without a token that is not missing.</summary>
    public Tensor Encode(Graph graph, SequenceBatch batch)
    {
        TokenMask pooled = _options.Pooling switch
        {
            SequencePooling.FirstToken => batch.Mask.First(),
            SequencePooling.LastToken => batch.Mask.Last(),
            _ => batch.Mask,
        };
        return graph.PoolTokens(States(graph, batch), pooled, _wholeSequence);
    }
}

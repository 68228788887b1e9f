using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Tokens or frames as vectors, which may know their positions, and vectors as tokens or frames again: tokens by one table
/// for both ways, frames by a linear map for each.
/// </summary>
internal sealed class SequenceEmbedding
{
    private readonly int _width, _inputWidth;
    private readonly Weight? _table;
    private readonly Linear? _input, _output;
    private readonly NGramEmbedding? _ngrams;
    private readonly Weight? _positions;

    /// <summary>An embedding of sequences of a form.</summary>
    /// <param name="builder">Where its weights are asked for.</param>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="width">D.</param>
    /// <param name="restoring">Where the map back to frames is asked for; none: there is none.</param>
    /// <param name="positions">Whether vectors know their positions.</param>
    /// <param name="ngrams">Runs of tokens that are embedded too; none: tokens alone are.</param>
    public SequenceEmbedding(
        LayerBuilder builder, SequenceForm form, int width, LayerBuilder? restoring = null, bool positions = true,
        HashedNGrams? ngrams = null)
    {
        (_width, _inputWidth) = (width, form.InputWidth);
        if (form.FrameWidth == 0)
        {
            _table = builder.Weight(
                "embedding.weight", new Shape(form.VocabularySize, width), Initial.Normal(1 / Math.Sqrt(width)));
            _ngrams = ngrams is null ? null : new NGramEmbedding(builder.In("ngrams"), ngrams, width);
        }
        else
        {
            _input = new Linear(builder.In("input"), form.InputWidth, width);
            _output = restoring is null ? null : new Linear(restoring.In("output"), width, form.InputWidth);
        }

        if (positions)
        {
            _positions = builder.Weight(
                "positions.weight", new Shape(form.MaxLength, width), Initial.Normal(Initial.PositionDeviation));
        }
    }

    /// <summary>
    /// A batch's sequences as <c>[B, T, D]</c>, with other ids or frames of the same counts in place of its own.
    /// </summary>
    public Tensor Forward(Graph graph, SequenceBatch batch, ReadOnlyMemory<int> ids, ReadOnlyMemory<float> frames)
    {
        Tensor x = _table is null
            ? _input!.Forward(graph, graph.Constant(frames.Span, new Shape(batch.Rows, batch.Tokens, _inputWidth)))
            : graph.Scale(graph.Embedding(_table, ids, batch.Rows, batch.Tokens), MathF.Sqrt(_width));
        x = _ngrams is null ? x : _ngrams.AddTo(graph, x, ids);
        return _positions is null ? x : graph.AddRows(x, _positions);
    }

    /// <summary>Vectors <c>[.., D]</c> as logits <c>[.., V]</c> or frames <c>[.., F + 1]</c>.</summary>
    public Tensor Restore(Graph graph, Tensor x) =>
        _table is null ? _output!.Forward(graph, x) : graph.Linear(x, _table, null);
}

using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;
using static Microsoft.ML.SequenceReduction.Export.OnnxMessages;

namespace Microsoft.ML.SequenceReduction.Export;

internal sealed partial class OnnxDevice
{
    private readonly Dictionary<(int Queries, int Keys), OnnxValue> _distances = [];

    /// <inheritdoc/>
    protected internal override void Attention(in AttentionCall call, Tensor y, Tensor? logSumExp)
    {
        OnnxValue queries = Heads(call.Queries, call.Heads), keys = Heads(call.Keys, call.Heads);
        OnnxValue products = queries.MatMul(keys.Transpose(0, 1, 3, 2));
        OnnxValue? seen = Valid(call.Mask)?.Unsqueeze(1, 2);
        if (call.Causal)
        {
            OnnxValue distances = Distances(call, queries, keys);
            OnnxValue past = distances >= _graph.Constant(0L);
            seen = seen is { } valid ? valid & past : past;
            products = call.RelativeKeys is { } table ? products + OfDistances(queries, table, distances) : products;
        }

        OnnxValue logits = products * call.Scale;
        logits = call.Bias is { } bias ? logits + BiasOf(bias, keys, call.Queries.Tokens) : logits;
        Set(y, Joined(MaskedSoftmax(logits, seen).MatMul(Heads(call.Values, call.Heads)), call.Values.Width));
    }

    /// <summary>The heads <c>[B, H, T, K]</c> of some columns.</summary>
    private OnnxValue Heads(Columns columns, int heads) =>
        Part(columns).Reshape(0, 0, heads, columns.Width / heads).Transpose(0, 2, 1, 3);

    /// <summary>Heads <c>[B, H, T, K]</c> side by side, <c>[B, T, H·K]</c>.</summary>
    private static OnnxValue Joined(OnnxValue heads, int width) => heads.Transpose(0, 2, 1, 3).Reshape(0, 0, width);

    private OnnxValue Part(Columns columns) => columns.Width == columns.Source.Shape.Last
        ? Value(columns.Source)
        : Value(columns.Source).Slice(2, columns.Start, columns.Start + columns.Width);

    /// <summary>How far back each key is from each query's place, <c>[Tq, Tk]</c>, below 0 for later ones.</summary>
    private OnnxValue Distances(in AttentionCall call, OnnxValue queries, OnnxValue keys)
    {
        (int, int) sizes = (call.Queries.Tokens, call.Keys.Tokens);
        if (_distances.TryGetValue(sizes, out OnnxValue known))
            return known;
        OnnxValue queryCount = queries.Length(2), keyCount = keys.Length(2);
        OnnxValue own = _graph.Range(queryCount) + (keyCount - queryCount);
        return _distances[sizes] = own.Unsqueeze(1) - _graph.Range(keyCount);
    }

    /// <summary>The products of queries and the vectors of the keys' distances, <c>[B, H, Tq, Tk]</c>.</summary>
    private OnnxValue OfDistances(OnnxValue queries, Tensor table, OnnxValue distances)
    {
        OnnxValue products = queries.MatMul(Transposed(table));
        OnnxValue row = distances.Max(_graph.Constant(0L)).Min(_graph.Constant(table.Shape[0] - 1L));
        OnnxValue shape = queries.Length(0).Concat(0, queries.Length(1), row.To("Shape"));
        return products.With("GatherElements", row.Expand(shape), Attribute("axis", 3));
    }

    /// <summary>The bias of each query's keys, <c>[H, Tq, Tk]</c>.</summary>
    private OnnxValue BiasOf(RelativeBias bias, OnnxValue keys, int queries)
    {
        OnnxValue own = Whole(bias.Starts.Span[..queries]).Unsqueeze(1);
        OnnxValue column = _graph.Range(keys.Length(2)) - own + (long)bias.Origin;
        return Value(bias.Table).Gather(column, axis: 1);
    }
}

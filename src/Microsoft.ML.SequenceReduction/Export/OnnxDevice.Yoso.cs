using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;
using static Microsoft.ML.SequenceReduction.Export.OnnxMessages;

namespace Microsoft.ML.SequenceReduction.Export;

internal sealed partial class OnnxDevice
{
    /// <inheritdoc/>
    protected internal override void Yoso(in YosoCall call, Tensor y, Tensor? kept)
    {
        OnnxValue values = Heads(call.Values, call.Heads);
        OnnxValue sums = call.Hashes is null ? Expected(call, values) : Sampled(call, call.Hashes, values);
        sums = call.Normalizes ? Unit(sums, YosoCall.Epsilon) : sums;
        if (Valid(call.QueryMask) is { } valid)
            sums = valid.Unsqueeze(1, 3).Where(sums, _graph.Constant(0f));
        Set(y, Joined(sums, call.Values.Width));
    }

    /// <inheritdoc/>
    protected internal override void ConvolveTokens(Columns x, int heads, Tensor filter, TokenMask? mask, Tensor y)
    {
        OnnxValue tokens = Part(x);
        if (Valid(mask) is { } valid)
            tokens = valid.Unsqueeze(2).Where(tokens, _graph.Constant(0f));
        int reach = filter.Shape[1] / 2;
        int[] headOfColumn = [.. Enumerable.Range(0, x.Width).Select(column => column / (x.Width / heads))];
        OnnxValue convolved = _graph.Node(
            "Conv", [tokens.Transpose(0, 2, 1), Value(filter).Gather(Whole(headOfColumn)).Unsqueeze(1)],
            Attribute("group", x.Width), Attribute("pads", [reach, reach]));
        Set(y, convolved.Transpose(0, 2, 1));
    }

    /// <summary>The values weighted by the expected share of collisions, <c>[B, H, Tq, K]</c>.</summary>
    private OnnxValue Expected(in YosoCall call, OnnxValue values)
    {
        OnnxValue queries = Unit(Heads(call.Queries, call.Heads), YosoCall.Epsilon);
        OnnxValue keys = Unit(Heads(call.Keys, call.Heads), YosoCall.Epsilon);
        OnnxValue cosine = queries.MatMul(keys.Transpose(0, 1, 3, 2));
        OnnxValue angle = _graph.Node("Clip", [cosine, _graph.Constant(-1f), _graph.Constant(1f)]).To("Acos");
        OnnxValue weights = (angle * (-1 / MathF.PI) + 1f).With("Pow", _graph.Constant((float)call.Bits));
        if (Valid(call.KeyMask) is { } valid)
            weights = valid.Unsqueeze(1, 2).Where(weights, _graph.Constant(0f));
        return weights.MatMul(values);
    }

    /// <summary>
    /// The values weighted by the share of collisions, <c>[B, H, Tq, K]</c>: each hash function has a table with a row
    /// for each code, to which keys add their values and where queries read them, so that time and memory grow as T.
    /// </summary>
    private OnnxValue Sampled(in YosoCall call, HashFunctions functions, OnnxValue values)
    {
        if (functions.PerRow)
            throw new InvalidOperationException(
                "YOSO attention with fresh hash functions for every call cannot be exported; set its Evaluation to "
                + $"{nameof(Layers.YosoEvaluation.FixedHashes)} or {nameof(Layers.YosoEvaluation.Expectation)}.");
        if (Valid(call.KeyMask) is { } valid)
            values = valid.Unsqueeze(1, 3).Where(values, _graph.Constant(0f));
        (int width, int count) = (call.HeadWidth, functions.Count);
        OnnxValue planes = _graph.Constants(
            HashPlanes.Of(functions, call.Heads, width), call.Heads, width, count * functions.Bits);
        OnnxValue size = values.Length(0).Concat(
            0, _graph.Constants(call.Heads, (long)count << functions.Bits, width));
        OnnxValue added = values.Unsqueeze(3).Expand(_graph.Constants(1, 1, 1, count, 1)).Reshape(0, 0, -1, width);
        OnnxValue tables = _graph.Node(
            "ScatterElements",
            [_graph.Constant(0f).Expand(size), TableRows(call.Keys, call.Heads, planes, functions), added],
            Attribute("axis", 2), Attribute("reduction", "add"));
        OnnxValue read = tables.With(
            "GatherElements", TableRows(call.Queries, call.Heads, planes, functions), Attribute("axis", 2));
        return read.Reshape(0, 0, -1, count, width).Sum(3, kept: false) * (1f / count);
    }

    /// <summary>Each token's rows in the m functions' tables, one for each number: <c>[B, H, T·m, K]</c>.</summary>
    private OnnxValue TableRows(Columns tokens, int heads, OnnxValue planes, HashFunctions functions)
    {
        (int count, int bits) = (functions.Count, functions.Bits);
        OnnxValue above = Heads(tokens, heads).MatMul(planes) > _graph.Constant(0f);
        OnnxValue worth = _graph.Constants([.. Enumerable.Range(0, bits).Select(bit => 1L << bit)]);
        OnnxValue codes = (above.As(OnnxType.Int64).Reshape(0, 0, 0, count, bits) * worth).Sum(-1, kept: false);
        OnnxValue table = _graph.Constants([.. Enumerable.Range(0, count).Select(f => (long)f << bits)]);
        return (codes + table).Reshape(0, 0, -1, 1).Expand(_graph.Constants(1, 1, 1, tokens.Width / heads));
    }
}

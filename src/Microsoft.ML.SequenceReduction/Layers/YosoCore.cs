using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// YOSO attention (Zeng et al. 2021, arXiv 2111.09714), with a convolution of the values added where asked for. In
/// training every pass draws new hash functions, one set for each row and head; outside, it is as
/// <see cref="YosoEvaluation"/> says.
/// </summary>
internal sealed class YosoCore : AttentionCore
{
    private readonly YosoAttention _kind;
    private readonly int _heads, _bits;
    private readonly Weight? _filter;
    private readonly HashFunctions? _fixed;
    private long _draws;

    /// <summary>A layer's attention; its kind knows the bits of a hash.</summary>
    public YosoCore(LayerBuilder builder, int heads, YosoAttention kind)
    {
        (_kind, _heads, _bits) = (kind, heads, kind.Bits!.Value);
        _filter = kind.Convolution > 0
            ? builder.Weight("conv.weight", new Shape(heads, kind.Convolution), Initial.Linear) : null;
        var name = new ContentHash();
        foreach (char letter in builder.Prefix)
            name.Add(letter);
        _draws = name.Value;
        _fixed = Functions((ulong)name.Value, perRow: false);
    }

    public override Tensor Forward(
        Graph graph, Columns queries, Columns keys, Columns values, TokenMask? queryMask, TokenMask? keyMask,
        RelativeBias? bias)
    {
        if (bias is not null)
            throw new ArgumentException("YOSO attention takes no relative position bias.", nameof(bias));
        HashFunctions? hashes = FunctionsFor(graph);
        YosoGradient gradient =
            hashes is null && _kind.Gradient == YosoGradient.Sampled ? YosoGradient.Surrogate : _kind.Gradient;
        Tensor y = graph.Yoso(
            new YosoCall(queries, keys, values, _heads, _bits, hashes, gradient, queryMask, keyMask));
        return _filter is null ? y : graph.Add(y, graph.ConvolveTokens(values, _heads, _filter, keyMask));
    }

    private HashFunctions? FunctionsFor(Graph graph)
    {
        if (graph is { Recording: true, Seed: not null })
            return Functions(graph.NextDropoutSeed(), perRow: true);
        return _kind.Evaluation switch
        {
            YosoEvaluation.FixedHashes => _fixed,
            YosoEvaluation.FreshHashes => Functions((ulong)Interlocked.Increment(ref _draws), perRow: true),
            _ => null,
        };
    }

    private HashFunctions? Functions(ulong seed, bool perRow) => _kind.Hashes is { } count
        ? new HashFunctions(_kind.Hashing, count, _bits, seed, perRow) : null;
}

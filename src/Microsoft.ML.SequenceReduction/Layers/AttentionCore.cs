using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>What an attention layer does between its projections.</summary>
internal abstract class AttentionCore
{
    /// <summary>Queries <c>[B, Tq, H·K]</c> over keys and values <c>[B, Tk, H·K]</c> to <c>[B, Tq, H·K]</c>.</summary>
    /// <param name="graph">The pass.</param>
    /// <param name="queries">Queries.</param>
    /// <param name="keys">Keys.</param>
    /// <param name="values">Values.</param>
    /// <param name="queryMask">
    /// Which queries matter, <c>[B, Tq]</c>; what others give is not said. None where all do.
    /// </param>
    /// <param name="keyMask">Which keys are seen, <c>[B, Tk]</c>; none where all are.</param>
    /// <param name="bias">A relative position bias, where the kind takes one.</param>
    public abstract Tensor Forward(
        Graph graph, Columns queries, Columns keys, Columns values, TokenMask? queryMask, TokenMask? keyMask,
        RelativeBias? bias = null);
}

/// <summary>Softmax attention, scaled by the root of a head's width.</summary>
internal sealed class SoftmaxCore(int heads) : AttentionCore
{
    public override Tensor Forward(
        Graph graph, Columns queries, Columns keys, Columns values, TokenMask? queryMask, TokenMask? keyMask,
        RelativeBias? bias) => graph.Attention(new AttentionCall(
            queries, keys, values, heads, 1 / MathF.Sqrt((float)queries.Width / heads), keyMask, false, bias));
}

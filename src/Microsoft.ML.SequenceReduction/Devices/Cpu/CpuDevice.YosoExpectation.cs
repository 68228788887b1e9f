using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    private void YosoExpectation(in YosoCall call, Tensor y, Tensor? kept) => Attend(
        new AttentionProblem(call), WeightsOf(call), call.KeyMask, call.QueryMask, [], y, kept);

    private void YosoExpectationBackward(
        in YosoCall call, Tensor y, Tensor kept, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues)
    {
        AttendBackward(
            new AttentionProblem(call), WeightsOf(call), call.KeyMask, call.QueryMask, [],
            y, kept, dy, dQueries, dKeys, dValues, null, null);
        BackToRows(call.Queries, dQueries, call.QueryMask, call.Heads);
        BackToRows(call.Keys, dKeys, call.KeyMask, call.Heads);
    }

    /// <summary>Turns gradients of heads brought to length 1 into those of the heads as they are.</summary>
    private void BackToRows(Columns rows, Columns gradients, TokenMask? mask, int heads)
    {
        fixed (byte* valid = mask is null ? default : mask.Valid.Span)
            RunRows((long)rows.Source.Shape[0] * rows.Tokens, rows.Width, new HeadGradients(
                AttentionRows.Of(rows), AttentionRows.Of(gradients), valid, heads, rows.Width / heads));
    }

    private static ExpectationWeights WeightsOf(in YosoCall call) => new(call.Bits, call.Gradient, call.Normalizes);
}

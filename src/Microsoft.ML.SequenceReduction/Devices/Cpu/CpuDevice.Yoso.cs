using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Yoso(in YosoCall call, Tensor y, Tensor? lengths)
    {
        if (call.Hashes is null)
            YosoExpectation(call, y, lengths);
        else
            YosoSampled(call, y, lengths);
    }

    /// <inheritdoc/>
    protected internal override void YosoBackward(
        in YosoCall call, Tensor y, Tensor lengths, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues)
    {
        if (call.SamplesGradient)
            YosoSampledBackward(call, y, lengths, dy, dQueries, dKeys, dValues);
        else
            YosoExpectationBackward(call, y, lengths, dy, dQueries, dKeys, dValues);
    }
}

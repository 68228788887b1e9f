using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Yoso(in YosoCall call, Tensor y, Tensor? kept)
    {
        if (call.Hashes is null)
            YosoExpectation(call, y, kept);
        else
            YosoSampled(call, y, kept);
    }

    /// <inheritdoc/>
    protected internal override void YosoBackward(
        in YosoCall call, Tensor y, Tensor kept, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues)
    {
        if (call.SamplesGradient)
            YosoSampledBackward(call, y, kept, dy, dQueries, dKeys, dValues);
        else
            YosoExpectationBackward(call, y, kept, dy, dQueries, dKeys, dValues);
    }
}

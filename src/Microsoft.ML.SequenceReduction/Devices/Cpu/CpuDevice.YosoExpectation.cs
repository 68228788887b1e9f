using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    private void YosoExpectation(in YosoCall call, Tensor y, Tensor? lengths) => throw new NotSupportedException();

    private void YosoExpectationBackward(
        in YosoCall call, Tensor y, Tensor lengths, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues) =>
        throw new NotSupportedException();
}

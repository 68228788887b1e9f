using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Linear(Tensor x, Tensor weight, Tensor? bias, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void LinearBackwardInput(Tensor dy, Tensor weight, Tensor dx) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void LinearBackwardWeight(Tensor dy, Tensor x, Tensor? dWeight, Tensor? dBias) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor result, bool adds) =>
        throw new NotImplementedException();
}

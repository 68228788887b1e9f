using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void ConvolveTokens(Columns x, int heads, Tensor filter, TokenMask? mask, Tensor y) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void ConvolveTokensBackward(
        Columns x, int heads, Tensor filter, TokenMask? mask, Tensor dy, Columns dX, Tensor? dFilter) =>
        throw new NotSupportedException();
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Attention(in AttentionCall call, Tensor y, Tensor? logSumExp) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void AttentionBackward(in AttentionCall call, Tensor y, Tensor logSumExp, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias) =>
        throw new NotImplementedException();
}

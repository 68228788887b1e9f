using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void HashCodes(Columns x, int heads, HashFunctions functions, Span<int> codes) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected internal override void WalshHadamard(Tensor x, Tensor y) => throw new NotSupportedException();
}

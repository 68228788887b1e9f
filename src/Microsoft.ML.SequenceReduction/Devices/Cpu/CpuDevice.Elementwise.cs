using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Fill(Tensor destination, float value) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Copy(Tensor source, Tensor destination) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Add(Tensor a, Tensor b, Tensor c) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Scale(Tensor source, float factor, Tensor destination) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void LayerNorm(Tensor x, Tensor gain, Tensor bias, float epsilon, Tensor y, Tensor? statistics) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void LayerNormBackward(Tensor dy, Tensor x, Tensor gain, Tensor statistics, Tensor? dx, Tensor? dGain, Tensor? dBias) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Activate(ActivationKind kind, Tensor x, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void ActivateBackward(ActivationKind kind, Tensor x, Tensor dy, Tensor dx) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Embedding(Tensor table, ReadOnlyMemory<int> ids, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void EmbeddingBackward(Tensor dy, ReadOnlyMemory<int> ids, Tensor dTable) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void AddRows(Tensor x, Tensor rows, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void AddRowsBackward(Tensor dy, Tensor dRows) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void GatherTokens(Tensor x, ReadOnlyMemory<int> index, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void GatherTokensBackward(Tensor dy, ReadOnlyMemory<int> index, Tensor dx) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void PoolTokens(Tensor x, TokenMask mask, ReadOnlyMemory<int> starts, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void PoolTokensBackward(Tensor dy, TokenMask mask, ReadOnlyMemory<int> starts, Tensor dx) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void MaskTokens(Tensor x, TokenMask mask, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, TokenMask? mask, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void SoftmaxBackward(Tensor y, Tensor dy, Tensor dx) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Normalize(Tensor x, float epsilon, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void NormalizeBackward(Tensor x, Tensor dy, float epsilon, Tensor dx) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void Dropout(Tensor x, float rate, ulong seed, Tensor y) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void CrossEntropy(Tensor logits, ReadOnlyMemory<int> labels, float smoothing, float scale, Tensor rowLoss, Tensor? dLogits) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void SquaredError(Tensor x, Tensor target, ReadOnlyMemory<byte> valid, float scale, Tensor rowLoss, Tensor? dx) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void ArgMax(Tensor x, Span<int> index) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override double Sum(Tensor x) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override double SumOfSquares(Tensor x) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal override void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step) =>
        throw new NotImplementedException();
}

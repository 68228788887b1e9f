using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>What only training and measuring need is refused.</summary>
internal sealed partial class OnnxDevice
{
    /// <inheritdoc/>
    protected internal override void LinearBackwardInput(Tensor dy, Tensor weight, Tensor dx, bool adds) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void LinearBackwardWeight(Tensor dy, Tensor x, Tensor? dWeight, Tensor? dBias) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void AttentionBackward(
        in AttentionCall call, Tensor y, Tensor logSumExp, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias, Tensor? dRelativeKeys) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void YosoBackward(
        in YosoCall call, Tensor y, Tensor kept, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void HashCodes(Columns x, int heads, HashFunctions functions, Span<int> codes) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void WalshHadamard(Tensor x, Tensor y) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void ConvolveTokensBackward(
        Columns x, int heads, Tensor filter, TokenMask? mask, Tensor dy, Columns dX, Tensor? dFilter) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void LayerNormBackward(
        Tensor dy, Tensor x, Tensor gain, Tensor statistics, Tensor? dx, bool adds, Tensor? dGain, Tensor? dBias) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void ActivateBackward(ActivationKind kind, Tensor x, Tensor dy, Tensor dx) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void EmbeddingBackward(Tensor dy, ReadOnlyMemory<int> ids, Tensor dTable) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void AddRowsBackward(Tensor dy, Tensor dRows) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void GatherTokensBackward(Tensor dy, ReadOnlyMemory<int> index, Tensor dx) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void PoolTokensBackward(
        Tensor dy, TokenMask mask, ReadOnlyMemory<int> starts, Tensor dx) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void SoftmaxBackward(Tensor y, Tensor dy, Tensor dx) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void NormalizeBackward(Tensor x, Tensor dy, float epsilon, Tensor dx) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void Dropout(Tensor x, float rate, ulong seed, Tensor y) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void CrossEntropy(
        Tensor logits, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> weights, float smoothing, float scale,
        Tensor rowLoss, Tensor? dLogits) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void SquaredError(
        Tensor x, Tensor target, ReadOnlyMemory<float> weights, float scale, Tensor rowLoss, Tensor? dx) =>
        throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void ArgMax(Tensor x, Span<int> index) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override double Sum(Tensor x) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override double SumOfSquares(Tensor x) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step) =>
        throw NothingComputed();
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>
/// Where tensors live and operations run. Every operation is a pair: the result, and what each input's gradient is.
/// Unless a method says that it adds, it overwrites its outputs. Operations check shapes before they call a device;
/// a device may rely on them. Scoring from several threads at once is allowed; one graph belongs to one thread.
/// </summary>
/// <remarks>
/// Letters: B batch, T tokens, M reduced length, D width, H heads, K head width, V vocabulary, R rows (all axes but the
/// last taken together). In results of forward methods the order in which an element is summed never depends on B, on
/// padding or on the number of threads.
/// </remarks>
public abstract class Device : IDisposable
{
    /// <summary>Short name, for instance <c>cpu</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gives all memory back; tensors on this device must no longer be used.</summary>
    public abstract void Dispose();

    /// <summary>Memory for at least one number, not cleared, ready for one owner.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no room; the message says how much was asked for.</exception>
    protected internal abstract Storage Allocate(long length);

    /// <summary>Takes back memory that nobody holds any more.</summary>
    protected internal abstract void Free(Storage storage);

    /// <summary>Writes numbers into a tensor of equal count.</summary>
    public abstract void Upload(ReadOnlySpan<float> values, Tensor destination);

    /// <summary>Reads a tensor's numbers.</summary>
    public abstract void Download(Tensor source, Span<float> values);

    /// <summary>Sets every element.</summary>
    protected internal abstract void Fill(Tensor destination, double value);

    /// <summary>Copies the elements of one tensor to another of equal count.</summary>
    protected internal abstract void Copy(Tensor source, Tensor destination);

    /// <summary>c = a + b, all of one count; c may be a or b.</summary>
    protected internal abstract void Add(Tensor a, Tensor b, Tensor c);

    /// <summary>destination = source · factor; both may be one tensor.</summary>
    protected internal abstract void Scale(Tensor source, float factor, Tensor destination);

    /// <summary>
    /// y = x Wᵀ + b + residual: x <c>[R, D]</c>, weight <c>[E, D]</c>, bias <c>[E]</c>, residual and y <c>[R, E]</c>;
    /// bias and residual may be none.
    /// </summary>
    protected internal abstract void Linear(Tensor x, Tensor weight, Tensor? bias, Tensor? residual, Tensor y);

    /// <summary>Writes dy W to dx, or adds it.</summary>
    protected internal abstract void LinearBackwardInput(Tensor dy, Tensor weight, Tensor dx, bool adds);

    /// <summary>Adds dyᵀ x to dWeight and the column sums of dy to dBias.</summary>
    protected internal abstract void LinearBackwardWeight(Tensor dy, Tensor x, Tensor? dWeight, Tensor? dBias);

    /// <summary>
    /// Adds (or writes, unless <paramref name="adds"/>) the product of matrices: a <c>[B, r, k]</c> or <c>[r, k]</c>
    /// (transposed: <c>[.., k, r]</c>), b <c>[B, k, c]</c> or <c>[k, c]</c> (transposed: <c>[.., c, k]</c>), result
    /// <c>[B, r, c]</c>, or <c>[r, c]</c> which sums over the batch. A matrix without a batch axis serves every row of it.
    /// </summary>
    protected internal abstract void MatMul(
        Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor result, bool adds);

    /// <summary>Softmax attention without the T×T matrix in memory; see <see cref="AttentionCall"/>.</summary>
    /// <param name="call">Queries, keys, values and settings.</param>
    /// <param name="y">The result, <c>[B, Tq, H·K]</c>. A query that sees no key gives zeros.</param>
    /// <param name="logSumExp">Where to keep the logarithm of each softmax's denominator, <c>[B, H, Tq]</c>; may be none.</param>
    protected internal abstract void Attention(in AttentionCall call, Tensor y, Tensor? logSumExp);

    /// <summary>Gradients of <see cref="Attention"/>.</summary>
    /// <param name="call">What the forward pass was given.</param>
    /// <param name="y">The forward result.</param>
    /// <param name="logSumExp">What the forward pass kept.</param>
    /// <param name="dy">Gradient with respect to y.</param>
    /// <param name="dQueries">Overwritten in its columns; likewise keys and values.</param>
    /// <param name="dKeys">Gradient of the keys.</param>
    /// <param name="dValues">Gradient of the values.</param>
    /// <param name="dBias">The relative bias's gradient, <c>[H, R]</c>, added to; may be none.</param>
    /// <param name="dRelativeKeys">The relative keys' gradient, <c>[R, K]</c>, added to; may be none.</param>
    protected internal abstract void AttentionBackward(
        in AttentionCall call, Tensor y, Tensor logSumExp, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias, Tensor? dRelativeKeys);

    /// <summary>YOSO attention without a T×T matrix in memory; see <see cref="YosoCall"/>.</summary>
    /// <param name="call">Queries, keys, values and settings.</param>
    /// <param name="y">The result, <c>[B, Tq, H·K]</c>.</param>
    /// <param name="kept">Where to keep what <see cref="KeptByYoso"/> says; may be none.</param>
    protected internal abstract void Yoso(in YosoCall call, Tensor y, Tensor? kept);

    /// <summary>
    /// The shape of what <see cref="Yoso"/> keeps for <see cref="YosoBackward"/>: each row's length before it is
    /// brought to 1, <c>[B, H, Tq]</c>, unless a device says otherwise.
    /// </summary>
    protected internal virtual Shape KeptByYoso(in YosoCall call) =>
        new(call.Batch, call.Heads, call.Queries.Tokens);

    /// <summary>Gradients of <see cref="Yoso"/>.</summary>
    /// <param name="call">What the forward pass was given.</param>
    /// <param name="y">The forward result.</param>
    /// <param name="kept">What the forward pass kept.</param>
    /// <param name="dy">Gradient with respect to y.</param>
    /// <param name="dQueries">Overwritten in its columns; likewise keys and values.</param>
    /// <param name="dKeys">Gradient of the keys.</param>
    /// <param name="dValues">Gradient of the values.</param>
    protected internal abstract void YosoBackward(
        in YosoCall call, Tensor y, Tensor kept, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues);

    /// <summary>
    /// The hash codes of every token's heads: x <c>[B, T, H·K]</c>, codes <c>[B, H, T, m]</c>, each below 2^τ.
    /// </summary>
    protected internal abstract void HashCodes(Columns x, int heads, HashFunctions functions, Span<int> codes);

    /// <summary>
    /// y = x H per row with the unnormalised Walsh-Hadamard matrix in natural order: x <c>[R, D]</c>, D a power of two.
    /// Its own gradient.
    /// </summary>
    protected internal abstract void WalshHadamard(Tensor x, Tensor y);

    /// <summary>
    /// y[b, t, c] = Σ_i filter[h, i] · x[b, t + i − w/2, c] over valid tokens, c a column of head h: x
    /// <c>[B, T, H·K]</c>, filter <c>[H, w]</c>, y <c>[B, T, H·K]</c>, also where t is not valid.
    /// </summary>
    protected internal abstract void ConvolveTokens(Columns x, int heads, Tensor filter, TokenMask? mask, Tensor y);

    /// <summary>
    /// Gradients of <see cref="ConvolveTokens"/>: dX is overwritten in its columns, dFilter is added to; it may be
    /// none.
    /// </summary>
    protected internal abstract void ConvolveTokensBackward(
        Columns x, int heads, Tensor filter, TokenMask? mask, Tensor dy, Columns dX, Tensor? dFilter);

    /// <summary>
    /// y = gain · (x − mean) / sqrt(variance + epsilon) + bias per row of x <c>[R, D]</c>; gain, bias <c>[D]</c>.
    /// Keeps each row's mean and inverse deviation in <paramref name="statistics"/> <c>[R, 2]</c>, if given.
    /// </summary>
    protected internal abstract void LayerNorm(
        Tensor x, Tensor gain, Tensor bias, float epsilon, Tensor y, Tensor? statistics);

    /// <summary>
    /// Gradients of <see cref="LayerNorm"/>: dx is overwritten, or added to if <paramref name="adds"/>; dGain and dBias
    /// are added to. Each may be none.
    /// </summary>
    protected internal abstract void LayerNormBackward(
        Tensor dy, Tensor x, Tensor gain, Tensor statistics, Tensor? dx, bool adds, Tensor? dGain, Tensor? dBias);

    /// <summary>y = f(x), element by element.</summary>
    protected internal abstract void Activate(ActivationKind kind, Tensor x, Tensor y);

    /// <summary>dx = f′(x) · dy.</summary>
    protected internal abstract void ActivateBackward(ActivationKind kind, Tensor x, Tensor dy, Tensor dx);

    /// <summary>y[i] = table[ids[i]]: table <c>[V, D]</c>, y <c>[.., D]</c>; an id of −1 gives zeros.</summary>
    protected internal abstract void Embedding(Tensor table, ReadOnlyMemory<int> ids, Tensor y);

    /// <summary>Adds each row of dy to its row of dTable, in the order of the ids.</summary>
    protected internal abstract void EmbeddingBackward(Tensor dy, ReadOnlyMemory<int> ids, Tensor dTable);

    /// <summary>
    /// For each of B·T ids, which of so many rows of a table stands for the run of n tokens that ends there; −1 where
    /// the run would begin before its sequence or holds a missing token. Devices compute it alike, from ids in plain memory.
    /// </summary>
    protected internal virtual ReadOnlyMemory<int> HashRuns(
        ReadOnlyMemory<int> ids, int tokens, int length, int rows) => NGramRows.Of(ids.Span, tokens, length, rows);

    /// <summary>y[b, t] = x[b, t] + rows[t]: x <c>[B, T, D]</c>, rows <c>[N, D]</c> with N ≥ T.</summary>
    protected internal abstract void AddRows(Tensor x, Tensor rows, Tensor y);

    /// <summary>Adds the sum over the batch of dy <c>[B, T, D]</c> to the first T rows of dRows.</summary>
    protected internal abstract void AddRowsBackward(Tensor dy, Tensor dRows);

    /// <summary>y[b, i] = x[b, index[i]] for rows of D numbers: x <c>[B, T, D]</c>, y <c>[B, n, D]</c>.</summary>
    protected internal abstract void GatherTokens(Tensor x, ReadOnlyMemory<int> index, Tensor y);

    /// <summary>dx[b, t] = sum of dy[b, i] over all i with index[i] = t.</summary>
    protected internal abstract void GatherTokensBackward(Tensor dy, ReadOnlyMemory<int> index, Tensor dx);

    /// <summary>
    /// destination[b, to + t] = source[b, from + t] for t below <paramref name="count"/>, rows of D numbers: both
    /// <c>[B, T, D]</c>, each with its own T. All else of the destination stays.
    /// </summary>
    protected internal abstract void CopyTokens(Tensor source, int from, Tensor destination, int to, int count);

    /// <summary>
    /// y[b, j] = mean of the valid x[b, t] with starts[j] ≤ t &lt; starts[j + 1] (and t &lt; T), zeros where there are none:
    /// x <c>[B, T, D]</c>, y <c>[B, M, D]</c>, starts M + 1 numbers.
    /// </summary>
    protected internal abstract void PoolTokens(Tensor x, TokenMask mask, ReadOnlyMemory<int> starts, Tensor y);

    /// <summary>Gradient of <see cref="PoolTokens"/>.</summary>
    protected internal abstract void PoolTokensBackward(
        Tensor dy, TokenMask mask, ReadOnlyMemory<int> starts, Tensor dx);

    /// <summary>y = x with the rows of invalid tokens zeroed: x <c>[B, T, D]</c>; x and y may be one tensor.</summary>
    protected internal abstract void MaskTokens(Tensor x, TokenMask mask, Tensor y);

    /// <summary>
    /// y = softmax over the last axis of x <c>[B, M, T]</c>, where invalid tokens of the mask <c>[B, T]</c> count as −∞;
    /// a row without a valid token gives zeros.
    /// </summary>
    protected internal abstract void Softmax(Tensor x, TokenMask? mask, Tensor y);

    /// <summary>dx = y · (dy − Σ y·dy) per row.</summary>
    protected internal abstract void SoftmaxBackward(Tensor y, Tensor dy, Tensor dx);

    /// <summary>y = x / max(‖x‖₂, epsilon) per row.</summary>
    protected internal abstract void Normalize(Tensor x, float epsilon, Tensor y);

    /// <summary>Gradient of <see cref="Normalize"/>.</summary>
    protected internal abstract void NormalizeBackward(Tensor x, Tensor dy, float epsilon, Tensor dx);

    /// <summary>
    /// y = x with each element zeroed at the given rate and the others scaled by 1 / (1 − rate). Which are zeroed follows
    /// from the seed and the element's index alone, so the same call on dy is the gradient.
    /// </summary>
    protected internal abstract void Dropout(Tensor x, float rate, ulong seed, Tensor y);

    /// <summary>
    /// Cross-entropy of logits <c>[R, V]</c> against labels (R numbers; a negative one is ignored), each row's loss times
    /// its weight and <paramref name="scale"/>.
    /// </summary>
    /// <param name="logits">Unnormalised scores, <c>[R, V]</c>.</param>
    /// <param name="labels">The right class of each row.</param>
    /// <param name="weights">Each row's weight, 0 or more; empty where every row counts once.</param>
    /// <param name="smoothing">Share of the label's weight that is spread over all classes, 0 to below 1.</param>
    /// <param name="scale">Factor of every row, for instance one over the number of rows that count.</param>
    /// <param name="rowLoss">Each row's weighted loss without the scale, <c>[R]</c>; 0 for ignored rows.</param>
    /// <param name="dLogits">Where to write the gradient of the scaled sum; may be none.</param>
    protected internal abstract void CrossEntropy(
        Tensor logits, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> weights, float smoothing, float scale,
        Tensor rowLoss, Tensor? dLogits);

    /// <summary>
    /// Squared error per row of x <c>[R, D]</c> against targets of the same shape, averaged over D, times the row's
    /// weight (R numbers); a row of weight 0 is ignored and gives 0. dx = 2 (x − target) · weight · scale / D, or 0.
    /// </summary>
    protected internal abstract void SquaredError(
        Tensor x, Tensor target, ReadOnlyMemory<float> weights, float scale, Tensor rowLoss, Tensor? dx);

    /// <summary>Index of the largest element of each row of x <c>[R, V]</c>; the first of equals.</summary>
    protected internal abstract void ArgMax(Tensor x, Span<int> index);

    /// <summary>Sum of all elements, accumulated in double precision in a fixed order.</summary>
    protected internal abstract double Sum(Tensor x);

    /// <summary>Sum of all squared elements, accumulated in double precision in a fixed order.</summary>
    protected internal abstract double SumOfSquares(Tensor x);

    /// <summary>One step of AdamW with decoupled weight decay on vectors of one length; see <see cref="AdamWStep"/>.</summary>
    protected internal abstract void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step);
}

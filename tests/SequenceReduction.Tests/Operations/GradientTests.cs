using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Operations;

/// <summary>Every operation: gradient against finite differences, CPU against the reference. Axes are different primes.</summary>
public class GradientTests
{
    private static readonly TokenMask _mask = new(new byte[] { 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0 }, 2, 7);
    private static readonly TokenMask _oneRowEmpty = new(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1 }, 2, 7);

    [Fact]
    public void Linear_with_bias() => FunctionCheck.Run(
        (g, x) => g.Linear(x[0], x[1], x[2]), new Shape(2, 7, 5), new Shape(3, 5), new Shape(3));

    [Fact]
    public void Linear_without_bias() => FunctionCheck.Run(
        (g, x) => g.Linear(x[0], x[1], null), new Shape(7, 5), new Shape(3, 5));

    [Fact]
    public void Linear_added_to_a_residual() => FunctionCheck.Run(
        (g, x) => g.Linear(x[0], x[1], x[2], x[3]),
        new Shape(2, 7, 5), new Shape(3, 5), new Shape(3), new Shape(2, 7, 3));

    [Fact]
    public void A_residual_stream_gathers_the_gradients_of_all_that_read_it() => FunctionCheck.Run(
        (g, x) =>
        {
            Tensor normed = g.LayerNorm(x[0], x[1], x[2]);
            Tensor stream = g.Linear(g.Activate(ActivationKind.Gelu, g.Linear(normed, x[3], null)), x[3], null, x[0]);
            return g.Add(g.Linear(stream, x[3], null, stream), g.LayerNorm(stream, x[1], x[2]));
        },
        new Shape(2, 7, 5), new Shape(5), new Shape(5), new Shape(5, 5));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void MatMul_of_batches(bool transposeA, bool transposeB) => FunctionCheck.Run(
        (g, x) => g.MatMul(x[0], x[1], transposeA, transposeB),
        transposeA ? new Shape(2, 5, 3) : new Shape(2, 3, 5), transposeB ? new Shape(2, 7, 5) : new Shape(2, 5, 7));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void MatMul_of_one_matrix_for_a_whole_batch(bool transposeA, bool transposeB) => FunctionCheck.Run(
        (g, x) => g.Add(
            g.MatMul(x[0], x[1], transposeA, transposeB),
            g.MatMul(x[2], x[3], transposeA, transposeB)),
        transposeA ? new Shape(5, 3) : new Shape(3, 5), transposeB ? new Shape(2, 7, 5) : new Shape(2, 5, 7),
        transposeA ? new Shape(2, 5, 3) : new Shape(2, 3, 5), transposeB ? new Shape(7, 5) : new Shape(5, 7));

    [Fact]
    public void Attention_of_separate_sequences() => FunctionCheck.Run(
        (g, x) => g.Attention(Call(x[0], x[1], x[2])), new Shape(2, 5, 6), new Shape(2, 7, 6), new Shape(2, 7, 6));

    [Fact]
    public void Attention_with_padding_and_holes() => FunctionCheck.Run(
        (g, x) => g.Attention(Call(x[0], x[1], x[2]) with { Mask = _mask }),
        new Shape(2, 5, 6), new Shape(2, 7, 6), new Shape(2, 7, 6));

    [Fact]
    public void Attention_where_a_row_sees_nothing() => FunctionCheck.Run(
        (g, x) => g.Attention(Call(x[0], x[1], x[2]) with { Mask = _oneRowEmpty }),
        new Shape(2, 5, 6), new Shape(2, 7, 6), new Shape(2, 7, 6));

    [Fact]
    public void Attention_causal_with_fewer_queries_than_keys() => FunctionCheck.Run(
        (g, x) => g.Attention(Call(x[0], x[1], x[2]) with { Causal = true }),
        new Shape(2, 5, 6), new Shape(2, 7, 6), new Shape(2, 7, 6));

    [Fact]
    public void Attention_with_a_relative_bias() => FunctionCheck.Run(
        (g, x) => g.Attention(Call(x[0], x[1], x[2]) with
        {
            Mask = _mask,
            Bias = new RelativeBias(x[3], new[] { 0, 1, 2, 4, 5 }, 6),
        }),
        new Shape(2, 5, 6), new Shape(2, 7, 6), new Shape(2, 7, 6), new Shape(3, 13));

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public void Attention_with_relative_keys(int distances) => FunctionCheck.Run(
        (g, x) => g.Attention(Call(x[0], x[1], x[2]) with { Mask = _mask, Causal = true, RelativeKeys = x[3] }),
        new Shape(2, 5, 6), new Shape(2, 7, 6), new Shape(2, 7, 6), new Shape(distances, 2));

    [Fact]
    public void Attention_of_one_packed_tensor() => FunctionCheck.Run(
        (g, x) => g.Attention(new AttentionCall(
            new Columns(x[0], 0, 6), new Columns(x[0], 6, 6), new Columns(x[0], 12, 6), 3, 0.7f, _mask, false, null)),
        new Shape(2, 7, 18));

    [Fact]
    public void Attention_of_packed_keys_and_values_beside_unused_columns() => FunctionCheck.Run(
        (g, x) => g.Attention(new AttentionCall(
            Columns.All(x[0]), new Columns(x[1], 1, 6), new Columns(x[1], 8, 6), 3, 0.7f, null, false, null)),
        new Shape(2, 5, 6), new Shape(2, 7, 15));

    [Fact]
    public void Layer_norm() => FunctionCheck.Run(
        (g, x) => g.LayerNorm(x[0], x[1], x[2]), new Shape(2, 5, 7), new Shape(7), new Shape(7));

    [Theory]
    [InlineData(ActivationKind.Gelu)]
    [InlineData(ActivationKind.GeluTanh)]
    [InlineData(ActivationKind.Relu)]
    public void Activations(ActivationKind kind) =>
        FunctionCheck.Run((g, x) => g.Activate(kind, x[0]), new Shape(3, 31));

    [Fact]
    public void Embedding_with_missing_and_repeated_ids() => FunctionCheck.Run(
        (g, x) => g.Embedding(x[0], new[] { 4, -1, 0, 4, 4, 2 }, 2, 3), new Shape(5, 7));

    [Fact]
    public void Sums_scales_and_rows() => FunctionCheck.Run(
        (g, x) => g.AddRows(g.Add(g.Scale(x[0], 1.7f), x[1]), x[2]), new Shape(2, 3, 5), new Shape(2, 3, 5), new Shape(7, 5));

    [Fact]
    public void A_tensor_used_three_times_gathers_all_gradients() => FunctionCheck.Run(
        (g, x) => g.Add(g.Add(x[0], g.Scale(x[0], 2)), g.Activate(ActivationKind.Gelu, x[0])), new Shape(5, 7));

    [Fact]
    public void A_sum_whose_parts_are_used_again_keeps_gradients_apart() => FunctionCheck.Run(
        (g, x) =>
        {
            Tensor early = g.Scale(x[0], 3);
            Tensor late = g.Scale(x[1], 5);
            Tensor sum = g.Add(early, late);
            return g.Add(sum, g.Activate(ActivationKind.Gelu, g.Add(late, sum)));
        },
        new Shape(3, 5), new Shape(3, 5));

    [Fact]
    public void Rows_repeated_for_a_batch() =>
        FunctionCheck.Run((g, x) => g.RepeatRows(x[0], 2, 3), new Shape(5, 7));

    [Fact]
    public void Gathered_tokens() => FunctionCheck.Run(
        (g, x) => g.GatherTokens(x[0], new[] { 2, 0, 0, 4 }), new Shape(2, 5, 3));

    [Fact]
    public void Sliced_tokens() => FunctionCheck.Run(
        (g, x) => g.Add(g.SliceTokens(x[0], 1, 2), g.SliceTokens(x[0], 2, 2)), new Shape(2, 5, 3));

    [Fact]
    public void Concatenated_tokens() => FunctionCheck.Run(
        (g, x) => g.ConcatTokens(x[0], x[1], g.SliceTokens(x[0], 1, 1), x[0]), new Shape(2, 3, 5), new Shape(2, 1, 5));

    [Fact]
    public void Pooled_tokens_with_holes() => FunctionCheck.Run(
        (g, x) => g.PoolTokens(x[0], _mask, new[] { 0, 2, 5, 7, 9 }), new Shape(2, 7, 3));

    [Fact]
    public void Masked_tokens() => FunctionCheck.Run((g, x) => g.MaskTokens(x[0], _mask), new Shape(2, 7, 3));

    [Fact]
    public void Softmax_with_an_empty_row() =>
        FunctionCheck.Run((g, x) => g.Softmax(x[0], _oneRowEmpty), new Shape(2, 3, 7));

    [Fact]
    public void Normalized_rows() => FunctionCheck.Run((g, x) => g.Normalize(x[0]), new Shape(3, 7));

    [Fact]
    public void Dropout_passes_the_gradient_of_what_it_kept() =>
        FunctionCheck.Run((g, x) => g.Dropout(x[0], 0.3f), new Shape(11, 13));

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0.1f, true)]
    [InlineData(0f, false)]
    public void Cross_entropy_with_ignored_labels(float smoothing, bool mean) => FunctionCheck.Run(
        (g, x) => g.CrossEntropy(x[0], new[] { 3, -1, 0, 10, 4 }, smoothing, mean).Loss, new Shape(5, 11));

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0.1f, false)]
    public void Cross_entropy_with_weights(float smoothing, bool mean) => FunctionCheck.Run(
        (g, x) => g.CrossEntropy(
            x[0], new[] { 3, -1, 0, 10, 4 }, smoothing, mean, new[] { 0.5f, 2, 3, 0, 1 }).Loss, new Shape(5, 11));

    [Fact]
    public void Squared_error_with_weights() => FunctionCheck.Run(
        (g, x) =>
        {
            var target = new float[15];
            Array.Fill(target, 0.3f);
            return g.SquaredError(x[0], g.Constant(target, new Shape(5, 3)), new float[] { 1, 0, 0.5f, 3, 0 }).Loss;
        },
        new Shape(5, 3));

    private static AttentionCall Call(Tensor q, Tensor k, Tensor v) =>
        new(Columns.All(q), Columns.All(k), Columns.All(v), 3, 0.7f, null, false, null);
}

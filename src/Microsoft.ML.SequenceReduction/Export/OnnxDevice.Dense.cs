using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;
using static Microsoft.ML.SequenceReduction.Export.OnnxMessages;

namespace Microsoft.ML.SequenceReduction.Export;

internal sealed partial class OnnxDevice
{
    /// <inheritdoc/>
    protected internal override void Add(Tensor a, Tensor b, Tensor c) => Set(c, Value(a) + Value(b));

    /// <inheritdoc/>
    protected internal override void Scale(Tensor source, float factor, Tensor destination) =>
        Set(destination, Value(source) * factor);

    /// <inheritdoc/>
    protected internal override void Linear(Tensor x, Tensor weight, Tensor? bias, Tensor? residual, Tensor y)
    {
        OnnxValue product = Value(x).MatMul(Transposed(weight));
        product = bias is null ? product : product + Value(bias);
        Set(y, residual is null ? product : Value(residual) + product);
    }

    /// <inheritdoc/>
    protected internal override void MatMul(
        Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor result, bool adds)
    {
        if (adds)
            throw NothingComputed();
        Set(result, Matrix(a, transposeA).MatMul(Matrix(b, transposeB)));
    }

    /// <inheritdoc/>
    protected internal override void LayerNorm(
        Tensor x, Tensor gain, Tensor bias, float epsilon, Tensor y, Tensor? statistics) => Set(y, _graph.Node(
            "LayerNormalization", [Value(x), Value(gain), Value(bias)],
            Attribute("axis", -1), Attribute("epsilon", epsilon)));

    /// <inheritdoc/>
    protected internal override void Activate(ActivationKind kind, Tensor x, Tensor y)
    {
        OnnxValue value = Value(x);
        Set(y, kind switch
        {
            ActivationKind.Gelu => value * 0.5f * ((value * MathF.Sqrt(0.5f)).To("Erf") + 1f),
            ActivationKind.GeluTanh => value * 0.5f
                * (((value + value * value * value * 0.044715f) * MathF.Sqrt(2 / MathF.PI)).To("Tanh") + 1f),
            ActivationKind.Relu => value.To("Relu"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation."),
        });
    }

    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, TokenMask? mask, Tensor y) =>
        Set(y, MaskedSoftmax(Value(x), Valid(mask)?.Unsqueeze(1)));

    /// <inheritdoc/>
    protected internal override void Normalize(Tensor x, float epsilon, Tensor y) => Set(y, Unit(Value(x), epsilon));

    /// <summary>Softmax over what is seen, zeros where nothing is.</summary>
    private OnnxValue MaskedSoftmax(OnnxValue logits, OnnxValue? seen) => seen is { } mask
        ? mask.Where(mask.Where(logits, _graph.Constant(float.MinValue)).Softmax(), _graph.Constant(0f))
        : logits.Softmax();

    /// <summary>Each row brought to length 1; one no longer than ε stays short.</summary>
    private OnnxValue Unit(OnnxValue rows, float epsilon) =>
        rows / (rows * rows).Sum(-1).To("Sqrt").Max(_graph.Constant(epsilon));

    private OnnxValue Matrix(Tensor matrix, bool transposed) =>
        !transposed ? Value(matrix) : matrix.Shape.Rank == 2 ? Transposed(matrix) : Value(matrix).Transpose(0, 2, 1);
}

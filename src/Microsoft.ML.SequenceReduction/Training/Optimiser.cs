using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>
/// AdamW with gradients clipped by their norm over all weights, as torch's AdamW after <c>clip_grad_norm_</c>; weight decay
/// for the decaying parameters only. Holds the two moments.
/// </summary>
internal sealed class Optimiser : IDisposable
{
    private readonly ParameterSet _parameters;

    public Optimiser(ParameterSet parameters)
    {
        if (parameters.Gradients is null)
            throw new ArgumentException("The network was made for scoring; make it with training: true to train it.");
        _parameters = parameters;
        (M, V) = (Cleared(parameters), Cleared(parameters));
    }

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.98;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; }

    public double ClipNorm { get; init; } = double.PositiveInfinity;

    /// <summary>First moment, laid out as the parameters' values, <c>[N]</c>.</summary>
    public Tensor M { get; }

    /// <summary>Second moment, laid out as the parameters' values, <c>[N]</c>.</summary>
    public Tensor V { get; }

    /// <summary>A cleared vector laid out as the parameters' values, <c>[N]</c>; the caller gives its memory back.</summary>
    public static Tensor Cleared(ParameterSet parameters)
    {
        var vector = new Tensor(parameters.Device.Allocate(parameters.Values.Shape.Count), 0, parameters.Values.Shape);
        parameters.Device.Fill(vector, 0);
        return vector;
    }

    public void ClearGradients() => _parameters.Device.Fill(_parameters.Gradients!, 0);

    /// <summary>Changes the weights once, unless the gradient is not finite.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">Number of this step, from 1.</param>
    /// <param name="batches">Over how many batches the gradients were summed; their mean counts.</param>
    /// <returns>The norm of the gradients' mean before clipping.</returns>
    public double Step(double rate, long step, int batches = 1)
    {
        const double clipEpsilon = 1e-6;
        Device device = _parameters.Device;
        double norm = Math.Sqrt(device.SumOfSquares(_parameters.Gradients!)) / batches;
        if (!double.IsFinite(norm))
            return norm;
        double scale = Math.Min(1, ClipNorm / (norm + clipEpsilon)) / batches;
        var numbers = new AdamWStep(rate, Beta1, Beta2, Epsilon, WeightDecay, _parameters.DecayingLength, scale, step);
        device.AdamW(_parameters.Values, _parameters.Gradients!, M, V, numbers);
        return norm;
    }

    public void Dispose()
    {
        M.Storage.Release();
        V.Storage.Release();
    }
}

namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>
/// Numbers of one AdamW step (Loshchilov and Hutter 2019): first <c>p ← p − rate·decay·p</c> for the first
/// <see cref="DecayingLength"/> elements, then Adam with bias correction, on gradients multiplied by
/// <see cref="GradientScale"/>.
/// </summary>
/// <param name="LearningRate">Rate of this step.</param>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">Decoupled weight decay.</param>
/// <param name="DecayingLength">How many leading elements decay.</param>
/// <param name="GradientScale">Factor of the gradients: clipping and averaging over micro-batches.</param>
/// <param name="Step">Number of this step, from 1.</param>
public readonly record struct AdamWStep(
    double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, long DecayingLength,
    double GradientScale, long Step);

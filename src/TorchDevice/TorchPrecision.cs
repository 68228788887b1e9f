namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>The numbers that a <see cref="TorchDevice"/> multiplies matrices with.</summary>
public enum TorchPrecision
{
    /// <summary>Single precision throughout.</summary>
    Single,

    /// <summary>
    /// Mixed: factors of matrix products are rounded to bfloat16 (8 bits of mantissa), all else, weights, sums and
    /// optimiser state among it, stays in single precision. Faster where the hardware multiplies bfloat16.
    /// </summary>
    BFloat16,
}

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Vectors of a head brought to length 1, and the gradient of that; a zero vector stays, and its gradient is zero.
/// </summary>
internal static unsafe class HeadLengths<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>to = from / max(‖from‖, ε), padded with zeros to whole vectors.</summary>
    /// <returns>‖from‖.</returns>
    public static float Unit(float* from, int width, float* to)
    {
        float length = Length(from, width);
        AttentionPacking<TFloats>.Read(from, 0, 1, width, 1 / MathF.Max(length, YosoCall.Epsilon), null, to);
        return length;
    }

    /// <summary>‖vector‖.</summary>
    public static float Length(float* vector, int width) =>
        MathF.Sqrt(AttentionPacking<TFloats>.Dot(vector, vector, width));

    /// <summary>A sum becomes the mean of so many, brought to length 1 if it is to be.</summary>
    /// <returns>The mean's length before.</returns>
    public static float Mean(float* sum, int count, int width, bool normalizes)
    {
        float length = Length(sum, width) / count, scale = 1f / count;
        AttentionPacking<TFloats>.Read(
            sum, 0, 1, width, normalizes ? scale / MathF.Max(length, YosoCall.Epsilon) : scale, null, sum);
        return length;
    }

    /// <summary>to = (dUnit − unit (unit·dUnit)) / length, without padding; zeros where there is no length.</summary>
    public static void UnitGradient(float* unit, float length, float* dUnit, int width, float* to)
    {
        if (length <= YosoCall.Epsilon)
        {
            new Span<float>(to, width).Clear();
            return;
        }

        var across = new CpuDevice.Across(AttentionPacking<TFloats>.Dot(unit, dUnit, width), 1 / length);
        FloatLoops.Map<TFloats, CpuDevice.Across>(across, unit, dUnit, to, width);
    }
}

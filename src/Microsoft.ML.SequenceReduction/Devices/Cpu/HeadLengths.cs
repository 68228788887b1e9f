using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Vectors of a head brought to length 1, and the gradient of that; a zero vector stays, and its gradient is zero.</summary>
internal static unsafe class HeadLengths<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>to = from / max(‖from‖, ε), padded with zeros to whole vectors.</summary>
    /// <returns>‖from‖.</returns>
    public static float Unit(float* from, int width, float* to)
    {
        float length = MathF.Sqrt(AttentionPacking<TFloats>.Dot(from, from, width));
        AttentionPacking<TFloats>.Read(from, 0, 1, width, 1 / MathF.Max(length, YosoCall.Epsilon), null, to);
        return length;
    }

    /// <summary>to = (dUnit − unit (unit·dUnit)) / length, without padding; zeros where there is no length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UnitGradient(float* unit, float length, float* dUnit, int width, float* to)
    {
        if (length <= YosoCall.Epsilon)
        {
            new Span<float>(to, width).Clear();
            return;
        }

        TFloats factor = TFloats.Of(1 / length), along = TFloats.Of(-AttentionPacking<TFloats>.Dot(unit, dUnit, width));
        int i = 0;
        for (; i <= width - TFloats.Count; i += TFloats.Count)
            (TFloats.MultiplyAdd(TFloats.Load(unit + i), along, TFloats.Load(dUnit + i)) * factor).Store(to + i);
        if (i == width)
            return;
        TFloats lastUnit = TFloats.LoadPart(unit + i, width - i, 0), lastD = TFloats.LoadPart(dUnit + i, width - i, 0);
        TFloats.StorePart(TFloats.MultiplyAdd(lastUnit, along, lastD) * factor, to + i, width - i);
    }
}

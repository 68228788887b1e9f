using System.Runtime.InteropServices;

namespace SequenceReduction.Tests.Support.Onnx;

/// <summary>A tensor on its way to ONNX Runtime or back.</summary>
/// <param name="Type">Name of its elements' type, as JavaScript's tensors have it.</param>
/// <param name="Axes">Lengths of its axes.</param>
/// <param name="Data">Its elements, row-major, little-endian, in base64.</param>
public sealed record OnnxTensor(string Type, int[] Axes, string Data)
{
    /// <summary>Numbers.</summary>
    public static OnnxTensor Of(float[] values, params int[] axes) =>
        new("float32", axes, Convert.ToBase64String(MemoryMarshal.AsBytes<float>(values)));

    /// <summary>Whole numbers.</summary>
    public static OnnxTensor Of(long[] values, params int[] axes) =>
        new("int64", axes, Convert.ToBase64String(MemoryMarshal.AsBytes<long>(values)));

    /// <summary>The elements, if they are numbers.</summary>
    public float[] Floats() => Type == "float32"
        ? MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(Data)).ToArray()
        : throw new InvalidOperationException($"The tensor holds {Type}.");
}

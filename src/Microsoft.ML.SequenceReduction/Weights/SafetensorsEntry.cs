using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Weights;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">Type of its numbers.</param>
/// <param name="Shape">Its shape; a scalar without axes is read as <c>[1]</c>.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsType Type, Shape Shape)
{
    internal long Begin { get; init; }

    internal long Length => Shape.Count * sizeof(float);
}

/// <summary>Type of the numbers of a stored tensor.</summary>
public enum SafetensorsType
{
    /// <summary>Single precision.</summary>
    F32,

    /// <summary>Whole numbers of 32 bits.</summary>
    I32,
}

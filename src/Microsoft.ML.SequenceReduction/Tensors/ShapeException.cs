namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>Tensors whose shapes do not fit an operation; the message names the operation and the shapes.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>An exception with the given message.</summary>
    public ShapeException(string message) : base(message) { }

    internal static void Require(bool fits, string operation, string expected, params ReadOnlySpan<Tensor> given)
    {
        if (fits)
            return;
        var shapes = new List<string>();
        foreach (Tensor tensor in given)
            shapes.Add(tensor.Shape.ToString());
        throw new ShapeException($"{operation} needs {expected}, but was given {string.Join(" and ", shapes)}.");
    }
}

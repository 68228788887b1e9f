namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>Types of tensors' elements, by ONNX's numbers (onnx.proto, TensorProto.DataType).</summary>
internal enum OnnxType
{
    /// <summary>Single precision.</summary>
    Float = 1,

    /// <summary>Whole numbers of 64 bits.</summary>
    Int64 = 7,

    /// <summary>True or false.</summary>
    Bool = 9,

    /// <summary>Double precision.</summary>
    Double = 11,

    /// <summary>Whole numbers of 64 bits without a sign.</summary>
    UInt64 = 13,
}

/// <summary>An axis of a model's input or output: a length that is fixed, or a name for one that is not.</summary>
/// <param name="Name">The name; none where the length is fixed.</param>
/// <param name="Length">The fixed length.</param>
internal readonly record struct OnnxAxis(string? Name, long Length)
{
    /// <summary>An axis of any length.</summary>
    public static implicit operator OnnxAxis(string name) => new(name, 0);

    /// <summary>An axis of a fixed length.</summary>
    public static implicit operator OnnxAxis(int length) => new(null, length);
}

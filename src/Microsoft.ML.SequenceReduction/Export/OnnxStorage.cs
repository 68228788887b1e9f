using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>In place of a tensor's numbers, what computes them.</summary>
internal sealed class OnnxStorage(OnnxDevice device, long length) : Storage(device, length)
{
    /// <summary>The tensor in the ONNX graph; none before an operation has made it.</summary>
    public OnnxValue? Value { get; set; }

    /// <summary>Tokens that were written into it one after the other, and how many, until it is full.</summary>
    public List<OnnxValue> Pieces { get; } = [];

    /// <summary>How many tokens the pieces have together.</summary>
    public int Filled { get; set; }
}

using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>One pass of a network over a sample, written down, and what may follow it in the file.</summary>
internal sealed class OnnxPass : IDisposable
{
    private readonly OnnxGraph _onnx;
    private readonly OnnxDevice _device;

    /// <summary>A pass of a network.</summary>
    public OnnxPass(OnnxGraph onnx, SequenceNetwork network, OnnxInput input)
    {
        (_onnx, Input, _device) = (onnx, input, new OnnxDevice(onnx, network, input));
        Graph = new Graph(_device);
    }

    /// <summary>The model's input, and the sample to run the network on.</summary>
    public OnnxInput Input { get; }

    /// <summary>The pass itself.</summary>
    public Graph Graph { get; }

    /// <summary>The tensor of the file that stands for one of the pass.</summary>
    public OnnxValue Value(Tensor tensor) => _device.Value(tensor);

    /// <summary>x · factor + offset, computed in double precision.</summary>
    public OnnxValue Scaled(OnnxValue x, double factor, double offset) =>
        (x.As(OnnxType.Double) * _onnx.Constants([factor]) + _onnx.Constants([offset])).As(OnnxType.Float);

    /// <summary>What was computed for each token that was read, <c>[B, L, ..]</c>, NaN where none was.</summary>
    public OnnxValue WhereRead(OnnxValue x) => Input.Real.Slice(1, 0, Input.Read).Unsqueeze(2)
        .Where(x.Slice(1, 0, Input.Read), _onnx.Constant(float.NaN));

    /// <summary>Ends the pass.</summary>
    public void Dispose()
    {
        Graph.Dispose();
        _device.Dispose();
    }
}

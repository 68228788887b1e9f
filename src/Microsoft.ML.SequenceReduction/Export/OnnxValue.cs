using static Microsoft.ML.SequenceReduction.Export.OnnxMessages;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>A tensor in an ONNX graph. Its methods add the node that computes another one; shapes broadcast.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">The tensor's name there.</param>
internal readonly record struct OnnxValue(OnnxGraph Graph, string Name)
{
    public static OnnxValue operator +(OnnxValue a, OnnxValue b) => a.With("Add", b);

    public static OnnxValue operator -(OnnxValue a, OnnxValue b) => a.With("Sub", b);

    public static OnnxValue operator *(OnnxValue a, OnnxValue b) => a.With("Mul", b);

    public static OnnxValue operator /(OnnxValue a, OnnxValue b) => a.With("Div", b);

    public static OnnxValue operator +(OnnxValue a, float b) => a + a.Graph.Constant(b);

    public static OnnxValue operator *(OnnxValue a, float b) => a * a.Graph.Constant(b);

    public static OnnxValue operator +(OnnxValue a, long b) => a + a.Graph.Constant(b);

    public static OnnxValue operator <(OnnxValue a, OnnxValue b) => a.With("Less", b);

    public static OnnxValue operator >(OnnxValue a, OnnxValue b) => a.With("Greater", b);

    public static OnnxValue operator <=(OnnxValue a, OnnxValue b) => a.With("LessOrEqual", b);

    public static OnnxValue operator >=(OnnxValue a, OnnxValue b) => a.With("GreaterOrEqual", b);

    public static OnnxValue operator &(OnnxValue a, OnnxValue b) => a.With("And", b);

    public static OnnxValue operator |(OnnxValue a, OnnxValue b) => a.With("Or", b);

    /// <summary>An operation on this tensor alone.</summary>
    public OnnxValue To(string operation, params ReadOnlySpan<ProtoMessage> attributes) =>
        Graph.Node(operation, [this], attributes);

    /// <summary>An operation on this tensor and another.</summary>
    public OnnxValue With(string operation, OnnxValue other, params ReadOnlySpan<ProtoMessage> attributes) =>
        Graph.Node(operation, [this, other], attributes);

    /// <summary>Where this is true the one, elsewhere the other.</summary>
    public OnnxValue Where(OnnxValue one, OnnxValue other) => Graph.Node("Where", [this, one, other]);

    /// <summary>This tensor's elements as another type.</summary>
    public OnnxValue As(OnnxType type) => To("Cast", Attribute("to", (long)type));

    /// <summary>Products of the matrices in the last two axes.</summary>
    public OnnxValue MatMul(OnnxValue other) => With("MatMul", other);

    /// <summary>The axes in another order.</summary>
    public OnnxValue Transpose(params long[] order) => To("Transpose", Attribute("perm", order));

    /// <summary>The same elements in another shape: 0 keeps an axis, −1 takes what is left.</summary>
    public OnnxValue Reshape(params ReadOnlySpan<long> axes) => With("Reshape", Graph.Constants(axes));

    /// <summary>New axes of length 1 at these places of the result.</summary>
    public OnnxValue Unsqueeze(params ReadOnlySpan<long> axes) => With("Unsqueeze", Graph.Constants(axes));

    /// <summary>Without an axis of length 1.</summary>
    public OnnxValue Squeeze(long axis) => With("Squeeze", Graph.Constants(axis));

    /// <summary>The elements from a start to before an end along one axis.</summary>
    public OnnxValue Slice(long axis, long start, long end) => Slice(axis, start, Graph.Constants(end));

    /// <summary>The elements from a start to before an end, a tensor <c>[1]</c>, along one axis.</summary>
    public OnnxValue Slice(long axis, long start, OnnxValue end) =>
        Graph.Node("Slice", [this, Graph.Constants(start), end, Graph.Constants(axis)]);

    /// <summary>This tensor and others one after the other along an axis.</summary>
    public OnnxValue Concat(long axis, params OnnxValue[] others) =>
        Graph.Node("Concat", [this, .. others], Attribute("axis", axis));

    /// <summary>This tensor repeated along axes of length 1, to a shape.</summary>
    public OnnxValue Expand(OnnxValue shape) => With("Expand", shape);

    /// <summary>What lies along an axis at some places.</summary>
    public OnnxValue Gather(OnnxValue places, long axis = 0) => With("Gather", places, Attribute("axis", axis));

    /// <summary>Sums over an axis, which stays with the length 1 if it is kept.</summary>
    public OnnxValue Sum(long axis, bool kept = true) =>
        With("ReduceSum", Graph.Constants(axis), Attribute("keepdims", kept ? 1 : 0));

    /// <summary>Softmax over the last axis.</summary>
    public OnnxValue Softmax() => To("Softmax", Attribute("axis", -1));

    /// <summary>The larger of each pair of elements.</summary>
    public OnnxValue Max(OnnxValue other) => With("Max", other);

    /// <summary>The smaller of each pair of elements.</summary>
    public OnnxValue Min(OnnxValue other) => With("Min", other);

    /// <summary>The length of an axis, <c>[1]</c>.</summary>
    public OnnxValue Length(long axis) => To("Shape", Attribute("start", axis), Attribute("end", axis + 1));
}

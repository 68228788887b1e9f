using System.Runtime.InteropServices;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>
/// An ONNX graph while it is put together: nodes in the order they are added, which is one they can run in.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly List<ProtoMessage> _nodes = [], _constants = [], _inputs = [], _outputs = [];
    private readonly Dictionary<(OnnxType Type, string Axes, string Values), OnnxValue> _known = [];

    /// <summary>Declares an input of the model.</summary>
    public OnnxValue Input(string name, OnnxType type, params ReadOnlySpan<OnnxAxis> axes)
    {
        _inputs.Add(OnnxMessages.ValueInfo(name, type, axes));
        return new OnnxValue(this, name);
    }

    /// <summary>Declares an output of the model.</summary>
    public void Output(string name, OnnxValue value, OnnxType type, params ReadOnlySpan<OnnxAxis> axes)
    {
        _nodes.Add(OnnxMessages.Node("Identity", [value.Name], name, []));
        _outputs.Add(OnnxMessages.ValueInfo(name, type, axes));
    }

    /// <summary>Adds a node with one output.</summary>
    public OnnxValue Node(string operation, OnnxValue[] inputs, params ReadOnlySpan<ProtoMessage> attributes)
    {
        string output = $"{operation}_{_nodes.Count}";
        _nodes.Add(OnnxMessages.Node(operation, inputs.Select(i => i.Name), output, attributes));
        return new OnnxValue(this, output);
    }

    /// <summary>Adds a weight under a name of its own.</summary>
    public OnnxValue Weight(string name, ReadOnlySpan<float> values, params ReadOnlySpan<int> axes)
    {
        _constants.Add(OnnxMessages.Tensor(name, OnnxType.Float, Long(axes), values));
        return new OnnxValue(this, name);
    }

    /// <summary>A number.</summary>
    public OnnxValue Constant(float value) => Constant(OnnxType.Float, [], [value]);

    /// <summary>A whole number.</summary>
    public OnnxValue Constant(long value) => Constant(OnnxType.Int64, [], [value]);

    /// <summary>A whole number without a sign.</summary>
    public OnnxValue Constant(ulong value) => Constant(OnnxType.UInt64, [], [value]);

    /// <summary>Whole numbers, <c>[n]</c>.</summary>
    public OnnxValue Constants(params ReadOnlySpan<long> values) => Constant(OnnxType.Int64, [values.Length], values);

    /// <summary>Numbers of double precision, <c>[n]</c>.</summary>
    public OnnxValue Constants(ReadOnlySpan<double> values) => Constant(OnnxType.Double, [values.Length], values);

    /// <summary>Numbers of a shape, row-major.</summary>
    public OnnxValue Constants(ReadOnlySpan<float> values, params ReadOnlySpan<int> axes) =>
        Constant(OnnxType.Float, Long(axes), values);

    /// <summary>The whole numbers 0, 1, … as many as a tensor <c>[1]</c> says.</summary>
    public OnnxValue Range(OnnxValue count) =>
        Node("Range", [Constant(0L), Node("Squeeze", [count]), Constant(1L)]);

    /// <summary>The model as the bytes of an ONNX file.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="metadata">Text to keep with it, by key.</param>
    public ReadOnlySpan<byte> ToModel(string name, IReadOnlyDictionary<string, string> metadata) =>
        OnnxMessages.Model(OnnxMessages.Graph(name, _nodes, _constants, _inputs, _outputs), metadata).Written;

    private static long[] Long(ReadOnlySpan<int> axes)
    {
        var longs = new long[axes.Length];
        for (int i = 0; i < longs.Length; i++)
            longs[i] = axes[i];
        return longs;
    }

    private OnnxValue Constant<T>(OnnxType type, ReadOnlySpan<long> axes, ReadOnlySpan<T> values) where T : unmanaged
    {
        var key = (type, string.Join(',', axes.ToArray()), Convert.ToBase64String(MemoryMarshal.AsBytes(values)));
        if (_known.TryGetValue(key, out OnnxValue known))
            return known;
        string name = $"constant_{_known.Count}";
        _constants.Add(OnnxMessages.Tensor(name, type, axes, values));
        return _known[key] = new OnnxValue(this, name);
    }
}

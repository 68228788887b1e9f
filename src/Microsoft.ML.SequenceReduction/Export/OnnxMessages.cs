using System.Runtime.InteropServices;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>ONNX's messages by the field numbers of its public definition, onnx.proto.</summary>
internal static class OnnxMessages
{
    /// <summary>Version of the file format, the one that came with <see cref="OpsetVersion"/>.</summary>
    public const int IrVersion = 8;

    /// <summary>Version of the operators: the first with operations on bits.</summary>
    public const int OpsetVersion = 18;

    private const int FloatAttribute = 1, IntAttribute = 2, StringAttribute = 3, IntsAttribute = 7;

    /// <summary>ModelProto.</summary>
    public static ProtoMessage Model(ProtoMessage graph, IReadOnlyDictionary<string, string> metadata) =>
        new ProtoMessage().Add(1, IrVersion).Add(2, "Microsoft.ML.SequenceReduction").Add(7, graph)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, OpsetVersion))
            .Add(14, metadata.OrderBy(m => m.Key, StringComparer.Ordinal)
                .Select(m => new ProtoMessage().Add(1, m.Key).Add(2, m.Value)));

    /// <summary>GraphProto.</summary>
    public static ProtoMessage Graph(
        string name, IEnumerable<ProtoMessage> nodes, IEnumerable<ProtoMessage> initializers,
        IEnumerable<ProtoMessage> inputs, IEnumerable<ProtoMessage> outputs) =>
        new ProtoMessage().Add(1, nodes).Add(2, name).Add(5, initializers).Add(11, inputs).Add(12, outputs);

    /// <summary>NodeProto, named by its output.</summary>
    public static ProtoMessage Node(
        string operation, IEnumerable<string> inputs, string output, ReadOnlySpan<ProtoMessage> attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, output).Add(4, operation);
        foreach (ProtoMessage attribute in attributes)
            node.Add(5, attribute);
        return node;
    }

    /// <summary>AttributeProto of a whole number.</summary>
    public static ProtoMessage Attribute(string name, long value) =>
        new ProtoMessage().Add(1, name).Add(3, value).Add(20, IntAttribute);

    /// <summary>AttributeProto of whole numbers.</summary>
    public static ProtoMessage Attribute(string name, long[] values) =>
        new ProtoMessage().Add(1, name).Add(8, values).Add(20, IntsAttribute);

    /// <summary>AttributeProto of a number.</summary>
    public static ProtoMessage Attribute(string name, float value) =>
        new ProtoMessage().Add(1, name).Add(2, value).Add(20, FloatAttribute);

    /// <summary>AttributeProto of a text.</summary>
    public static ProtoMessage Attribute(string name, string value) =>
        new ProtoMessage().Add(1, name).Add(4, value).Add(20, StringAttribute);

    /// <summary>TensorProto, row-major and little-endian.</summary>
    public static ProtoMessage Tensor<T>(string name, OnnxType type, ReadOnlySpan<long> axes, ReadOnlySpan<T> values)
        where T : unmanaged => BitConverter.IsLittleEndian
        ? new ProtoMessage().Add(1, axes).Add(2, (long)type).Add(8, name).Add(9, MemoryMarshal.AsBytes(values))
        : throw new PlatformNotSupportedException("ONNX files are written on little-endian machines only.");

    /// <summary>ValueInfoProto of a tensor.</summary>
    public static ProtoMessage ValueInfo(string name, OnnxType type, ReadOnlySpan<OnnxAxis> axes)
    {
        var shape = new ProtoMessage();
        foreach (OnnxAxis axis in axes)
        {
            var dimension = new ProtoMessage();
            shape.Add(1, axis.Name is null ? dimension.Add(1, axis.Length) : dimension.Add(2, axis.Name));
        }

        ProtoMessage tensor = new ProtoMessage().Add(1, (long)type).Add(2, shape);
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor));
    }
}

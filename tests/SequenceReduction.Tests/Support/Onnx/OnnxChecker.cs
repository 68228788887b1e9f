namespace SequenceReduction.Tests.Support.Onnx;

/// <summary>
/// The rules of ONNX's own checker (docs/IR.md of its repository), on the file alone: versions, names given once and
/// before they are used, known operators with inputs of the types they take, initialisers as long as their shapes say.
/// </summary>
public sealed class OnnxChecker
{
    private const int Float = 1, Int64 = 7, Bool = 9, Double = 11, UInt64 = 13;

    private static readonly Dictionary<int, int> _sizes = new()
    {
        [Float] = 4, [Int64] = 8, [Bool] = 1, [Double] = 8, [UInt64] = 8,
    };

    /// <summary>
    /// What each operator takes and gives: F single precision, N numbers, I whole numbers, U those without a sign, B
    /// truth values, X anything, the same letter always the same type; c by the attribute "to".
    /// </summary>
    private static readonly Dictionary<string, string> _operators = new()
    {
        ["Add"] = "NN>N", ["Sub"] = "NN>N", ["Mul"] = "NN>N", ["Div"] = "NN>N", ["Max"] = "NN>N", ["Min"] = "NN>N",
        ["MatMul"] = "FF>F", ["Erf"] = "F>F", ["Tanh"] = "F>F", ["Relu"] = "F>F", ["Sqrt"] = "F>F", ["Acos"] = "F>F",
        ["Pow"] = "FF>F", ["Clip"] = "FFF>F", ["Softmax"] = "F>F", ["LayerNormalization"] = "FFF>F", ["Conv"] = "FF>F",
        ["Less"] = "NN>B", ["LessOrEqual"] = "NN>B", ["Greater"] = "NN>B", ["GreaterOrEqual"] = "NN>B",
        ["Equal"] = "NN>B", ["And"] = "BB>B", ["Or"] = "BB>B", ["IsNaN"] = "F>B", ["Where"] = "BXX>X",
        ["Gather"] = "XI>X", ["GatherElements"] = "XI>X", ["ScatterElements"] = "XIX>X", ["Slice"] = "XIII>X",
        ["Reshape"] = "XI>X", ["Unsqueeze"] = "XI>X", ["Squeeze"] = "XI>X", ["Expand"] = "XI>X", ["Pad"] = "XIX>X",
        ["Concat"] = "X+>X", ["Transpose"] = "X>X", ["Identity"] = "X>X", ["Shape"] = "X>I", ["Range"] = "III>I",
        ["BitShift"] = "UU>U", ["BitwiseXor"] = "II>I", ["BitwiseAnd"] = "II>I",
        ["CumSum"] = "II>I", ["ReduceSum"] = "NI>N", ["Cast"] = "X>c",
    };

    private static readonly HashSet<string> _lastOptional = ["Squeeze"];

    private readonly Dictionary<string, int> _types = [];
    private readonly HashSet<string> _used = [], _constants = [];

    private OnnxChecker(string path)
    {
        List<ProtoField> model = ProtoField.Read(File.ReadAllBytes(path));
        Assert.Equal(8, Assert.Single(model, f => f.Number == 1).Whole);
        List<ProtoField> opset = Assert.Single(model, f => f.Number == 8).Fields;
        Assert.Equal(("", 18), (opset.Single(f => f.Number == 1).Text, (int)opset.Single(f => f.Number == 2).Whole));
        Metadata = model.Where(f => f.Number == 14).Select(f => f.Fields)
            .ToDictionary(f => f[0].Text, f => f[1].Text);
        List<ProtoField> graph = Assert.Single(model, f => f.Number == 7).Fields;
        Assert.NotEmpty(Assert.Single(graph, f => f.Number == 2).Text);
        Inputs = [.. graph.Where(f => f.Number == 11).Select(f => ValueInfo(f.Fields))];
        foreach ((string name, int type, _) in Inputs)
            _types.Add(name, type);
        foreach (ProtoField constant in graph.Where(f => f.Number == 5))
            Constant(constant.Fields);
        foreach (ProtoField node in graph.Where(f => f.Number == 1))
            Node(node.Fields);
        Outputs = [.. graph.Where(f => f.Number == 12).Select(f => ValueInfo(f.Fields))];
        foreach ((string name, int type, _) in Outputs)
            Assert.Equal(type, _types[name]);
        Assert.NotEmpty(Outputs);
        Assert.All(Inputs, input => Assert.Contains(input.Name, _used));
        Assert.Empty(_constants.Except(_used));
    }

    /// <summary>Text in the file, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The model's inputs.</summary>
    public IReadOnlyList<(string Name, int Type, string Axes)> Inputs { get; }

    /// <summary>The model's outputs.</summary>
    public IReadOnlyList<(string Name, int Type, string Axes)> Outputs { get; }

    /// <summary>Names of the weights and constants.</summary>
    public IReadOnlySet<string> Constants => _constants;

    /// <summary>Checks a file.</summary>
    public static OnnxChecker Check(string path) => new(path);

    private static (string Name, int Type, string Axes) ValueInfo(List<ProtoField> info)
    {
        List<ProtoField> tensor =
            info.Single(f => f.Number == 2).Fields.Single(f => f.Number == 1).Fields;
        IEnumerable<string> axes = tensor.Single(f => f.Number == 2).Fields.Select(axis => axis.Fields.Single())
            .Select(axis => axis.Number == 1 ? $"{axis.Whole}" : axis.Text);
        return (info.Single(f => f.Number == 1).Text, (int)tensor.Single(f => f.Number == 1).Whole,
            string.Join(", ", axes));
    }

    private void Constant(List<ProtoField> tensor)
    {
        string name = tensor.Single(f => f.Number == 8).Text;
        int type = (int)tensor.Single(f => f.Number == 2).Whole;
        long count = tensor.Where(f => f.Number == 1).Aggregate(1L, (product, axis) => product * axis.Whole);
        Assert.Equal(count * _sizes[type], tensor.Single(f => f.Number == 9).Bytes.Length);
        Assert.True(_types.TryAdd(name, type) && _constants.Add(name), $"{name} is there twice");
    }

    private void Node(List<ProtoField> node)
    {
        string name = node.Single(f => f.Number == 4).Text, output = node.Single(f => f.Number == 2).Text;
        string[] inputs = [.. node.Where(f => f.Number == 1).Select(f => f.Text)];
        Assert.All(inputs, input => Assert.True(_types.ContainsKey(input), $"{output} uses {input} before it is made"));
        _used.UnionWith(inputs);
        Assert.True(_operators.TryGetValue(name, out string? signature), $"{name} is no known operator");
        (string takes, char gives) = (signature[..signature.IndexOf('>')], signature[^1]);
        if (takes.EndsWith('+'))
            takes = new string(takes[0], inputs.Length);
        if (_lastOptional.Contains(name) && inputs.Length == takes.Length - 1)
            takes = takes[..^1];
        Assert.True(takes.Length == inputs.Length, $"{output} has {inputs.Length} inputs");
        var letters = new Dictionary<char, int> { ['F'] = Float, ['I'] = Int64, ['U'] = UInt64, ['B'] = Bool };
        foreach ((char letter, string input) in takes.Zip(inputs))
            Assert.True(
                (letter != 'N' || _types[input] != Bool)
                && (letters.TryAdd(letter, _types[input]) || letters[letter] == _types[input]),
                $"{output} takes {input} of type {_types[input]} as {letter} of {signature}");
        List<List<ProtoField>> attributes = [.. node.Where(f => f.Number == 5).Select(f => f.Fields)];
        foreach (List<ProtoField> attribute in attributes)
            Attribute(attribute, output);
        int type = gives != 'c' ? letters[gives]
            : (int)attributes.Single(a => a[0].Text == "to").Single(f => f.Number == 3).Whole;
        Assert.True(_types.TryAdd(output, type), $"{output} is made twice");
    }

    /// <summary>An attribute's type says which of its fields holds the value.</summary>
    private static void Attribute(List<ProtoField> attribute, string node)
    {
        int field = attribute.Single(f => f.Number == 20).Whole switch { 1 => 2, 2 => 3, 3 => 4, 7 => 8, _ => 0 };
        Assert.True(
            attribute.Any(f => f.Number == field)
            && attribute.All(f => f.Number == 1 || f.Number == 20 || f.Number == field),
            $"{node} has an attribute '{attribute[0].Text}' without a value of its type");
    }
}

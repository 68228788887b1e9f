using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Gathers the weights that layers ask for while a network is put together, under dotted names, and hands them out once
/// they are placed.
/// </summary>
internal sealed class LayerBuilder
{
    private readonly List<ParameterDeclaration> _declarations;
    private readonly List<Action<ParameterSet>> _attach;
    private readonly bool _frozen;

    public LayerBuilder() : this([], [], "", frozen: false) { }

    private LayerBuilder(
        List<ParameterDeclaration> declarations, List<Action<ParameterSet>> attach, string prefix, bool frozen) =>
        (_declarations, _attach, Prefix, _frozen) = (declarations, attach, prefix, frozen);

    /// <summary>What the names of weights asked for here begin with: empty, or ending with a dot.</summary>
    public string Prefix { get; }

    /// <summary>All weights asked for so far, in order.</summary>
    public IReadOnlyList<ParameterDeclaration> Declarations => _declarations;

    /// <summary>The same builder inside a part of that name.</summary>
    public LayerBuilder In(string part) => new(_declarations, _attach, $"{Prefix}{part}.", _frozen);

    /// <summary>The same builder, or one whose weights are not trained.</summary>
    public LayerBuilder Frozen(bool frozen) => new(_declarations, _attach, Prefix, _frozen || frozen);

    /// <summary>Asks for a weight. Its value can be read once the network is built.</summary>
    public Weight Weight(string name, Shape shape, Func<Shape, RandomSource, float[]> initialise, bool decays = true)
    {
        var weight = new Weight();
        _declarations.Add(new ParameterDeclaration(Prefix + name, shape, initialise, decays && !_frozen, !_frozen));
        _attach.Add(parameters => weight.Parameter = parameters[Prefix + name]);
        return weight;
    }

    /// <summary>Hands the placed weights to the layers that asked.</summary>
    public void Attach(ParameterSet parameters)
    {
        foreach (Action<ParameterSet> attach in _attach)
            attach(parameters);
    }
}

/// <summary>A layer's hold on one of its weights.</summary>
internal sealed class Weight
{
    /// <summary>The placed weight.</summary>
    public Parameter Parameter { get; set; } = null!;

    /// <summary>Reads the weight's value where a tensor is wanted.</summary>
    public static implicit operator Tensor(Weight weight) => weight.Parameter.Value;
}

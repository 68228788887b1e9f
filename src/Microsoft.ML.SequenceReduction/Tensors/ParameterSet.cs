using Microsoft.ML.SequenceReduction.Devices;

namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>
/// All weights of a network in one block of memory, and their gradients in a second one, so that clearing, clipping and
/// the optimiser step are each one pass. Parameters that decay come first. Not thread-safe while training; read-only
/// scoring from many threads is.
/// </summary>
public sealed class ParameterSet : IDisposable
{
    private const int Alignment = 16;

    private readonly Dictionary<string, Parameter> _byName = [];
    private Storage? _values, _gradients;

    /// <summary>Allocates the declared weights on a device and fills them from their initialisers.</summary>
    /// <param name="device">Where the weights live.</param>
    /// <param name="declarations">What the network asked for, in its own order.</param>
    /// <param name="seed">Seed of the initial values; equal seeds give equal bits.</param>
    /// <param name="training">Whether gradients are kept too.</param>
    internal ParameterSet(Device device, IReadOnlyList<ParameterDeclaration> declarations, int seed, bool training)
    {
        (Device, Training) = (device, training);
        long length = declarations.Sum(d => Padded(d.Shape.Count));
        DecayingLength = declarations.Where(d => d.Decays).Sum(d => Padded(d.Shape.Count));
        _values = device.Allocate(Math.Max(length, Alignment));
        Values = new Tensor(_values, 0, new Shape(checked((int)_values.Length)));
        device.Fill(Values, 0);
        if (training)
        {
            _gradients = device.Allocate(_values.Length);
            Gradients = new Tensor(_gradients, 0, Values.Shape);
            device.Fill(Gradients, 0);
        }

        Place(declarations, seed);
    }

    /// <summary>Where the weights live.</summary>
    public Device Device { get; }

    /// <summary>Whether gradients are kept.</summary>
    public bool Training { get; }

    /// <summary>The parameters in the order of their memory: decaying ones first.</summary>
    public IReadOnlyList<Parameter> Parameters { get; private set; } = [];

    /// <summary>Number of weights.</summary>
    public long Count => Parameters.Sum(p => p.Value.Shape.Count);

    /// <summary>All weights as one vector, with zeros between parameters as padding.</summary>
    public Tensor Values { get; }

    /// <summary>
    /// All gradients as one vector laid out as <see cref="Values"/>; none where the network only scores.
    /// </summary>
    public Tensor? Gradients { get; }

    internal long DecayingLength { get; }

    /// <summary>The parameter of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Parameter this[string name] => _byName.TryGetValue(name, out Parameter? parameter)
        ? parameter
        : throw new KeyNotFoundException($"The network has no parameter named '{name}'.");

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _values?.Release();
        _gradients?.Release();
        _values = _gradients = null;
    }

    private static long Padded(long count) => (count + Alignment - 1) / Alignment * Alignment;

    private void Place(IReadOnlyList<ParameterDeclaration> declarations, int seed)
    {
        // Values are drawn in declaration order, so the memory order can change without changing a network's start.
        var random = new RandomSource(seed);
        var initial = declarations.Select(d => d.Initialise(d.Shape, random)).ToArray();
        var parameters = new List<Parameter>();
        long offset = 0;
        foreach (int i in Enumerable.Range(0, declarations.Count).OrderBy(i => declarations[i].Decays ? 0 : 1))
        {
            ParameterDeclaration declared = declarations[i];
            var value = new Tensor(_values!, offset, declared.Shape);
            Device.Upload(initial[i], value);
            Tensor? gradient = _gradients is null || !declared.Trains
                ? null : new Tensor(_gradients, offset, declared.Shape);
            var parameter = new Parameter(declared.Name, value, gradient, declared.Decays);
            _byName.Add(declared.Name, parameter);
            parameters.Add(parameter);
            offset += Padded(declared.Shape.Count);
        }

        Parameters = parameters;
    }
}

/// <summary>
/// A weight that a layer asks for: its name, shape, start values, whether weight decay applies and whether it is
/// trained.
/// </summary>
internal sealed record ParameterDeclaration(
    string Name, Shape Shape, Func<Shape, RandomSource, float[]> Initialise, bool Decays, bool Trains = true);

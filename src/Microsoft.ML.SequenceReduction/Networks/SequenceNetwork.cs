using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Weights;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>A network over sequences that can be trained: its weights and what makes them better.</summary>
public abstract class SequenceNetwork : IDisposable
{
    /// <summary>A network for sequences of one form, whose weights are then placed by <see cref="Build"/>.</summary>
    protected SequenceNetwork(SequenceForm form) => Form = form;

    /// <summary>What its sequences look like.</summary>
    public SequenceForm Form { get; }

    /// <summary>The weights.</summary>
    public ParameterSet Parameters { get; private set; } = null!;

    /// <summary>Where the weights live.</summary>
    public Device Device => Parameters.Device;

    /// <summary>
    /// What tells this network from others whose weights have the same names and shapes: its options as text. A
    /// checkpoint of a network with other facts is refused.
    /// </summary>
    public abstract string Facts { get; }

    /// <summary>Whether batches must be padded to the form's MaxLength.</summary>
    public abstract bool NeedsFullLength { get; }

    /// <summary>Tokens of the segments in which sequences are trained and evaluated; 0: they are taken whole.</summary>
    public virtual int SegmentLength => 0;

    /// <summary>The loss of a batch and how well it went.</summary>
    /// <param name="graph">The pass; a recording one with a seed drops out.</param>
    /// <param name="batch">Sequences of this network's form.</param>
    /// <returns>The loss, <c>[1]</c>, a mean over what counts in the batch, and the counts.</returns>
    public abstract (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch);

    /// <summary>Gives the weights' memory back.</summary>
    public void Dispose()
    {
        Parameters?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Places the declared weights; called once, at the end of a network's constructor.</summary>
    private protected void Build(Layers.LayerBuilder builder, Device device, int seed, bool training)
    {
        Parameters = new ParameterSet(device, builder.Declarations, seed, training);
        builder.Attach(Parameters);
    }

    /// <summary>Writes options and weights; see <see cref="NetworkFile"/>.</summary>
    private protected void Save<TOptions>(
        Stream stream, string kind, TOptions options, JsonTypeInfo<TOptions> optionsType,
        IReadOnlyDictionary<string, string>? metadata) =>
        NetworkFile.Save(stream, kind, Parameters, Form, options, optionsType, metadata);

    /// <summary>Reads options, makes a network from them, and reads its weights.</summary>
    private protected static (TNetwork Network, IReadOnlyDictionary<string, string> Metadata) Load<TNetwork, TOptions>(
        Stream stream, string name, string kind, JsonTypeInfo<TOptions> optionsType,
        Func<SequenceForm, TOptions, TNetwork> make) where TNetwork : SequenceNetwork
    {
        using var file = new NetworkFile(stream, $"The {name}", leaveOpen: true);
        TOptions options = file.Options(kind, optionsType);
        TNetwork network;
        try
        {
            network = make(file.Form, options);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"The {name}'s options cannot be. {exception.Message}", exception);
        }

        try
        {
            file.LoadInto(network.Parameters);
            return (network, file.Extra);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}

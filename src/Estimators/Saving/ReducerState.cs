using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>A transformer that reduces sequences to latents, or restores them from latents.</summary>
internal sealed class ReducerState(StateFacts facts, ReducingAutoencoder network, Func<string>? text = null)
    : SequenceState(facts, text)
{
    public override ReducingAutoencoder Network { get; } = network;

    /// <summary>Numbers in one row's latents.</summary>
    public override int VectorSize => Network.LatentLength * Network.LatentWidth;

    /// <summary>The state of a network that has been trained.</summary>
    public static ReducerState Of(
        ReducingAutoencoder trained, SequenceColumn column, ColumnNames names, Device device) =>
        (ReducerState)new ReducerState(new StateFacts(StateRole.Reduce, column, names), trained).Copy(device);

    /// <summary>The same network, to restore sequences with.</summary>
    public ReducerState ToRestore(ColumnNames names) => new(new StateFacts(StateRole.Restore, Column, names), Network);

    public override float[] Vectors(SequenceBatch batch) => Network.Score(batch).Latents;

    /// <summary>Reconstruction errors.</summary>
    public override float[] Numbers(SequenceBatch batch) => Network.Score(batch, errors: true).Errors!;

    /// <summary>Checks that a vector has as many numbers as this reducer's latents.</summary>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public void CheckLatents(int length, RowPlace place)
    {
        if (length != VectorSize)
            throw place.Bad(
                $"holds {length} numbers; the reducer's latents have {VectorSize}. Use latents written by the same "
                + "reducer.");
    }

    protected override void Save(Stream stream, IReadOnlyDictionary<string, string> metadata) =>
        Network.Save(stream, metadata);
}

using System.Numerics.Tensors;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>A transformer that predicts classes or numbers.</summary>
internal sealed class PredictorState(StateFacts facts, SequencePredictor network, Func<string>? text = null)
    : SequenceState(facts, text)
{
    public override SequencePredictor Network { get; } = network;

    /// <summary>Number of classes; 1 where numbers are predicted.</summary>
    public override int VectorSize => Math.Max(Network.Options.Classes, 1);

    public override KeyDescription? WrittenKeys => Facts.Label;

    /// <summary>The state of a network that has been trained.</summary>
    /// <param name="trained">The network.</param>
    /// <param name="column">How it reads its sequences.</param>
    /// <param name="names">The columns.</param>
    /// <param name="label">The label's keys; none where numbers are predicted.</param>
    /// <param name="device">Where it will score.</param>
    public static PredictorState Of(
        SequencePredictor trained, SequenceColumn column, ColumnNames names, KeyDescription? label, Device device)
    {
        StateRole role = label is null ? StateRole.Regress : StateRole.Classify;
        var facts = new StateFacts(role, column, names) { Label = label };
        return (PredictorState)new PredictorState(facts, trained).Copy(device);
    }

    /// <summary>The class of the highest score, the first of equal ones; its key is one more.</summary>
    public static int ClassOf(ReadOnlySpan<float> scores) => TensorPrimitives.IndexOfMax(scores);

    /// <summary>Probabilities of the classes, or the numbers.</summary>
    public override float[] Vectors(SequenceBatch batch) => Network.Score(batch);

    public override float[] Numbers(SequenceBatch batch) =>
        Role == StateRole.Regress ? Vectors(batch) : base.Numbers(batch);

    protected override void Save(Stream stream, IReadOnlyDictionary<string, string> metadata) =>
        Network.Save(stream, metadata);
}

using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>A transformer that encodes sequences.</summary>
internal sealed class EncoderState(StateFacts facts, SequenceEncoder network, Func<string>? text = null)
    : SequenceState(facts, text)
{
    public override SequenceEncoder Network { get; } = network;

    public override int VectorSize => Network.OutputWidth;

    public override KeyDescription? WrittenKeys => null;

    /// <summary>The state of a network that has been trained.</summary>
    public static EncoderState Of(SequenceEncoder trained, SequenceColumn column, ColumnNames names, Device device) =>
        (EncoderState)new EncoderState(new StateFacts(StateRole.Encode, column, names), trained).Copy(device);

    public override float[] Vectors(SequenceBatch batch) => Network.Encode(batch);

    protected override void Save(Stream stream, IReadOnlyDictionary<string, string> metadata) =>
        Network.Save(stream, metadata);
}

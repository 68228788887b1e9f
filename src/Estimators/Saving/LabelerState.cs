using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>A transformer that labels the positions of sequences.</summary>
internal sealed class LabelerState(StateFacts facts, SequenceLabeler network, Func<string>? text = null)
    : SequenceState(facts, text)
{
    public override SequenceLabeler Network { get; } = network;

    /// <summary>C: number of classes, each position's scores.</summary>
    public override int VectorSize => Network.Options.Classes;

    public override KeyDescription? WrittenKeys => Facts.Label;

    /// <summary>The state of a network that has been trained.</summary>
    public static LabelerState Of(
        SequenceLabeler trained, SequenceColumn column, ColumnNames names, KeyDescription label, Device device)
    {
        var facts = new StateFacts(StateRole.Label, column, names) { Label = label };
        return (LabelerState)new LabelerState(facts, trained).Copy(device);
    }

    /// <summary>Probabilities of the classes at each position, <c>[B, T, C]</c>, NaN where no token is.</summary>
    public override float[] Vectors(SequenceBatch batch) => Network.Score(batch);

    /// <summary>
    /// Writes a row's scores <c>[T, C]</c> for as many positions as it had, NaN for those that were cut.
    /// </summary>
    public void WriteScores(ReadOnlySpan<float> row, int wholeLength, ref VBuffer<float> value)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, checked(wholeLength * VectorSize));
        int read = Math.Min(row.Length, editor.Values.Length);
        row[..read].CopyTo(editor.Values);
        editor.Values[read..].Fill(float.NaN);
        value = editor.Commit();
    }

    /// <summary>
    /// The key of the class that a position's scores <c>[.., C]</c> are highest for, 0 where they are NaN.
    /// </summary>
    public ulong KeyAt(int position, ReadOnlySpan<float> scores)
    {
        if ((position + 1) * VectorSize > scores.Length)
            return 0;
        ReadOnlySpan<float> here = scores.Slice(position * VectorSize, VectorSize);
        return float.IsNaN(here[0]) ? 0 : (ulong)PredictorState.ClassOf(here) + 1;
    }

    protected override void Save(Stream stream, IReadOnlyDictionary<string, string> metadata) =>
        Network.Save(stream, metadata);
}

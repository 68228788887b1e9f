using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Support;

/// <summary>Rows that are made anew at every reading.</summary>
internal sealed class Sequences(Func<IEnumerable<SequenceRow>> read) : ISequenceSource
{
    /// <summary>A random row of tokens or frames; a seed gives the same row at any length, cut.</summary>
    public static SequenceRow Row(SequenceForm form, int length, long seed)
    {
        var random = new RandomSource(seed + 100);
        return form.FrameWidth == 0
            ? SequenceRow.OfTokens(Enumerable.Range(0, length).Select(_ => random.Next(form.TokenCount)).ToArray())
            : SequenceRow.OfFrames(
                Enumerable.Range(0, length * form.FrameWidth).Select(_ => (float)random.NextNormal()).ToArray());
    }

    /// <summary>Random rows of given lengths in one batch.</summary>
    public static SequenceBatch Batch(SequenceForm form, params int[] lengths) =>
        new([.. lengths.Select((length, row) => Row(form, length, row))], form);

    public IEnumerable<SequenceRow> Read() => read();
}

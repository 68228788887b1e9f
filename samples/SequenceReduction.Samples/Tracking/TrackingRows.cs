using Microsoft.ML.SequenceReduction.Data;

namespace SequenceReduction.Samples.Tracking;

/// <summary>A stream as rows of equal length for training and evaluation.</summary>
internal sealed class TrackingRows(TrackingStream stream, int rows) : ISequenceSource
{
    private readonly TrackingRow[] _rows = stream.Cut(rows);

    /// <summary>Tokens of a row.</summary>
    public int Length => _rows[0].Tokens.Length;

    public IEnumerable<SequenceRow> Read() =>
        _rows.Select(row => SequenceRow.OfTokens(row.Tokens) with { Targets = row.Labels });
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// Sequences side by side, padded to one length: the only place that pads. A sequence shorter than the longest allowed
/// one is followed by one end marker, a position of its own, so that a network can restore where it ended.
/// </summary>
public sealed class SequenceBatch
{
    private readonly int[] _ids;
    private readonly float[] _frames;

    /// <summary>Pads rows into a batch.</summary>
    /// <param name="rows">The sequences; what is longer than the form's MaxLength is cut.</param>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="fullLength">Pads to MaxLength whatever the rows; else just to the longest of them.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public SequenceBatch(IReadOnlyList<SequenceRow> rows, SequenceForm form, bool fullLength = false)
    {
        if (rows.Count == 0)
            throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        (Form, Rows) = (form, rows.Count);
        int[] lengths = rows.Select(r => Math.Min(r.Length(form.FrameWidth), form.MaxLength)).ToArray();
        Lengths = lengths;
        Tokens = fullLength ? form.MaxLength : Math.Min(lengths.Max() + 1, form.MaxLength);
        var valid = new byte[Rows * Tokens];
        _ids = form.FrameWidth == 0 ? new int[Rows * Tokens] : [];
        _frames = form.FrameWidth == 0 ? [] : new float[Rows * Tokens * form.InputWidth];
        Array.Fill(_ids, -1);
        for (int row = 0; row < Rows; row++)
            Place(rows[row], row, valid.AsSpan(row * Tokens, Tokens));
        Mask = new TokenMask(valid, Rows, Tokens);
        Labels = rows.Select(r => r.Label).ToArray();
        Weights = rows.Select(r => r.Weight).ToArray();
    }

    /// <summary>What the sequences look like.</summary>
    public SequenceForm Form { get; }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>T, the padded length.</summary>
    public int Tokens { get; }

    /// <summary>Number of rows that end with an end marker.</summary>
    public int EndMarkers { get; private set; }

    /// <summary>Each row's own length, without the end marker.</summary>
    public ReadOnlyMemory<int> Lengths { get; }

    /// <summary>Each row's label, <c>[B]</c>: the index of a class, or a value; NaN where there is none.</summary>
    public ReadOnlyMemory<float> Labels { get; }

    /// <summary>How much each row counts by its label, <c>[B]</c>, 0 or more.</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>Number of real tokens or frames, end markers not counted.</summary>
    public int RealTokens => Mask.ValidCount - EndMarkers;

    /// <summary>Token ids <c>[B, T]</c>, −1 for padding and missing tokens; empty for frames.</summary>
    public ReadOnlyMemory<int> Ids => _ids;

    /// <summary>
    /// Frames <c>[B, T, F + 1]</c>, zeros for padding and missing ones; the last number of each is 1 for a real frame
    /// and 0 for the end marker. Empty for tokens.
    /// </summary>
    public ReadOnlyMemory<float> Frames => _frames;

    /// <summary>Which positions are real tokens or end markers, <c>[B, T]</c>.</summary>
    public TokenMask Mask { get; }

    /// <summary>The frame at a place in <c>[B, T]</c>, <c>[F + 1]</c>.</summary>
    internal ReadOnlySpan<float> FrameAt(int place) => _frames.AsSpan(place * Form.InputWidth, Form.InputWidth);

    private void Place(SequenceRow source, int row, Span<byte> valid)
    {
        int length = Lengths.Span[row];
        if (Form.FrameWidth == 0)
            PlaceTokens(source.Tokens.Span[..length], _ids.AsSpan(row * Tokens, Tokens), valid);
        else
            PlaceFrames(source.Frames.Span, _frames.AsSpan(row * Tokens * Form.InputWidth), length, valid);
        if (length == Form.MaxLength)
            return;
        valid[length] = 1;
        EndMarkers++;
    }

    private void PlaceTokens(ReadOnlySpan<int> tokens, Span<int> ids, Span<byte> valid)
    {
        tokens.CopyTo(ids);
        for (int t = 0; t < tokens.Length; t++)
            valid[t] = tokens[t] < 0 ? (byte)0 : (byte)1;
        if (tokens.Length < ids.Length)
            ids[tokens.Length] = Form.EndToken;
    }

    private void PlaceFrames(ReadOnlySpan<float> frames, Span<float> place, int length, Span<byte> valid)
    {
        for (int t = 0; t < length; t++)
        {
            ReadOnlySpan<float> frame = frames.Slice(t * Form.FrameWidth, Form.FrameWidth);
            if (frame.ContainsAnyNaN())
                continue;
            Span<float> placed = place.Slice(t * Form.InputWidth, Form.InputWidth);
            frame.CopyTo(placed);
            placed[Form.FrameWidth] = 1;
            valid[t] = 1;
        }
    }
}

file static class FrameExtensions
{
    public static bool ContainsAnyNaN(this ReadOnlySpan<float> frame)
    {
        foreach (float value in frame)
            if (float.IsNaN(value))
                return true;
        return false;
    }
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// Sequences side by side, padded to one length: the only place that pads. A sequence shorter than the longest allowed
/// one is followed by one end marker, a position of its own, so that a network can restore where it ended.
/// </summary>
public sealed class SequenceBatch
{
    private readonly int[] _ids, _targets;
    private readonly float[] _frames;

    /// <summary>Pads rows into a batch.</summary>
    /// <param name="rows">The sequences; what is longer than the form's MaxLength is cut.</param>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="fullLength">Pads to MaxLength whatever the rows; else just to the longest of them.</param>
    /// <exception cref="ArgumentException">
    /// There are no rows, or a row's targets are not as many as its tokens.
    /// </exception>
    public SequenceBatch(IReadOnlyList<SequenceRow> rows, SequenceForm form, bool fullLength = false)
        : this(rows, form, 0, fullLength ? form.MaxLength : Longest(rows, form)) { }

    private SequenceBatch(IReadOnlyList<SequenceRow> rows, SequenceForm form, int start, int tokens)
    {
        (Form, Rows, Start, Tokens) = (form, rows.Count, start, tokens);
        Lengths = rows.Select(r => Math.Clamp(LengthOf(r, form) - start, 0, tokens)).ToArray();
        Following = rows.Select(r => IdAt(r, form, start + tokens)).ToArray();
        var valid = new byte[Rows * Tokens];
        _ids = form.FrameWidth == 0 ? new int[Rows * Tokens] : [];
        _frames = form.FrameWidth == 0 ? [] : new float[Rows * Tokens * form.InputWidth];
        _targets = rows.Any(r => !r.Targets.IsEmpty) ? new int[Rows * Tokens] : [];
        Array.Fill(_ids, -1);
        Array.Fill(_targets, -1);
        for (int row = 0; row < Rows; row++)
            Place(rows[row], row, valid.AsSpan(row * Tokens, Tokens));
        Mask = new TokenMask(valid, Rows, Tokens);
        Labels = rows.Select(r => r.Label).ToArray();
        Weights = rows.Select(r => r.Weight).ToArray();
    }

    /// <summary>
    /// The sequences side by side, cut in segments that follow each other; those that have ended are padded. All
    /// segments share one <see cref="Stream"/>, which is disposed after the last.
    /// </summary>
    /// <param name="rows">The sequences; what is longer than the form's MaxLength is cut.</param>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="length">Tokens of a segment, 1 or more; the last one may have fewer.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static IEnumerable<SequenceBatch> Segments(
        IReadOnlyList<SequenceRow> rows, SequenceForm form, int length)
    {
        int all = Longest(rows, form);
        using var stream = new StreamState();
        for (int start = 0; start < all; start += length)
            yield return new SequenceBatch(rows, form, start, Math.Min(length, all - start)) { Stream = stream };
    }

    /// <summary>One piece of a stream of any length; an end marker may follow the last one.</summary>
    internal static SequenceBatch Piece(SequenceRow row, SequenceForm form, StreamState stream, bool endMarker) => new(
        [row], form with { MaxLength = int.MaxValue }, 0, row.Length(form.FrameWidth) + (endMarker ? 1 : 0))
    {
        Stream = stream,
    };

    /// <summary>What the sequences look like.</summary>
    public SequenceForm Form { get; }

    /// <summary>Place of the batch's first token in its sequences; above 0 in later segments.</summary>
    public int Start { get; }

    /// <summary>What the sequences' segments share; none where the batch is all of them.</summary>
    public StreamState? Stream { get; init; }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>T, the padded length.</summary>
    public int Tokens { get; }

    /// <summary>Number of rows that end with an end marker.</summary>
    public int EndMarkers { get; private set; }

    /// <summary>Each row's own number of tokens or frames here, without the end marker.</summary>
    public ReadOnlyMemory<int> Lengths { get; }

    /// <summary>The id right after each row's last one here, <c>[B]</c>: −1 where there is none, or it is missing.</summary>
    public ReadOnlyMemory<int> Following { get; }

    /// <summary>Each row's label, <c>[B]</c>: the index of a class, or a value; NaN where there is none.</summary>
    public ReadOnlyMemory<float> Labels { get; }

    /// <summary>
    /// The class of each token or frame, <c>[B, T]</c>, −1 where there is none and for padding, end markers and missing
    /// tokens; empty where no row has any.
    /// </summary>
    public ReadOnlyMemory<int> Targets => _targets;

    /// <summary>How much each row counts by its label or targets, <c>[B]</c>, 0 or more.</summary>
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

    private static int LengthOf(SequenceRow row, SequenceForm form) =>
        Math.Min(row.Length(form.FrameWidth), form.MaxLength);

    /// <summary>Tokens of the longest row with its end marker.</summary>
    private static int Longest(IReadOnlyList<SequenceRow> rows, SequenceForm form)
    {
        if (rows.Count == 0)
            throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        return Math.Min(rows.Max(r => LengthOf(r, form)) + 1, form.MaxLength);
    }

    private static int IdAt(SequenceRow row, SequenceForm form, int place)
    {
        int length = LengthOf(row, form);
        if (form.FrameWidth > 0 || place > length || place >= form.MaxLength)
            return -1;
        return place == length ? form.EndToken : row.Tokens.Span[place];
    }

    private void Place(SequenceRow source, int row, Span<byte> valid)
    {
        int length = Lengths.Span[row], end = LengthOf(source, Form) - Start;
        if (Form.FrameWidth == 0)
            PlaceTokens(
                source.Tokens.Span.Slice(Math.Min(Start, source.Tokens.Length), length), end,
                _ids.AsSpan(row * Tokens, Tokens), valid);
        else
            PlaceFrames(
                source.Frames.Span[Math.Min(Start * Form.FrameWidth, source.Frames.Length)..],
                _frames.AsSpan(row * Tokens * Form.InputWidth), length, valid);
        if (!source.Targets.IsEmpty)
            PlaceTargets(source, _targets.AsSpan(row * Tokens, Tokens), valid[..length]);
        if (end + Start == Form.MaxLength || end < 0 || end >= Tokens)
            return;
        valid[end] = 1;
        EndMarkers++;
    }

    private void PlaceTokens(ReadOnlySpan<int> tokens, int end, Span<int> ids, Span<byte> valid)
    {
        tokens.CopyTo(ids);
        for (int t = 0; t < tokens.Length; t++)
            valid[t] = tokens[t] < 0 ? (byte)0 : (byte)1;
        if (end >= 0 && end < ids.Length)
            ids[end] = Form.EndToken;
    }

    private void PlaceTargets(SequenceRow source, Span<int> targets, ReadOnlySpan<byte> valid)
    {
        if (source.Targets.Length != source.Length(Form.FrameWidth))
            throw new ArgumentException(
                $"A row has {source.Targets.Length} targets for {source.Length(Form.FrameWidth)} tokens or frames; "
                + "there must be one for each.", nameof(source));
        for (int t = 0; t < valid.Length; t++)
            targets[t] = valid[t] == 0 ? -1 : source.Targets.Span[Start + t];
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

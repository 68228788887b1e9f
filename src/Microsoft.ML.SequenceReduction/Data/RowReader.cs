namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// Reads the rows of a source that can be used, cut to the longest allowed length; rows without a token that is not missing
/// are left out.
/// </summary>
internal sealed class RowReader(ISequenceSource source, SequenceForm form, RowPart part)
{
    /// <summary>Reads from the start.</summary>
    /// <param name="tally">Where to count what was found; may be none.</param>
    /// <param name="cancellation">Asked before every row.</param>
    /// <exception cref="InvalidDataException">A row does not fit the form; the message names it.</exception>
    public IEnumerable<SequenceRow> Read(DataTally? tally, CancellationToken cancellation)
    {
        long index = -1;
        foreach (SequenceRow whole in source.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            index++;
            if (!part.Contains(index))
                continue;
            CheckKind(whole, index);
            CheckLabel(whole, index);
            CheckTargets(whole, index);
            SequenceRow row = Cut(whole);
            int length = row.Length(form.FrameWidth);
            int missing = form.FrameWidth == 0 ? MissingTokens(row, index) : MissingFrames(row, index);
            tally?.Add(row, length, missing, whole.Length(form.FrameWidth) > length);
            if (missing < length)
                yield return row;
        }
    }

    private SequenceRow Cut(SequenceRow row)
    {
        if (row.Length(form.FrameWidth) <= form.MaxLength)
            return row;
        SequenceRow cut = row.Targets.IsEmpty ? row : row with { Targets = row.Targets[..form.MaxLength] };
        return form.FrameWidth == 0
            ? cut with { Tokens = row.Tokens[..form.MaxLength] }
            : cut with { Frames = row.Frames[..(form.MaxLength * form.FrameWidth)] };
    }

    private void CheckKind(SequenceRow row, long index)
    {
        if (form.FrameWidth == 0 && !row.Frames.IsEmpty)
            throw Unfit(index, "holds frames where tokens are expected");
        if (form.FrameWidth > 0 && !row.Tokens.IsEmpty)
            throw Unfit(index, "holds tokens where frames are expected");
        if (form.FrameWidth > 0 && row.Frames.Length % form.FrameWidth != 0)
            throw Unfit(index, $"holds {row.Frames.Length} numbers, no whole count of frames of {form.FrameWidth}");
    }

    private static void CheckLabel(SequenceRow row, long index)
    {
        if (!(row.Weight >= 0 && float.IsFinite(row.Weight)))
            throw Unfit(index, $"has the weight {row.Weight}; a weight is a finite number of 0 or more");
        if (float.IsInfinity(row.Label))
            throw Unfit(index, "has an infinite label; a missing one is NaN");
    }

    private void CheckTargets(SequenceRow row, long index)
    {
        ReadOnlySpan<int> targets = row.Targets.Span;
        int length = row.Length(form.FrameWidth);
        if (!targets.IsEmpty && targets.Length != length)
            throw Unfit(
                index, $"has {targets.Length} targets for {length} {(form.FrameWidth == 0 ? "tokens" : "frames")}; "
                + "there must be one for each");
        int at = targets.IndexOfAnyExceptInRange(-1, int.MaxValue);
        if (at >= 0)
            throw Unfit(index, $"has the target {targets[at]} at {at}; classes count from 0, and -1 is none");
    }

    private int MissingTokens(SequenceRow row, long index)
    {
        ReadOnlySpan<int> tokens = row.Tokens.Span;
        int at = tokens.IndexOfAnyExceptInRange(-1, form.TokenCount - 1);
        if (at >= 0)
            throw Unfit(
                index, $"holds the token {tokens[at]} at {at}; tokens go from 0 to {form.TokenCount - 1}, and -1 is missing");
        return tokens.Count(-1);
    }

    private int MissingFrames(SequenceRow row, long index)
    {
        int missing = 0;
        ReadOnlySpan<float> numbers = row.Frames.Span;
        for (int start = 0; start < numbers.Length; start += form.FrameWidth)
        {
            bool lacks = false;
            foreach (float number in numbers.Slice(start, form.FrameWidth))
            {
                if (float.IsInfinity(number))
                    throw Unfit(index, $"holds an infinite number in frame {start / form.FrameWidth}; a missing one is NaN");
                lacks |= float.IsNaN(number);
            }

            missing += lacks ? 1 : 0;
        }

        return missing;
    }

    private static InvalidDataException Unfit(long index, string what) => new($"Row {index} (counted from 0) {what}.");
}

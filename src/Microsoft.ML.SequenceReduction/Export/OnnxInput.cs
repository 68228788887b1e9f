using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>
/// A model's input, sequences side by side and their lengths, made what <see cref="SequenceBatch"/> makes of rows: cut
/// at the longest length, with an end marker after those that are shorter, and with a mask; and a sample that stands
/// for it.
/// </summary>
internal sealed class OnnxInput
{
    /// <summary>Names of the inputs.</summary>
    public const string TokensName = "tokens", FramesName = "frames", LengthsName = "lengths";

    private readonly OnnxGraph _graph;
    private readonly SequenceForm _form;
    private readonly OnnxValue _end, _ids, _frames;

    /// <summary>Declares the inputs of a model.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="length">L: how long the input's sequences are; none: any length.</param>
    /// <param name="standardisation">What brings frames to their usual scale; none: they come so.</param>
    public OnnxInput(OnnxGraph graph, SequenceForm form, int? length, Standardisation? standardisation)
    {
        (_graph, _form) = (graph, form);
        Axis = length is { } fixedLength ? fixedLength : "length";
        Sample = SampleOf(form, length ?? form.MaxLength);
        OnnxValue most = graph.Constants(form.MaxLength), given = form.FrameWidth == 0
            ? graph.Input(TokensName, OnnxType.Int64, "batch", Axis)
            : graph.Input(FramesName, OnnxType.Float, "batch", Axis, form.FrameWidth);
        OnnxValue known = given.Length(1);
        Read = known.Min(most);
        OnnxValue lengths = graph.Input(LengthsName, OnnxType.Int64, "batch").Unsqueeze(1).Min(Read);
        OnnxValue tokens = (known + 1L).Min(most), places = graph.Range(tokens);
        _end = places.With("Equal", lengths);
        OnnxValue real = places < lengths;
        if (form.FrameWidth == 0)
            (_ids, real) = IdsOf(given, tokens, real);
        else
            (_frames, real) = FramesOf(Standardised(given, standardisation), tokens, real);
        Real = real;
        Valid = real | _end;
    }

    /// <summary>The axis of the input's tokens: a fixed length, or a name.</summary>
    public OnnxAxis Axis { get; }

    /// <summary>Sequences whose pass is that of any: what is cut out of their mask is never full.</summary>
    public SequenceBatch Sample { get; }

    /// <summary>How many tokens of a sequence are read at most, <c>[1]</c>: its end marker is not one.</summary>
    public OnnxValue Read { get; }

    /// <summary>Which positions are tokens or frames that are not missing, <c>[B, T]</c>.</summary>
    public OnnxValue Real { get; }

    /// <summary>Which positions are such or end markers, <c>[B, T]</c>.</summary>
    public OnnxValue Valid { get; }

    /// <summary>Ids <c>[B, T]</c>, −1 where none is.</summary>
    public OnnxValue Ids => _ids;

    /// <summary>Frames with their mark, <c>[B, T, F + 1]</c>.</summary>
    public OnnxValue Frames => _frames;

    /// <summary>A row of missing tokens and one without any: no place is valid in both.</summary>
    private static SequenceBatch SampleOf(SequenceForm form, int length)
    {
        SequenceRow missing = form.FrameWidth == 0
            ? SequenceRow.OfTokens(Enumerable.Repeat(-1, length).ToArray())
            : SequenceRow.OfFrames(Enumerable.Repeat(float.NaN, length * form.FrameWidth).ToArray());
        return new SequenceBatch([missing, default], form);
    }

    private (OnnxValue Ids, OnnxValue Real) IdsOf(OnnxValue given, OnnxValue tokens, OnnxValue real)
    {
        OnnxValue none = _graph.Constant(-1L);
        OnnxValue ids = real.Where(Longer(given, none).Slice(1, 0, tokens), none);
        OnnxValue end = _graph.Constant((long)_form.EndToken);
        return (_end.Where(end, ids), ids >= _graph.Constant(0L));
    }

    private (OnnxValue Frames, OnnxValue Real) FramesOf(OnnxValue given, OnnxValue tokens, OnnxValue real)
    {
        OnnxValue zero = _graph.Constant(0f);
        OnnxValue frames = Longer(given, zero).Slice(1, 0, tokens);
        real &= frames.To("IsNaN").As(OnnxType.Float).Sum(2, kept: false).With("Equal", zero);
        OnnxValue mark = real.Unsqueeze(2);
        return (mark.Where(frames, zero).Concat(2, mark.As(OnnxType.Float)), real);
    }

    /// <summary>The sequences with room for one position more.</summary>
    private OnnxValue Longer(OnnxValue given, OnnxValue filling)
    {
        long[] pads = _form.FrameWidth == 0 ? [0, 0, 0, 1] : [0, 0, 0, 0, 1, 0];
        return _graph.Node("Pad", [given, _graph.Constants(pads), filling]);
    }

    private OnnxValue Standardised(OnnxValue frames, Standardisation? standardisation)
    {
        if (standardisation is null)
            return frames;
        OnnxValue means = _graph.Constants([.. standardisation.Means]);
        OnnxValue deviations = _graph.Constants([.. standardisation.Deviations]);
        return ((frames.As(OnnxType.Double) - means) / deviations).As(OnnxType.Float);
    }
}

using System.CommandLine;
using Microsoft.ML.SequenceReduction.Layers;

namespace SequenceReduction.Tool.Commands;

/// <summary>The options that say whether an encoder reads from left to right, and how.</summary>
internal sealed class StaircaseArguments
{
    private const string Whole = "transformer", Cached = "cached", Ladder = "ladder", Causal = "causal";

    private readonly Option<string> _encoder = ToolOptions.Choice(
        "--encoder",
        "Not reduce: sees the whole sequence at once; or reads from left to right, in chunks with a recurrent state "
        + "(staircase) that see more finished tokens (cached) or all (global), or the sequence several times (ladder) "
        + "or once (causal).",
        Whole, "staircase", Cached, "global", Ladder, Causal);

    private readonly Option<int> _chunk = ToolOptions.Whole("--chunk-size", "Staircases: tokens per chunk.", 16, 1);
    private readonly Option<int> _passes = ToolOptions.Whole(
        "--passes", "Staircases, ladder: how often a token passes the blocks.", 2, 1);

    private readonly Option<int?> _cache = ToolOptions.MaybeWhole(
        "--cache-length",
        "cached: finished tokens in sight [default: --chunk-size times --passes]; ladder, causal: tokens of earlier "
        + "segments in sight [default: 0]", 0);

    private readonly Option<int?> _segment = ToolOptions.MaybeWhole(
        "--segment-length",
        "encode, label, from left to right: tokens that are trained together; states are carried on [default: all]", 1);

    /// <summary>All of them.</summary>
    public Option[] All => [_encoder, _chunk, _passes, _cache, _segment];

    /// <summary>What was asked for; none: a Transformer that sees the whole sequence.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="whole">Whether the task needs whole sequences, so that there are no segments.</param>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public StaircaseKind? Read(ParseResult parsed, bool whole)
    {
        string kind = parsed.GetValue(_encoder)!;
        if (kind == Whole)
            parsed.Refuse(All[1..], "is for encoders from left to right: --encoder staircase, cached and so on");
        if (kind is Ladder or Causal)
            parsed.Refuse([_chunk], "is for --encoder staircase, cached and global");
        if (kind == Causal)
            parsed.Refuse([_passes], "is for --encoder staircase, cached, global and ladder");
        if (kind is not (Cached or Ladder or Causal))
            parsed.Refuse([_cache], "is for --encoder cached, ladder and causal");
        if (whole)
            parsed.Refuse([_segment], "is for the tasks encode and label; others learn from whole sequences");
        (int chunk, int segment) = (parsed.GetValue(_chunk), parsed.GetValue(_segment) ?? 0);
        (int passes, int? cache) = (parsed.GetValue(_passes), parsed.GetValue(_cache));
        int inRow = (int)Math.Min((long)chunk * passes, int.MaxValue);
        return kind switch
        {
            Whole => null,
            Cached => StaircaseKind.Cached(chunk, chunk, chunk, segment) with
            {
                Passes = passes,
                CacheLength = cache ?? inRow,
            },
            Ladder => StaircaseKind.Ladder(passes, cache ?? 0, segment),
            Causal => StaircaseKind.Transformer(cache ?? 0, segment),
            "global" => StaircaseKind.GlobalCached(chunk, chunk, segment) with { Passes = passes },
            _ => StaircaseKind.Staircase(chunk, chunk, segment) with { Passes = passes },
        };
    }
}

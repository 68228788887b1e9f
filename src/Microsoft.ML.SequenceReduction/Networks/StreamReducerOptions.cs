using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Layers;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>The make of a reducer of streams: a staircase that reads, and what reduces each finished chunk.</summary>
public sealed record StreamReducerOptions
{
    private const int DefaultSegmentChunks = 4;

    /// <summary>
    /// How the stream is read; its ChunkSize F is what becomes latents together. Not a ladder, which has no chunks, and
    /// not as published, where states depend on how a stream is cut. Without a SegmentLength, four chunks are trained
    /// together.
    /// </summary>
    public StaircaseKind Staircase { get; init => field = value ?? StaircaseKind.Staircase(); } =
        StaircaseKind.Staircase();

    /// <summary>
    /// The staircase's Transformer layers, which each token passes Staircase.Passes times, 0 or more; with 0 a latent
    /// knows of its own chunk alone.
    /// </summary>
    public int Layers { get; init; } = 1;

    /// <summary>
    /// How each chunk of F tokens is reduced to <see cref="ReducingAutoencoderOptions.LatentLength"/> latents and
    /// restored; its Width, Heads, FeedForwardWidth and Dropout are the staircase's too, its EncoderBlocks see whole
    /// chunks. Default: 16 latents per chunk, no such blocks.
    /// </summary>
    public ReducingAutoencoderOptions Reduction { get; init => field = value ?? DefaultReduction; } = DefaultReduction;

    internal int SegmentLength =>
        Staircase.SegmentLength > 0 ? Staircase.SegmentLength : DefaultSegmentChunks * Staircase.ChunkSize;

    private static ReducingAutoencoderOptions DefaultReduction => new() { EncoderBlocks = 0 };

    /// <summary>Checks every option against the sequences' form.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the remedy.
    /// </exception>
    public void Validate(SequenceForm form)
    {
        form.Validate();
        OptionCheck.Require(
            form.FrameWidth == 0, nameof(form.FrameWidth), form.FrameWidth, "0, as streams are read as tokens");
        Staircase.Validate();
        OptionCheck.Require(
            Staircase.Variant != StaircaseVariant.Ladder, "Staircase's Variant", Staircase.Variant,
            "one that finishes chunk after chunk: Staircase, Cached or GlobalCached");
        OptionCheck.Require(
            !Staircase.AsPublished, "Staircase's AsPublished", Staircase.AsPublished,
            "false, as latents must not depend on how a stream is cut in segments");
        OptionCheck.Require(Layers >= 0, nameof(Layers), Layers, "0 or more");
        Reduction.Validate(Staircase.ChunkSize, "the staircase's ChunkSize");
    }
}

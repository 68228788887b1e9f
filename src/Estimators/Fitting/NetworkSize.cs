using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>
/// How large a network is, for a rough lower bound of memory, so that absurd sizes fail before long work.
/// </summary>
/// <param name="Width">Numbers per token.</param>
/// <param name="FeedForwardWidth">Hidden numbers of a feed-forward layer; none means four times the width.</param>
/// <param name="Blocks">Number of transformer blocks.</param>
internal sealed record NetworkSize(int Width, int? FeedForwardWidth, int Blocks)
{
    /// <summary>Rows of all tables of n-grams.</summary>
    public long NGramRows { get; init; }

    /// <summary>The size of an encoder.</summary>
    public static NetworkSize Of(SequenceEncoderOptions make) => new(make.Width, make.FeedForwardWidth, make.Blocks)
    {
        NGramRows = make.NGrams is { } ngrams ? (ngrams.Longest - ngrams.Shortest + 1L) * ngrams.Rows : 0,
    };

    /// <summary>Checks that a training can fit into the machine's memory.</summary>
    /// <exception cref="ArgumentException">It cannot; the message names the options that make it so large.</exception>
    public void Check(SequenceForm form, int batchSize)
    {
        double width = Width, hidden = FeedForwardWidth ?? 4 * width;
        double positions = (double)batchSize * form.MaxLength;
        double ids = form.FrameWidth == 0 ? form.VocabularySize : form.InputWidth;
        double activations = positions * (ids + Blocks * (6 * width + 2 * hidden));
        double tables = width * (ids + form.MaxLength + NGramRows);
        double weights = 4 * (tables + Blocks * (4 * width * width + 2 * width * hidden));
        double bytes = sizeof(float) * (activations + weights);
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
            throw new ArgumentException(
                $"Training needs at least {Gigabytes(bytes)}, and this machine has {Gigabytes(available)}: BatchSize "
                + $"is {batchSize}, MaxLength {form.MaxLength}, the vocabulary {form.VocabularySize}, Width {Width}. "
                + "Lower one of them (MaximumVocabulary for integers and keys).");
    }

    private static string Gigabytes(double bytes) => $"{bytes / (1L << 30):n1} GB";
}

using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>A rough lower bound of the memory that a training needs, so that absurd sizes fail before long work.</summary>
internal static class MemoryNeed
{
    /// <summary>Checks that a training can fit into the machine's memory.</summary>
    /// <exception cref="ArgumentException">It cannot; the message names the options that make it so large.</exception>
    public static void Check(SequenceForm form, SequenceReducingOptions options)
    {
        double width = options.Network.Width, hidden = options.Network.FeedForwardWidth ?? 4 * width;
        double positions = (double)options.Training.BatchSize * form.MaxLength;
        double blocks = options.Network.EncoderBlocks + options.Network.DecoderBlocks + 2;
        double ids = form.FrameWidth == 0 ? form.VocabularySize : form.InputWidth;
        double activations = positions * (ids + blocks * (6 * width + 2 * hidden));
        double weights = 4 * (width * (ids + form.MaxLength) + blocks * (4 * width * width + 2 * width * hidden));
        double bytes = sizeof(float) * (activations + weights), available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
            throw new ArgumentException(
                $"Training needs at least {Gigabytes(bytes)}, and this machine has {Gigabytes(available)}: BatchSize is "
                + $"{options.Training.BatchSize}, MaxLength {form.MaxLength}, the vocabulary {form.VocabularySize}, "
                + $"Width {options.Network.Width}. Lower one of them (MaximumVocabulary for integers and keys).");
    }

    private static string Gigabytes(double bytes) => $"{bytes / (1L << 30):n1} GB";
}

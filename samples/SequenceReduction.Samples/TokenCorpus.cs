using System.Text;

namespace SequenceReduction.Samples;

/// <summary>A text as token ids: its bytes, or its words.</summary>
/// <param name="TokenCount">Number of distinct ids.</param>
/// <param name="Training">Ids of the training part.</param>
/// <param name="Validation">Ids of the part that validates.</param>
/// <param name="HeldOut">Ids of the held-out part.</param>
internal sealed record TokenCorpus(int TokenCount, int[] Training, int[] Validation, int[] HeldOut)
{
    private const int WordCount = 8192;

    /// <summary>One id per byte.</summary>
    public static TokenCorpus OfBytes(Corpus corpus)
    {
        static int[] Ids(ReadOnlyMemory<byte> part) => Array.ConvertAll(part.ToArray(), b => (int)b);
        return new TokenCorpus(256, Ids(corpus.Training), Ids(corpus.Validation), Ids(corpus.HeldOut));
    }

    /// <summary>
    /// One id per word, lower-cased and split at what is not a letter: the 8,191 most frequent of the training part, and
    /// one unknown token, 0, for all others.
    /// </summary>
    public static TokenCorpus OfWords(Corpus corpus)
    {
        string[] training = Words(corpus.Training);
        Dictionary<string, int> ids = training.CountBy(word => word)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(WordCount - 1)
            .Select((pair, rank) => (pair.Key, Id: rank + 1))
            .ToDictionary(pair => pair.Key, pair => pair.Id);
        int[] Ids(string[] words) => Array.ConvertAll(words, word => ids.GetValueOrDefault(word));
        return new TokenCorpus(
            WordCount, Ids(training), Ids(Words(corpus.Validation)), Ids(Words(corpus.HeldOut)));
    }

    private static string[] Words(ReadOnlyMemory<byte> part)
    {
        string text = Encoding.UTF8.GetString(part.Span).ToLowerInvariant();
        var words = new List<string>();
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool letter = i < text.Length && char.IsLetter(text[i]);
            if (letter && start < 0)
                start = i;
            if (letter || start < 0)
                continue;
            words.Add(text[start..i]);
            start = -1;
        }

        return [.. words];
    }
}

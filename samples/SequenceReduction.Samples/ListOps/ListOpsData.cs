namespace SequenceReduction.Samples.ListOps;

/// <summary>Expressions to train, validate and test on; no two are equal, neither within a part nor across.</summary>
/// <param name="Training">What to learn from.</param>
/// <param name="Validation">What to choose by.</param>
/// <param name="Test">What to measure on; the same for a seed whatever the other parts' sizes.</param>
internal sealed record ListOpsData(
    ListOpsExpression[] Training, ListOpsExpression[] Validation, ListOpsExpression[] Test)
{
    private const int MostTries = 3_000_000;

    /// <summary>Draws the three parts.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidDataException">There are not as many of these lengths, or hardly any.</exception>
    public static ListOpsData Draw(ListOpsOptions options, int training, int validation, int test, int seed)
    {
        var generator = new ListOpsGenerator(options, seed);
        var known = new HashSet<byte[]>(new SameTokens());
        ListOpsExpression[] Part(int count)
        {
            var part = new ListOpsExpression[count];
            foreach (ref ListOpsExpression expression in part.AsSpan())
                expression = Another(generator, known, options);
            return part;
        }

        ListOpsExpression[] testPart = Part(test), validationPart = Part(validation);
        return new ListOpsData(Part(training), validationPart, testPart);
    }

    private static ListOpsExpression Another(ListOpsGenerator generator, HashSet<byte[]> known, ListOpsOptions options)
    {
        for (int i = 0; i < MostTries; i++)
            if (generator.TryNext() is { } expression && known.Add(expression.Tokens))
                return expression;
        throw new InvalidDataException(
            $"After {known.Count} expressions of {options.MinLength} to {options.MaxLength} tokens, "
            + $"{MostTries:N0} tries found no other. Allow more lengths or ask for fewer expressions.");
    }

    private sealed class SameTokens : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] tokens)
        {
            var hash = new HashCode();
            hash.AddBytes(tokens);
            return hash.ToHashCode();
        }
    }
}

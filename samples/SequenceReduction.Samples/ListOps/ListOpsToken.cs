namespace SequenceReduction.Samples.ListOps;

/// <summary>The tokens of ListOps: the digits, which are their own ids, four operators and a closing bracket.</summary>
internal static class ListOpsToken
{
    public const int Digits = 10;
    public const byte Max = 10;
    public const byte Min = 11;
    public const byte Median = 12;
    public const byte SumModulo = 13;
    public const byte End = 14;
    public const int Count = 15;

    /// <summary>The four operators, each together with its opening bracket.</summary>
    public static ReadOnlySpan<byte> Operators => [Max, Min, Median, SumModulo];

    /// <summary>A token as the benchmark writes it.</summary>
    public static string Name(byte token) => token switch
    {
        < Digits => ((char)('0' + token)).ToString(),
        Max => "[MAX",
        Min => "[MIN",
        Median => "[MED",
        SumModulo => "[SM",
        End => "]",
        _ => throw new ArgumentOutOfRangeException(nameof(token), token, $"ListOps has {Count} tokens."),
    };

    /// <summary>What an operator makes of one or more digits, which it may put into another order.</summary>
    public static int Apply(byte operation, Span<int> digits)
    {
        digits.Sort();
        int sum = 0;
        foreach (int digit in digits)
            sum += digit;
        return operation switch
        {
            Max => digits[^1],
            Min => digits[0],
            Median => (digits[(digits.Length - 1) / 2] + digits[digits.Length / 2]) / 2,
            SumModulo => sum % Digits,
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "This token is no operator."),
        };
    }
}

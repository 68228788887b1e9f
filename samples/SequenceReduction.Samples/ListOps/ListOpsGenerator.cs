using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Samples.ListOps;

/// <summary>
/// Draws ListOps expressions (Nangia and Bowman 2018) as the Long Range Arena does (Tay et al. 2021, arXiv 2011.04006,
/// section 2.2.1): in each place an operator or a digit by chance, two or more arguments to an operator, and only what
/// has the wanted length is kept. The same seed draws the same.
/// </summary>
/// <remarks>
/// Tokens are the benchmark's: its files hold round brackets around every argument too, which its tokeniser drops.
/// Differs from the benchmark: both ends of the range of lengths are allowed.
/// </remarks>
internal sealed class ListOpsGenerator
{
    private readonly ListOpsOptions _options;
    private readonly RandomSource _random;
    private readonly List<byte> _tokens = [];

    public ListOpsGenerator(ListOpsOptions options, int seed)
    {
        options.Validate();
        (_options, _random) = (options, new RandomSource(seed));
    }

    /// <summary>Draws once; none if the expression has not the wanted length.</summary>
    public ListOpsExpression? TryNext()
    {
        _tokens.Clear();
        int value = Grow(depth: 1);
        return _tokens.Count >= _options.MinLength && _tokens.Count <= _options.MaxLength
            ? new ListOpsExpression([.. _tokens], value)
            : null;
    }

    /// <summary>Appends a part of an expression and gives its value; what is too long grows no further.</summary>
    private int Grow(int depth)
    {
        if (depth == _options.MaxDepth || _random.NextDouble() >= _options.OperatorShare)
        {
            int digit = _random.Next(ListOpsToken.Digits);
            _tokens.Add((byte)digit);
            return digit;
        }

        byte operation = ListOpsToken.Operators[_random.Next(ListOpsToken.Operators.Length)];
        Span<int> arguments = stackalloc int[2 + _random.Next(_options.MaxArguments - 1)];
        _tokens.Add(operation);
        foreach (ref int argument in arguments)
        {
            if (_tokens.Count > _options.MaxLength)
                return 0;
            argument = Grow(depth + 1);
        }

        _tokens.Add(ListOpsToken.End);
        return ListOpsToken.Apply(operation, arguments);
    }
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Samples.Tracking;

/// <summary>
/// Programs over a few variables of values 1 to 10; asked is the value at the semicolon of a <c>print</c>. The task
/// "algorithm" of Ju et al. (arXiv 2106.04279), by the grammar of the authors' code; a piece is a program and its
/// <c>END</c>. Values go on only through the statements that were carried out, so a model must keep all of them.
/// </summary>
/// <remarks>
/// Statements, for instance <c>x = 3 ;</c>, <c>x ++ ;</c>, <c>print x ;</c>, <c>if x &lt; y : y -- ;</c>: an operation
/// is drawn evenly and drawn anew where it cannot be. A variable is assigned at most once; <c>++</c> cannot be at 10,
/// <c>--</c> not at 1. An <c>if</c> compares with another variable or, as often, with a number; what it guards is
/// neither a <c>print</c> nor an <c>if</c> and is possible as if it were carried out.
/// <para>
/// The authors count 26 tokens for 3 variables and 28 for 5, with the label "none", an end and an unknown token; here
/// are the 23 and 25 that programs are written in. Rows are cut anywhere, as theirs are: a row's first program may have
/// begun in the row before, where nobody can know its values (1.4 % of the labels of 1,000 programs in 32 rows).
/// Differs from the authors' code: draws are seeded.
/// </para>
/// </remarks>
internal sealed class AlgorithmTask : ITrackingTask
{
    private readonly int _variables;
    private readonly int _statements;
    private readonly int _prints;
    private readonly AlgorithmAsking _asking;

    /// <summary>
    /// Programs of so many variables, 1 to 5 (the paper has 3 and 5), and statements, 1 or more; a <c>print</c> is drawn
    /// so many times as often as another operation, 1 or more (the paper has 1).
    /// </summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public AlgorithmTask(int variables = 3, int statements = 100, int prints = 1, AlgorithmAsking asking = AlgorithmAsking.Prints)
    {
        if (variables is < 1 or > AlgorithmToken.MaxVariables)
            throw new ArgumentException(
                $"variables is {variables}; it must be from 1 to {AlgorithmToken.MaxVariables}.", nameof(variables));
        if (statements < 1)
            throw new ArgumentException($"statements is {statements}; it must be 1 or more.", nameof(statements));
        ArgumentOutOfRangeException.ThrowIfLessThan(prints, 1);
        (_variables, _statements, _prints, _asking) = (variables, statements, prints, asking);
        Tokens = AlgorithmToken.Names(variables);
    }

    public string[] Tokens { get; }

    public int Classes => AlgorithmToken.Numbers;

    public int RowUnit => 1;

    public void Append(RandomSource random, List<int> tokens, List<int> labels)
    {
        var writer = new AlgorithmWriter(random, tokens, labels, _prints);
        Span<int> values = stackalloc int[_variables], before = stackalloc int[_variables];
        values.Clear();
        for (int i = 0; i < _statements; i++)
        {
            values.CopyTo(before);
            int start = tokens.Count;
            writer.WriteStatement(values);
            if (_asking == AlgorithmAsking.Always)
                writer.Ask(values);
            else if (_asking != AlgorithmAsking.Prints)
                writer.AskState(start, before, keepPrints: _asking == AlgorithmAsking.StateAndPrints);
        }

        writer.Write(AlgorithmToken.End);
    }
}

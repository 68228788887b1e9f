using Microsoft.ML.SequenceReduction.Data;

namespace SequenceReduction.Samples.ListOps;

/// <summary>Expressions as labelled rows: the value is the class.</summary>
internal sealed class ListOpsRows(ListOpsExpression[] expressions) : ISequenceSource
{
    public IEnumerable<SequenceRow> Read()
    {
        int[] memory = [];
        foreach (ListOpsExpression expression in expressions)
        {
            int length = expression.Tokens.Length;
            if (memory.Length < length)
                memory = new int[2 * length];
            for (int i = 0; i < length; i++)
                memory[i] = expression.Tokens[i];
            yield return SequenceRow.OfTokens(memory.AsMemory(0, length)) with { Label = expression.Value };
        }
    }
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Samples.Tracking;

/// <summary>Draws the statements of a program and carries them out; the value 0 means not yet assigned.</summary>
internal readonly struct AlgorithmWriter(
    RandomSource random, List<int> tokens, List<int> labels, int prints = 1)
{
    private const int GuardedOperations = 3;
    private const int OtherOperations = 4;

    /// <summary>Appends a statement that the values allow and carries it out on them, <c>[variables]</c>.</summary>
    public void WriteStatement(Span<int> values) => Draw(OtherOperations + prints, values);

    /// <summary>Labels the last statement with the value, if there is one, of the variable that it ends on.</summary>
    public void Ask(ReadOnlySpan<int> values)
    {
        int variable = tokens[tokens.FindLastIndex(token => token >= AlgorithmToken.FirstVariable)];
        labels[^1] = Label(values[variable - AlgorithmToken.FirstVariable]);
    }

    /// <summary>
    /// Labels the last statement's first tokens, from a place on, with these values, one each; a print's label may stay.
    /// </summary>
    public void AskState(int start, ReadOnlySpan<int> values, bool keepPrints)
    {
        for (int i = 0; i < values.Length && start + i < labels.Count; i++)
            if (!keepPrints || labels[start + i] == ITrackingTask.NoLabel)
                labels[start + i] = Label(values[i]);
    }

    /// <summary>Appends a token without a label.</summary>
    public void Write(int token) => Write(token, ITrackingTask.NoLabel);

    /// <summary>Draws from the first operations until one can be; the first three can be guarded.</summary>
    private void Draw(int operations, Span<int> values)
    {
        bool written;
        do
            written = random.Next(operations) switch
            {
                0 => TryAssign(values),
                1 => TryStep(values, AlgorithmToken.Increment, 1),
                2 => TryStep(values, AlgorithmToken.Decrement, -1),
                3 => TryIf(values),
                _ => TryPrint(values),
            };
        while (!written);
    }

    private bool TryAssign(Span<int> values)
    {
        int variable = Pick(values, assigned: false);
        if (variable < 0)
            return false;
        values[variable] = 1 + random.Next(AlgorithmToken.Numbers);
        WriteVariable(variable);
        Write(AlgorithmToken.Assign);
        Write(AlgorithmToken.OfNumber(values[variable]));
        Write(AlgorithmToken.Semicolon);
        return true;
    }

    private bool TryStep(Span<int> values, int token, int step)
    {
        int variable = Pick(values, assigned: true);
        if (variable < 0 || values[variable] + step is < 1 or > AlgorithmToken.Numbers)
            return false;
        values[variable] += step;
        WriteVariable(variable);
        Write(token);
        Write(AlgorithmToken.Semicolon);
        return true;
    }

    private bool TryPrint(ReadOnlySpan<int> values)
    {
        int variable = Pick(values, assigned: true);
        if (variable < 0)
            return false;
        Write(AlgorithmToken.Print);
        WriteVariable(variable);
        Write(AlgorithmToken.Semicolon, AlgorithmToken.OfNumber(values[variable]));
        return true;
    }

    /// <summary>Where the condition does not hold, the guarded statement is carried out on a copy only.</summary>
    private bool TryIf(Span<int> values)
    {
        int left = Pick(values, assigned: true);
        if (left < 0)
            return false;
        bool compareVariables = random.Next(2) == 0;
        int right = compareVariables ? Pick(values, assigned: true, except: left) : random.Next(AlgorithmToken.Numbers);
        if (right < 0)
            return false;
        bool less = random.Next(2) == 0;

        Write(AlgorithmToken.If);
        WriteVariable(left);
        Write(less ? AlgorithmToken.Less : AlgorithmToken.Greater);
        Write(compareVariables ? AlgorithmToken.FirstVariable + right : right);
        Write(AlgorithmToken.Then);
        int bound = compareVariables ? values[right] : 1 + right;
        bool holds = less ? values[left] < bound : values[left] > bound;
        Draw(GuardedOperations, holds ? values : values.ToArray());
        return true;
    }

    /// <summary>A variable drawn evenly from the assigned ones, or from the others; −1 where there is none.</summary>
    private int Pick(ReadOnlySpan<int> values, bool assigned, int except = -1)
    {
        Span<int> candidates = stackalloc int[values.Length];
        int count = 0;
        for (int i = 0; i < values.Length; i++)
            if (values[i] > 0 == assigned && i != except)
                candidates[count++] = i;
        return count == 0 ? -1 : candidates[random.Next(count)];
    }

    private static int Label(int value) => value == 0 ? ITrackingTask.NoLabel : AlgorithmToken.OfNumber(value);

    private void WriteVariable(int variable) => Write(AlgorithmToken.FirstVariable + variable);

    private void Write(int token, int label)
    {
        tokens.Add(token);
        labels.Add(label);
    }
}

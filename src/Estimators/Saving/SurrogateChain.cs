using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// Built-in transformers that stand for one of ours in a saved model. ML.NET lets no other package write into its
/// files, but a value mapping can hold a text, and a custom mapping code of ours: so the state travels as text and is
/// scored row by row.
/// </summary>
internal static class SurrogateChain
{
    /// <summary>The chain that does what a transformer of this state does.</summary>
    public static TransformerChain<ITransformer> Of(SequenceState state) => Of(state, state.Text);

    /// <summary>The same with another text in the place of the state, for tests of damaged models.</summary>
    internal static TransformerChain<ITransformer> Of(SequenceState state, string text)
    {
        bool restores = state.Role == StateRole.Restore;
        DataViewType type = restores
            ? new VectorDataViewType(NumberDataViewType.Single, state.VectorSize)
            : state.Column.RestoredType;
        string input = restores ? Contract.LatentsColumn : Contract.InputColumn;
        var steps = new SurrogateSteps(BlankView.Of(state.Names.Input, type));
        steps.Map<NoColumns, StateKey>(Mappings.Key, Contract.State, Contract.KeyColumn);
        steps.Add(
            steps.Transforms.Conversion.MapValue(
                Contract.StateColumn, [new KeyValuePair<int, string>(Mappings.StateKeyValue, text)],
                Contract.KeyColumn),
            Contract.StateColumn);
        steps.Add(steps.Transforms.CopyColumns(input, state.Names.Input), input);
        Outputs(steps, state);
        return steps.Finish();
    }

    /// <summary>
    /// The state of a chain that <see cref="Of(SequenceState)"/> made, also after loading; none of any other.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The state is damaged, of a newer version, or its weights do not fit.
    /// </exception>
    public static SequenceState? StateOf(IEnumerable<ITransformer> chain)
    {
        if (chain.Take(2).ToArray() is not [CustomMappingTransformer<NoColumns, StateKey> key, var mapping])
            return null;
        IDataView view =
            mapping.Transform(key.Transform(BlankView.Of("__seqred.blank", TextDataViewType.Instance, rows: 1)));
        DataViewSchema.Column column = view.Schema[Contract.StateColumn];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ReadOnlyMemory<char> text = default;
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        if (cursor.MoveNext())
            getter(ref text);
        return StateCache.Of(text).State;
    }

    private static void Outputs(SurrogateSteps steps, SequenceState state)
    {
        ColumnNames names = state.Names;
        switch (state.Role)
        {
            case StateRole.Restore:
                Restore(steps, state, names.Output);
                break;
            case StateRole.Regress:
                Number(steps, state, names.Output);
                break;
            case StateRole.Label:
                RawTypes.Use(state.Column.RawType, new ScoreSteps(steps));
                Predict(steps, new NamingPredictedLabels(steps, state.WrittenKeys!), names.Predicted!);
                steps.Add(steps.Transforms.CopyColumns(names.Output, Contract.LatentsColumn));
                break;
            default:
                string[] blocks = Vector(steps, state);
                if (names.Error is { } error)
                    Number(steps, state, error);
                if (names.Restored is { } restored)
                    Restore(steps, state, restored);
                if (names.Predicted is { } predicted)
                    Predict(steps, new NamingPredictedLabel(steps, state.WrittenKeys!), predicted);
                steps.Add(steps.Transforms.Concatenate(names.Output, blocks));
                break;
        }
    }

    private static string[] Vector(SurrogateSteps steps, SequenceState state)
    {
        RawTypes.Use(state.Column.RawType, new VectorSteps(steps));
        return new CuttingBlocks(steps).Cut(state.VectorSize);
    }

    private static void Number(SurrogateSteps steps, SequenceState state, string output)
    {
        RawTypes.Use(state.Column.RawType, new NumberSteps(steps));
        steps.Add(steps.Transforms.CopyColumns(output, Contract.ErrorColumn));
    }

    private static void Restore(SurrogateSteps steps, SequenceState state, string output)
    {
        if (state.WrittenKeys is not { } keys)
            RawTypes.Use(state.Column.RawType, new RestoringSteps(steps));
        else if (keys.Count > KeyNames.Limit)
            throw new NotSupportedException(
                $"A transformer that restores keys of a type with {keys.Count} values cannot be saved; at most "
                + $"{KeyNames.Limit} can. Make the keys by MapValueToKey.");
        else
            new NamingRestoredKeys(steps, keys).Run();
        steps.Add(steps.Transforms.CopyColumns(output, Contract.RestoredColumn));
    }

    private static void Predict(SurrogateSteps steps, NamingKeys naming, string output)
    {
        naming.Run();
        steps.Add(steps.Transforms.CopyColumns(output, Contract.PredictedColumn));
    }

    private sealed class VectorSteps(SurrogateSteps steps) : IRawTypeUse
    {
        public void Run<TRaw>(string item) =>
            steps.Map<SequenceIn<TRaw>, LatentsOut>(Mappings.Latents, Contract.Latents + item, Contract.LatentsColumn);
    }

    private sealed class ScoreSteps(SurrogateSteps steps) : IRawTypeUse
    {
        public void Run<TRaw>(string item) =>
            steps.Map<SequenceIn<TRaw>, LatentsOut>(Mappings.Scores, Contract.Scores + item, Contract.LatentsColumn);
    }

    private sealed class NumberSteps(SurrogateSteps steps) : IRawTypeUse
    {
        public void Run<TRaw>(string item) =>
            steps.Map<SequenceIn<TRaw>, ErrorOut>(Mappings.Error, Contract.Error + item, Contract.ErrorColumn);
    }

    private sealed class RestoringSteps(SurrogateSteps steps) : IRawTypeUse
    {
        public void Run<TRaw>(string item) =>
            steps.Map<LatentsIn, RestoredOut<TRaw>>(
                Mappings.Restored, Contract.Restored + item, Contract.RestoredColumn);
    }
}

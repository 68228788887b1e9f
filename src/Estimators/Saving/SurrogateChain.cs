using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// Built-in transformers that stand for one of ours in a saved model. ML.NET lets no other package write into its files, but
/// a value mapping can hold a text, and a custom mapping code of ours: so the state travels as text and is scored row by row.
/// </summary>
internal static class SurrogateChain
{
    /// <summary>The chain that does what a transformer of this state does.</summary>
    public static TransformerChain<ITransformer> Of(ReducerState state) => Of(state, state.Text);

    /// <summary>The same with another text in the place of the state, for tests of damaged models.</summary>
    internal static TransformerChain<ITransformer> Of(ReducerState state, string text)
    {
        bool reduces = state.Role == ReducerRole.Reduce;
        DataViewType input = reduces ? InputType(state.Column) : new VectorDataViewType(NumberDataViewType.Single, state.LatentSize);
        var steps = new SurrogateSteps(BlankView.Of(state.Names.Input, input));
        steps.Map<NoColumns, StateKey>(Mappings.Key, Contract.State, Contract.KeyColumn);
        steps.Add(
            steps.Transforms.Conversion.MapValue(
                Contract.StateColumn, [new KeyValuePair<int, string>(Mappings.StateKeyValue, text)], Contract.KeyColumn),
            Contract.StateColumn);
        steps.Add(
            steps.Transforms.CopyColumns(reduces ? Contract.InputColumn : Contract.LatentsColumn, state.Names.Input),
            reduces ? Contract.InputColumn : Contract.LatentsColumn);
        if (reduces)
            Reduce(steps, state);
        else
            Restore(steps, state, state.Names.Output);
        return steps.Finish();
    }

    /// <summary>The state of a chain that <see cref="Of(ReducerState)"/> made, also after loading; none of any other.</summary>
    /// <exception cref="InvalidDataException">The state is damaged, of a newer version, or its weights do not fit.</exception>
    public static ReducerState? StateOf(IEnumerable<ITransformer> chain)
    {
        if (chain.Take(2).ToArray() is not [CustomMappingTransformer<NoColumns, StateKey> key, var mapping])
            return null;
        IDataView view = mapping.Transform(key.Transform(BlankView.Of("__seqred.blank", TextDataViewType.Instance, rows: 1)));
        DataViewSchema.Column column = view.Schema[Contract.StateColumn];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ReadOnlyMemory<char> text = default;
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        if (cursor.MoveNext())
            getter(ref text);
        return StateCache.Of(text).Reducer;
    }

    private static void Reduce(SurrogateSteps steps, ReducerState state)
    {
        var reducing = new ReducingSteps(steps);
        RawTypes.Use(state.Column.RawType, reducing);
        string[] blocks = new CuttingBlocks(steps).Cut(state.LatentSize);
        if (state.Names.Error is { } error)
        {
            RawTypes.Use(state.Column.RawType, new ErrorSteps(steps));
            steps.Add(steps.Transforms.CopyColumns(error, Contract.ErrorColumn));
        }

        if (state.Names.Restored is { } restored)
            Restore(steps, state, restored);
        steps.Add(steps.Transforms.Concatenate(state.Names.Output, blocks));
    }

    private static void Restore(SurrogateSteps steps, ReducerState state, string output)
    {
        if (state.Column.Description.KeyCount > KeyNames.Limit)
            throw new NotSupportedException(
                $"A transformer that restores keys of a type with {state.Column.Description.KeyCount} values cannot be saved; at most "
                + $"{KeyNames.Limit} can. Make the keys by MapValueToKey.");
        if (state.Column.Description.Kind == ColumnKind.Keys)
            LoadedState.StandingNames(state.Column).Use(new NamingKeys(steps, state.Column.Description));
        else
            RawTypes.Use(state.Column.RawType, new RestoringSteps(steps));
        steps.Add(steps.Transforms.CopyColumns(output, Contract.RestoredColumn));
    }

    private static DataViewType InputType(SequenceColumn column) => column.RestoredType;

    private sealed class ReducingSteps(SurrogateSteps steps) : IRawTypeUse
    {
        public void Run<TRaw>(string item) =>
            steps.Map<SequenceIn<TRaw>, LatentsOut>(Mappings.Latents, Contract.Latents + item, Contract.LatentsColumn);
    }

    private sealed class ErrorSteps(SurrogateSteps steps) : IRawTypeUse
    {
        public void Run<TRaw>(string item) =>
            steps.Map<SequenceIn<TRaw>, ErrorOut>(Mappings.Error, Contract.Error + item, Contract.ErrorColumn);
    }

    private sealed class RestoringSteps(SurrogateSteps steps) : IRawTypeUse
    {
        public void Run<TRaw>(string item) =>
            steps.Map<LatentsIn, RestoredOut<TRaw>>(Mappings.Restored, Contract.Restored + item, Contract.RestoredColumn);
    }
}

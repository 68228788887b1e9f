using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>What the custom mappings of a saved model do, row by row, to the bits that a fitted transformer gives.</summary>
internal static class Mappings
{
    public const int StateKeyValue = 1;

    public static void Key(NoColumns source, StateKey result) => result.Key = StateKeyValue;

    public static void Latents<TRaw>(SequenceIn<TRaw> source, LatentsOut result)
    {
        float[] latents = Score(source, errors: false).Latents;
        result.Latents = new VBuffer<float>(latents.Length, latents);
    }

    public static void Error<TRaw>(SequenceIn<TRaw> source, ErrorOut result) =>
        result.Error = Score(source, errors: true).Errors![0];

    public static void Restored<TRaw>(LatentsIn source, RestoredOut<TRaw> result)
    {
        ReducerState state = StateCache.Of(source.State).Reducer;
        ColumnOf<TRaw>(state).Write(Restore(state, in source.Latents), ref result.Value);
    }

    public static void Names<TName>(LatentsIn source, NamesOut<TName> result)
    {
        LoadedState state = StateCache.Of(source.State);
        KeyValueNames<TName> names = state.Names<TName>();
        ulong[] keys = KeysIn(state.Reducer.Column, Restore(state.Reducer, in source.Latents));
        Vectors.Fill(ref result.Names, keys.Length, i => names[keys[i]]);
    }

    /// <summary>The part of latents that one block holds: the blocks are the powers of two in their number, largest first.</summary>
    public static void Block(LatentsOut source, ref VBuffer<float> block, int size)
    {
        int start = source.Latents.Length & ~(2 * size - 1);
        VBufferEditor<float> editor = VBufferEditor.Create(ref block, size);
        source.Latents.GetValues().Slice(start, size).CopyTo(editor.Values);
        block = editor.Commit();
    }

    private static ReducedBatch Score<TRaw>(SequenceIn<TRaw> source, bool errors)
    {
        ReducerState state = StateCache.Of(source.State).Reducer;
        SequenceRow row = ColumnOf<TRaw>(state).Read(in source.Value, new RowPlace(state.Names.Input, -1));
        ReducingAutoencoder network = state.Network;
        return network.Score(new SequenceBatch([row], network.Form, network.NeedsFullLength), restore: false, errors);
    }

    private static SequenceRow Restore(ReducerState state, in VBuffer<float> latents)
    {
        state.CheckLatents(latents.Length, new RowPlace(state.Names.Input, -1));
        var numbers = new float[latents.Length];
        latents.CopyTo(numbers);
        return state.Network.Restore(numbers, 1)[0];
    }

    private static ulong[] KeysIn(SequenceColumn column, SequenceRow row) => column switch
    {
        KeyColumn<byte> c => Keys(c, row),
        KeyColumn<ushort> c => Keys(c, row),
        KeyColumn<uint> c => Keys(c, row),
        KeyColumn<ulong> c => Keys(c, row),
        _ => throw new InvalidDataException("The model's weights are not those of a reducer of keys."),
    };

    private static ulong[] Keys<T>(SequenceColumn<VBuffer<T>> column, SequenceRow row)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var keys = default(VBuffer<T>);
        column.Write(row, ref keys);
        return [.. keys.DenseValues().Select(ulong.CreateTruncating)];
    }

    private static SequenceColumn<TRaw> ColumnOf<TRaw>(ReducerState state) => state.Column as SequenceColumn<TRaw>
        ?? throw new InvalidDataException(
            $"The model's weights are those of a reducer of {state.Column.RawType}, but its column holds {typeof(TRaw)}.");
}

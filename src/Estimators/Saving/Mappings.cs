using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// What the custom mappings of a saved model do, row by row, to the bits that a fitted transformer gives.
/// </summary>
internal static class Mappings
{
    public const int StateKeyValue = 1;

    public static void Key(NoColumns source, StateKey result) => result.Key = StateKeyValue;

    public static void Latents<TRaw>(SequenceIn<TRaw> source, LatentsOut result)
    {
        (SequenceState state, SequenceBatch batch) = Read(source);
        float[] vector = state.Vectors(batch);
        result.Latents = new VBuffer<float>(vector.Length, vector);
    }

    public static void Error<TRaw>(SequenceIn<TRaw> source, ErrorOut result)
    {
        (SequenceState state, SequenceBatch batch) = Read(source);
        result.Error = state.Numbers(batch)[0];
    }

    public static void Restored<TRaw>(LatentsIn source, RestoredOut<TRaw> result)
    {
        ReducerState state = ReducerIn(StateCache.Of(source.State));
        ColumnOf<TRaw>(state).Write(Restore(state, in source.Latents), ref result.Value);
    }

    public static void Names<TName>(LatentsIn source, NamesOut<TName> result)
    {
        LoadedState loaded = StateCache.Of(source.State);
        ReducerState state = ReducerIn(loaded);
        KeyValueNames<TName> names = loaded.Names<TName>();
        ulong[] keys = KeysIn(state.Column, Restore(state, in source.Latents));
        Vectors.Fill(ref result.Names, keys.Length, i => names[keys[i]]);
    }

    public static void Label<TName>(LatentsIn source, LabelOut<TName> result)
    {
        var scores = new float[source.Latents.Length];
        source.Latents.CopyTo(scores);
        result.Label = StateCache.Of(source.State).Names<TName>()[(ulong)PredictorState.ClassOf(scores) + 1];
    }

    public static void Scores<TRaw>(SequenceIn<TRaw> source, LatentsOut result)
    {
        LabelerState state = LabelerIn(StateCache.Of(source.State));
        ReadSequence read =
            ColumnOf<TRaw>(state).ReadWhole(in source.Value, new RowPlace(state.Names.Input, -1));
        state.WriteScores(state.Vectors(state.Batch([read.Row])), read.WholeLength, ref result.Latents);
    }

    public static void Labels<TName>(LatentsIn source, NamesOut<TName> result)
    {
        LoadedState loaded = StateCache.Of(source.State);
        LabelerState state = LabelerIn(loaded);
        KeyValueNames<TName> names = loaded.Names<TName>();
        var scores = new float[source.Latents.Length];
        source.Latents.CopyTo(scores);
        Vectors.Fill(
            ref result.Names, scores.Length / state.VectorSize, i => names[state.KeyAt(i, scores)]);
    }

    /// <summary>
    /// The part of latents that one block holds: the blocks are the powers of two in their number, largest first.
    /// </summary>
    public static void Block(LatentsOut source, ref VBuffer<float> block, int size)
    {
        int start = source.Latents.Length & ~(2 * size - 1);
        VBufferEditor<float> editor = VBufferEditor.Create(ref block, size);
        source.Latents.GetValues().Slice(start, size).CopyTo(editor.Values);
        block = editor.Commit();
    }

    private static (SequenceState State, SequenceBatch Batch) Read<TRaw>(SequenceIn<TRaw> source)
    {
        SequenceState state = StateCache.Of(source.State).State;
        SequenceRow row = ColumnOf<TRaw>(state).Read(in source.Value, new RowPlace(state.Names.Input, -1));
        return (state, state.Batch([row]));
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

    private static ReducerState ReducerIn(LoadedState loaded) => loaded.State as ReducerState
        ?? throw new InvalidDataException("The model's weights are not those of a reducer.");

    private static LabelerState LabelerIn(LoadedState loaded) => loaded.State as LabelerState
        ?? throw new InvalidDataException("The model's weights are not those of a labeler.");

    private static SequenceColumn<TRaw> ColumnOf<TRaw>(SequenceState state) => state.Column as SequenceColumn<TRaw>
        ?? throw new InvalidDataException(
            $"The model's weights are those for a column of {state.Column.RawType}, but its column holds "
            + $"{typeof(TRaw)}.");
}

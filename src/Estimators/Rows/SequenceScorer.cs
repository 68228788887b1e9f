using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>What a transformer adds to a column of sequences.</summary>
internal abstract class SequenceOutputs(SequenceState state) : IAddedColumns
{
    /// <inheritdoc/>
    public abstract IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    /// <inheritdoc/>
    public DataViewSchema.Column Input(DataViewSchema schema)
    {
        DataViewSchema.Column input = ColumnTypes.Find(schema, state.Names.Input);
        state.Column.Check(input);
        return input;
    }

    /// <inheritdoc/>
    public RowScorer Open(DataViewRow row, DataViewSchema.Column input, int capacity) =>
        Open(state.Column.Open(row, input), capacity);

    /// <summary>A scorer of the sequences that are read whenever the function is called.</summary>
    protected abstract RowScorer Open(Func<ReadSequence> read, int capacity);

    /// <summary>A column of vectors whose slots have names.</summary>
    protected static DataViewSchema.DetachedColumn Vector(string name, int size, Func<int, string>? slotName)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (slotName is not null)
            annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
                "SlotNames", new VectorDataViewType(TextDataViewType.Instance, size), SlotNames);
        return new(name, new VectorDataViewType(NumberDataViewType.Single, size), annotations.ToAnnotations());

        void SlotNames(ref VBuffer<ReadOnlyMemory<char>> value) =>
            Vectors.Fill(ref value, size, i => slotName(i).AsMemory());
    }
}

/// <summary>Gathers sequences and scores them as one batch.</summary>
internal abstract class SequenceScorer(SequenceState state, Func<ReadSequence> read, int capacity) : RowScorer
{
    private readonly SequenceRow[] _rows = new SequenceRow[capacity];
    private readonly int[] _wholeLengths = new int[capacity];

    public sealed override void Read(int slot) => (_rows[slot], _wholeLengths[slot]) = read();

    public sealed override void Clear(int slot) => (_rows[slot], _wholeLengths[slot]) = (default, 0);

    public sealed override void Score(int count, int outputs) =>
        Score(state.Batch(new ArraySegment<SequenceRow>(_rows, 0, count)), outputs);

    /// <summary>Computes outputs for a batch.</summary>
    protected abstract void Score(SequenceBatch batch, int outputs);

    /// <summary>Positions of a slot's sequence before it was cut.</summary>
    protected int WholeLength(int slot) => _wholeLengths[slot];

    /// <summary>A getter of the vectors of so many numbers that stand one after the other.</summary>
    protected static ValueGetter<VBuffer<float>> VectorGetter(Func<float[]> vectors, int size, Func<int> slot)
    {
        return Get;

        // The slot comes first: asking for it is what scores the rows.
        void Get(ref VBuffer<float> value)
        {
            int current = slot();
            Vectors.Fill<float>(ref value, vectors().AsSpan(current * size, size));
        }
    }

    /// <summary>A getter of one number per row.</summary>
    protected static ValueGetter<float> NumberGetter(Func<float[]> numbers, Func<int> slot)
    {
        return Get;

        void Get(ref float value)
        {
            int current = slot();
            value = numbers()[current];
        }
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>The columns that a reducer adds: latents, restored sequences, errors.</summary>
internal sealed class ReducedColumns : IAddedColumns
{
    private readonly ReducerState _state;

    public ReducedColumns(ReducerState state)
    {
        _state = state;
        var columns = new List<DataViewSchema.DetachedColumn> { Latents(state) };
        if (state.Names.Restored is { } restored)
            columns.Add(new(restored, state.Column.RestoredType, state.Column.RestoredAnnotations));
        if (state.Names.Error is { } error)
            columns.Add(new(error, NumberDataViewType.Single));
        Columns = columns;
    }

    /// <inheritdoc/>
    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    /// <inheritdoc/>
    public DataViewSchema.Column Input(DataViewSchema schema)
    {
        DataViewSchema.Column input = ColumnTypes.Find(schema, _state.Names.Input);
        _state.Column.Check(input);
        return input;
    }

    /// <inheritdoc/>
    public RowScorer Open(DataViewRow row, DataViewSchema.Column input, int capacity) =>
        new Scorer(_state, _state.Column.Open(row, input), capacity);

    private static DataViewSchema.DetachedColumn Latents(ReducerState state)
    {
        int size = state.LatentSize, width = state.Network.LatentWidth;
        string name = state.Names.Output;
        void SlotNames(ref VBuffer<ReadOnlyMemory<char>> value) =>
            Vectors.Fill(ref value, size, i => $"{name}.{i / width}.{i % width}".AsMemory());
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            "SlotNames", new VectorDataViewType(TextDataViewType.Instance, size), SlotNames);
        return new(name, new VectorDataViewType(NumberDataViewType.Single, size), annotations.ToAnnotations());
    }

    private sealed class Scorer(ReducerState state, Func<SequenceRow> read, int capacity) : RowScorer
    {
        private readonly SequenceRow[] _rows = new SequenceRow[capacity];
        private readonly int _restored = state.Names.Restored is null ? -1 : 1;
        private readonly int _error = state.Names.Error is null ? -1 : state.Names.Restored is null ? 1 : 2;
        private ReducedBatch _batch = null!;

        public override void Read(int slot) => _rows[slot] = read();

        public override void Clear(int slot) => _rows[slot] = default;

        public override void Score(int count, int outputs)
        {
            ReducingAutoencoder network = state.Network;
            var batch = new SequenceBatch(new ArraySegment<SequenceRow>(_rows, 0, count), network.Form, network.NeedsFullLength);
            _batch = network.Score(batch, Has(outputs, _restored), Has(outputs, _error));
        }

        public override Delegate Getter(int output, Func<int> slot)
        {
            if (output == _restored)
                return state.Column.RestoredGetter(Restored);
            return output == _error ? (ValueGetter<float>)Error : (ValueGetter<VBuffer<float>>)Latents;

            // The slot comes first: asking for it is what scores the rows.
            SequenceRow Restored()
            {
                int current = slot();
                return _batch.Restored![current];
            }

            void Error(ref float value)
            {
                int current = slot();
                value = _batch.Errors![current];
            }

            void Latents(ref VBuffer<float> value)
            {
                int current = slot(), size = state.LatentSize;
                Vectors.Fill<float>(ref value, _batch.Latents.AsSpan(current * size, size));
            }
        }

        private static bool Has(int outputs, int output) => output >= 0 && (outputs & (1 << output)) != 0;
    }
}

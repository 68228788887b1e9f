using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>The column that a restoring transformer adds: sequences made from latents.</summary>
internal sealed class RestoredColumn(ReducerState state) : IAddedColumns
{
    /// <inheritdoc/>
    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } =
        [new(state.Names.Output, state.Column.RestoredType, state.Column.RestoredAnnotations)];

    /// <inheritdoc/>
    public DataViewSchema.Column Input(DataViewSchema schema)
    {
        DataViewSchema.Column input = ColumnTypes.Find(schema, state.Names.Input);
        ColumnTypes.Require(
            input,
            input.Type is VectorDataViewType { ItemType: NumberDataViewType number } type
                && number.RawType == typeof(float) && (type.Size == 0 || type.Size == state.VectorSize),
            $"a vector of {state.VectorSize} Single, as the reducer writes its latents");
        return input;
    }

    /// <inheritdoc/>
    public RowScorer Open(DataViewRow row, DataViewSchema.Column input, int capacity) =>
        new Scorer(state, row, input, capacity);

    private sealed class Scorer(ReducerState state, DataViewRow row, DataViewSchema.Column input, int capacity)
        : RowScorer
    {
        private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(input);
        private readonly float[] _latents = new float[capacity * state.VectorSize];
        private VBuffer<float> _value;
        private IReadOnlyList<SequenceRow> _restored = [];

        public override void Read(int slot)
        {
            _getter(ref _value);
            state.CheckLatents(_value.Length, new RowPlace(input.Name, row.Position));
            _value.CopyTo(_latents.AsSpan(slot * state.VectorSize, state.VectorSize));
        }

        public override void Clear(int slot) => _latents.AsSpan(slot * state.VectorSize, state.VectorSize).Clear();

        public override void Score(int count, int outputs) =>
            _restored = state.Network.Restore(_latents.AsSpan(0, count * state.VectorSize), count);

        public override Delegate Getter(int output, Func<int> slot) => state.Column.RestoredGetter(() =>
        {
            int current = slot();
            return _restored[current];
        });
    }
}

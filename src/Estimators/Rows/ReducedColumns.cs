using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>The columns that a reducer adds: latents, restored sequences, errors.</summary>
internal sealed class ReducedColumns : SequenceOutputs
{
    private readonly ReducerState _state;

    public ReducedColumns(ReducerState state) : base(state)
    {
        _state = state;
        string name = state.Names.Output;
        int width = state.Network.LatentWidth;
        var columns = new List<DataViewSchema.DetachedColumn>
        {
            Vector(name, state.VectorSize, i => $"{name}.{i / width}.{i % width}"),
        };
        if (state.Names.Restored is { } restored)
            columns.Add(new(restored, state.Column.RestoredType, state.Column.RestoredAnnotations));
        if (state.Names.Error is { } error)
            columns.Add(new(error, NumberDataViewType.Single));
        Columns = columns;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    /// <inheritdoc/>
    protected override RowScorer Open(Func<ReadSequence> read, int capacity) => new Scorer(_state, read, capacity);

    private sealed class Scorer(ReducerState state, Func<ReadSequence> read, int capacity)
        : SequenceScorer(state, read, capacity)
    {
        private readonly int _restored = state.Names.Restored is null ? -1 : 1;
        private readonly int _error = state.Names.Error is null ? -1 : state.Names.Restored is null ? 1 : 2;
        private ReducedBatch _batch = null!;

        protected override void Score(SequenceBatch batch, int outputs) =>
            _batch = state.Network.Score(batch, Has(outputs, _restored), Has(outputs, _error));

        public override Delegate Getter(int output, Func<int> slot)
        {
            if (output == _restored)
                return state.Column.RestoredGetter(() =>
                {
                    int current = slot();
                    return _batch.Restored![current];
                });
            return output == _error
                ? NumberGetter(() => _batch.Errors!, slot)
                : VectorGetter(() => _batch.Latents, state.VectorSize, slot);
        }

        private static bool Has(int outputs, int output) => output >= 0 && (outputs & (1 << output)) != 0;
    }
}

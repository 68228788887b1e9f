using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>The column that an encoder adds.</summary>
internal sealed class EncodedColumn(EncoderState state) : SequenceOutputs(state)
{
    private readonly EncoderState _state = state;

    /// <inheritdoc/>
    public override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } =
        [Vector(state.Names.Output, state.VectorSize, i => $"{state.Names.Output}.{i}")];

    /// <inheritdoc/>
    protected override RowScorer Open(Func<ReadSequence> read, int capacity) => new Scorer(_state, read, capacity);

    private sealed class Scorer(EncoderState state, Func<ReadSequence> read, int capacity)
        : SequenceScorer(state, read, capacity)
    {
        private float[] _vectors = [];

        protected override void Score(SequenceBatch batch, int outputs) => _vectors = state.Vectors(batch);

        public override Delegate Getter(int output, Func<int> slot) =>
            VectorGetter(() => _vectors, state.VectorSize, slot);
    }
}

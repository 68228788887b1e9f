using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>
/// The columns that a trainer's transformer adds: for classes the predicted label and scores, for numbers the score.
/// </summary>
internal sealed class PredictedColumns(PredictorState state) : SequenceOutputs(state)
{
    private readonly PredictorState _state = state;

    /// <inheritdoc/>
    public override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } = state.Facts.Label is { } keys
        ?
        [
            new(state.Names.Predicted!, keys.ToType(), keys.Names?.ToAnnotations()),
            Vector(state.Names.Output, state.VectorSize, keys.Names is null ? null : keys.NameOf),
        ]
        : [new(state.Names.Output, NumberDataViewType.Single)];

    /// <inheritdoc/>
    protected override RowScorer Open(Func<ReadSequence> read, int capacity) => new Scorer(_state, read, capacity);

    private sealed class Scorer(PredictorState state, Func<ReadSequence> read, int capacity)
        : SequenceScorer(state, read, capacity)
    {
        private float[] _scores = [];

        protected override void Score(SequenceBatch batch, int outputs) => _scores = state.Vectors(batch);

        public override Delegate Getter(int output, Func<int> slot) => (state.Facts.Label, output) switch
        {
            (null, _) => NumberGetter(() => _scores, slot),
            ({ } keys, 0) => KeyGetter(keys, slot),
            _ => VectorGetter(() => _scores, state.VectorSize, slot),
        };

        private Delegate KeyGetter(KeyDescription keys, Func<int> slot) => keys.Item switch
        {
            nameof(Byte) => KeyGetter<byte>(slot),
            nameof(UInt16) => KeyGetter<ushort>(slot),
            nameof(UInt32) => KeyGetter<uint>(slot),
            _ => KeyGetter<ulong>(slot),
        };

        private ValueGetter<T> KeyGetter<T>(Func<int> slot) where T : IBinaryInteger<T>
        {
            return Get;

            void Get(ref T value)
            {
                int current = slot();
                value = T.CreateTruncating(
                    PredictorState.ClassOf(_scores.AsSpan(current * state.VectorSize, state.VectorSize)) + 1);
            }
        }
    }
}

using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>The columns that a labeler adds: predicted labels and scores of each position.</summary>
internal sealed class LabelColumns(LabelerState state) : SequenceOutputs(state)
{
    private readonly LabelerState _state = state;

    /// <inheritdoc/>
    public override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } =
    [
        new(state.Names.Predicted!, new VectorDataViewType(state.Facts.Label!.ToType()),
            state.Facts.Label.Names?.ToAnnotations()),
        new(state.Names.Output, new VectorDataViewType(NumberDataViewType.Single)),
    ];

    /// <inheritdoc/>
    protected override RowScorer Open(Func<ReadSequence> read, int capacity) => new Scorer(_state, read, capacity);

    private sealed class Scorer(LabelerState state, Func<ReadSequence> read, int capacity)
        : SequenceScorer(state, read, capacity)
    {
        private float[] _scores = [];
        private int _rowSize;

        protected override void Score(SequenceBatch batch, int outputs) =>
            (_scores, _rowSize) = (state.Vectors(batch), batch.Tokens * state.VectorSize);

        public override Delegate Getter(int output, Func<int> slot) => (output, state.Facts.Label!.Item) switch
        {
            (0, nameof(Byte)) => KeyGetter<byte>(slot),
            (0, nameof(UInt16)) => KeyGetter<ushort>(slot),
            (0, nameof(UInt32)) => KeyGetter<uint>(slot),
            (0, _) => KeyGetter<ulong>(slot),
            _ => ScoreGetter(slot),
        };

        private ValueGetter<VBuffer<T>> KeyGetter<T>(Func<int> slot) where T : IBinaryInteger<T>
        {
            return Get;

            void Get(ref VBuffer<T> value)
            {
                int current = slot();
                Vectors.Fill(
                    ref value, WholeLength(current), i => T.CreateTruncating(state.KeyAt(i, RowScores(current))));
            }
        }

        private ValueGetter<VBuffer<float>> ScoreGetter(Func<int> slot)
        {
            return Get;

            void Get(ref VBuffer<float> value)
            {
                int current = slot();
                state.WriteScores(RowScores(current), WholeLength(current), ref value);
            }
        }

        private ReadOnlySpan<float> RowScores(int slot) => _scores.AsSpan(slot * _rowSize, _rowSize);
    }
}

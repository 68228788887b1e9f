using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>
/// A vector of floating-point numbers: frame after frame of a time series, each feature standardised.
/// </summary>
internal sealed class FrameColumn<T> : SequenceColumn<VBuffer<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Standardisation? _standardisation;
    private readonly int _width;

    public FrameColumn(ColumnDescription description) : base(description)
    {
        _width = description.FrameWidth;
        if (description is { Means: { } means, Deviations: { } deviations })
            _standardisation = new Standardisation(means, deviations);
        Form = new SequenceForm { MaxLength = description.MaxLength, FrameWidth = _width };
        RestoredType = new VectorDataViewType(ColumnTypes.Number(typeof(T)));
    }

    public override SequenceForm Form { get; }

    public override DataViewType RestoredType { get; }

    public override DataViewSchema.Annotations? RestoredAnnotations => null;

    public override void Check(DataViewSchema.Column column)
    {
        ColumnTypes.Require(
            column,
            column.Type is VectorDataViewType { ItemType: NumberDataViewType number } && number.RawType == typeof(T),
            $"a vector of {typeof(T).Name}, as the transformer was fitted to");
        var type = (VectorDataViewType)column.Type;
        int width = type.Dimensions.Length > 1 ? ColumnTypes.FrameWidth(column.Name, type, null) : _width;
        ColumnTypes.Require(
            column, width == _width && type.Size % _width == 0,
            $"frames of {_width} numbers, as the transformer was fitted to");
    }

    public override SequenceRow Read(in VBuffer<T> value, RowPlace place)
    {
        ReadOnlySpan<T> numbers = Checked(in value, place, null);
        var frames = new float[numbers.Length];
        for (int i = 0; i < frames.Length; i++)
            frames[i] = _standardisation!.Apply(double.CreateTruncating(numbers[i]), i % _width);
        return SequenceRow.OfFrames(frames);
    }

    public override int LengthOf(in VBuffer<T> value) => value.Length / _width;

    public override void Write(SequenceRow row, ref VBuffer<T> value)
    {
        ReadOnlyMemory<float> frames = row.Frames;
        Vectors.Fill(
            ref value, frames.Length, i => T.CreateTruncating(_standardisation!.Undo(frames.Span[i], i % _width)));
    }

    public override ColumnLearner Learn(LearningOptions options) => new Learner(this);

    private ReadOnlySpan<T> Checked(in VBuffer<T> value, RowPlace place, ReadingTally? tally)
    {
        if (value.Length % _width != 0)
            throw place.Bad(
                $"holds {value.Length} numbers, which are no whole frames of {_width}; set FrameWidth to the numbers "
                + "of one frame.");
        ReadOnlySpan<T> numbers =
            Vectors.First(in value, (int)Math.Min((long)Description.MaxLength * _width, int.MaxValue));
        bool missing = false;
        for (int start = 0; start < numbers.Length; start += _width)
        {
            if (!LacksNumber(numbers.Slice(start, _width), start, place))
                continue;
            missing = true;
            tally?.Miss(start / _width);
        }

        if (missing && Description.Missing == MissingValues.Error)
            throw place.Bad("holds NaN; set MissingValues to Mask, or replace such values first.");
        tally?.Add(numbers.Length / _width, LengthOf(in value));
        return numbers;
    }

    private static bool LacksNumber(ReadOnlySpan<T> frame, int start, RowPlace place)
    {
        bool lacks = false;
        for (int i = 0; i < frame.Length; i++)
        {
            if (T.IsInfinity(frame[i]))
                throw place.Bad(
                    $"holds an infinite number in slot {start + i}; replace it, or use NaN for a missing value.");
            lacks |= T.IsNaN(frame[i]);
        }

        return lacks;
    }

    private sealed class Learner(FrameColumn<T> column) : ColumnLearner<VBuffer<T>>
    {
        private readonly StandardisationBuilder _builder = new(column._width);

        protected override void See(in VBuffer<T> value, RowPlace place)
        {
            ReadOnlySpan<T> numbers = column.Checked(in value, place, Tally);
            for (int i = 0; i < numbers.Length; i++)
                _builder.Add(double.CreateTruncating(numbers[i]), i % column._width);
        }

        public override SequenceColumn Finish()
        {
            Standardisation learnt = _builder.Build();
            return new FrameColumn<T>(
                column.Description with { Means = [.. learnt.Means], Deviations = [.. learnt.Deviations] });
        }
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>
/// How a column's values become sequences and sequences become such values again. Immutable, made from its description
/// alone, so that a loaded model reads as the fitted one did.
/// </summary>
internal abstract class SequenceColumn(ColumnDescription description)
{
    public ColumnDescription Description { get; } = description;

    /// <summary>What the sequences look like to a network.</summary>
    public abstract SequenceForm Form { get; }

    /// <summary>Type of a restored column.</summary>
    public abstract DataViewType RestoredType { get; }

    /// <summary>Key names of a restored column of keys.</summary>
    public abstract DataViewSchema.Annotations? RestoredAnnotations { get; }

    /// <summary>The .NET type of a value, for instance <c>VBuffer&lt;uint&gt;</c>.</summary>
    public abstract Type RawType { get; }

    /// <summary>Checks that a column can be read as the one that was fitted.</summary>
    /// <exception cref="ArgumentException">
    /// It cannot; the message names the column, its type and what is needed.
    /// </exception>
    public abstract void Check(DataViewSchema.Column column);

    /// <summary>Reads the sequence of the row that a cursor stands on, whenever called.</summary>
    public abstract Func<ReadSequence> Open(DataViewRow row, DataViewSchema.Column column);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of a restored column.</summary>
    public abstract Delegate RestoredGetter(Func<SequenceRow> current);

    /// <summary>A pass over data that learns what the description still lacks, and checks every row.</summary>
    public abstract ColumnLearner Learn(LearningOptions options);
}

/// <summary>A sequence that was read.</summary>
/// <param name="Row">The sequence, cut to the longest allowed length.</param>
/// <param name="WholeLength">Its positions before it was cut.</param>
internal readonly record struct ReadSequence(SequenceRow Row, int WholeLength);

/// <inheritdoc cref="SequenceColumn"/>
internal abstract class SequenceColumn<TRaw>(ColumnDescription description) : SequenceColumn(description)
{
    public sealed override Type RawType => typeof(TRaw);

    /// <summary>The sequence in a value.</summary>
    /// <exception cref="InvalidDataException">The value is no sequence; the message names the place.</exception>
    public abstract SequenceRow Read(in TRaw value, RowPlace place);

    /// <summary>Positions of a value before it is cut: tokens or frames.</summary>
    public abstract int LengthOf(in TRaw value);

    /// <summary>The sequence in a value, and its whole length.</summary>
    /// <exception cref="InvalidDataException">The value is no sequence; the message names the place.</exception>
    public ReadSequence ReadWhole(in TRaw value, RowPlace place) => new(Read(in value, place), LengthOf(in value));

    /// <summary>The value of a sequence.</summary>
    public abstract void Write(SequenceRow row, ref TRaw value);

    public sealed override Func<ReadSequence> Open(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<TRaw> getter = row.GetGetter<TRaw>(column);
        TRaw value = default!;
        return () =>
        {
            getter(ref value);
            return ReadWhole(in value, new RowPlace(column.Name, row.Position));
        };
    }

    public sealed override Delegate RestoredGetter(Func<SequenceRow> current)
    {
        void Get(ref TRaw value) => Write(current(), ref value);
        return (ValueGetter<TRaw>)Get;
    }
}

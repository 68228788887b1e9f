using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>Makes the right <see cref="SequenceColumn"/>.</summary>
internal static class SequenceColumns
{
    /// <summary>The reading of a schema's column, before anything was learnt.</summary>
    /// <exception cref="ArgumentException">The column cannot hold sequences.</exception>
    public static SequenceColumn Of(
        DataViewSchema.Column column, int maxLength, int? frameWidth = null, MissingValues missing = MissingValues.Mask)
    {
        var vector = column.Type as VectorDataViewType;
        DataViewType item = vector?.ItemType ?? column.Type;
        var key = item as KeyDataViewType;
        ColumnKind kind = ColumnTypes.KindOf(item, vector is not null, key is not null)
            ?? throw ColumnTypes.Unfit(column.Name, $"of type {column.Type}");
        return Of(new ColumnDescription
        {
            Kind = kind,
            Item = item.RawType.Name,
            MaxLength = maxLength,
            Missing = missing,
            KeyCount = key?.Count ?? 0,
            Names = key is null ? null : KeyNames.Of(column, key),
            FrameWidth = kind == ColumnKind.Frames ? ColumnTypes.FrameWidth(column.Name, vector!, frameWidth) : 0,
        });
    }

    /// <summary>The column of a description.</summary>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public static SequenceColumn Of(ColumnDescription description) => (description.Kind, description.Item) switch
    {
        (ColumnKind.Text, _) => new TextColumn(description),
        (ColumnKind.Keys, nameof(Byte)) => new KeyColumn<byte>(description),
        (ColumnKind.Keys, nameof(UInt16)) => new KeyColumn<ushort>(description),
        (ColumnKind.Keys, nameof(UInt32)) => new KeyColumn<uint>(description),
        (ColumnKind.Keys, nameof(UInt64)) => new KeyColumn<ulong>(description),
        (ColumnKind.Integers, nameof(SByte)) => new IntegerColumn<sbyte>(description),
        (ColumnKind.Integers, nameof(Byte)) => new IntegerColumn<byte>(description),
        (ColumnKind.Integers, nameof(Int16)) => new IntegerColumn<short>(description),
        (ColumnKind.Integers, nameof(UInt16)) => new IntegerColumn<ushort>(description),
        (ColumnKind.Integers, nameof(Int32)) => new IntegerColumn<int>(description),
        (ColumnKind.Integers, nameof(UInt32)) => new IntegerColumn<uint>(description),
        (ColumnKind.Integers, nameof(Int64)) => new IntegerColumn<long>(description),
        (ColumnKind.Integers, nameof(UInt64)) => new IntegerColumn<ulong>(description),
        (ColumnKind.Frames, nameof(Single)) => new FrameColumn<float>(description),
        (ColumnKind.Frames, nameof(Double)) => new FrameColumn<double>(description),
        _ => throw new InvalidDataException(
            $"A model says its column holds {description.Kind} of {description.Item}, which cannot be."),
    };
}

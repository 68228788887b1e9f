using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;

namespace Microsoft.ML.Data;

/// <summary>Reads the annotations with a fixed meaning.</summary>
public static class SchemaAnnotationsExtensions
{
    /// <summary>Whether a vector column names its slots.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column)
        => column.Type is VectorDataViewType { IsKnownSize: true } vector
            && AnnotationUtils.VectorOf(column, Kinds.SlotNames) is { ItemType: TextDataViewType } names
            && names.Size == vector.Size;

    /// <summary>The slot names; throws where there are none.</summary>
    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames)
        => column.Annotations.GetValue(Kinds.SlotNames, ref slotNames);

    /// <summary>Whether a key column carries its values, of the given type (text if none is given).</summary>
    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType? keyValueItemType = null)
        => PrimitiveTypes.ItemTypeOf(column.Type) is KeyDataViewType key
            && AnnotationUtils.VectorOf(column, Kinds.KeyValues) is { } values
            && (ulong)values.Size == key.Count
            && values.ItemType.Equals(keyValueItemType ?? TextDataViewType.Instance);

    /// <summary>The values behind a key column; throws where there are none.</summary>
    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues)
        => column.Annotations.GetValue(Kinds.KeyValues, ref keyValues);

    /// <summary>Whether the column is marked as normalized.</summary>
    public static bool IsNormalized(this DataViewSchema.Column column)
    {
        var isNormalized = false;
        if (column.Annotations.Schema.GetColumnOrNull(Kinds.IsNormalized)?.Type is BooleanDataViewType)
            column.Annotations.GetValue(Kinds.IsNormalized, ref isNormalized);
        return isNormalized;
    }
}

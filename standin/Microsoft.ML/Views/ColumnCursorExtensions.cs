namespace Microsoft.ML.Data;

/// <summary>Reads one column.</summary>
public static class ColumnCursorExtensions
{
    /// <summary>The values of a column, read as they are asked for.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
        => data.GetColumn<T>(data.Schema[columnName]);

    /// <summary>The values of a column, read as they are asked for.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!data.Schema.Owns(column))
            throw new ArgumentException("column doesn't belong to the data view's schema", nameof(column));
        if (!MemberTypes.Fits(typeof(T), column.Type))
            throw new ArgumentOutOfRangeException(
                nameof(column),
                $"Cannot map column (name: {column.Name}, type: {column.Type}) in data "
                + $"to the user-defined type, {typeof(T)}.");
        return Generic.Call<IEnumerable<T>>(
            typeof(ColumnCursorExtensions), nameof(Read), [typeof(T), column.Type.RawType], data, column);
    }

    private static IEnumerable<T> Read<T, TRaw>(IDataView data, DataViewSchema.Column column)
    {
        var toMember = (ToMember<TRaw, T>)MemberTypes.FromRaw(typeof(T), column.Type);
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<TRaw>(column);
        while (cursor.MoveNext())
        {
            TRaw value = default!;
            getter(ref value);
            yield return toMember(value, default!);
        }
    }
}

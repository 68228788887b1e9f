namespace Microsoft.ML;

/// <summary>Getters as untyped delegates, for code that learns a column's type at run time.</summary>
internal static class RowGetters
{
    /// <summary>A getter as the type asked for, or the usual complaint.</summary>
    public static ValueGetter<T> Cast<T>(Delegate? getter, DataViewSchema.Column column)
        => getter as ValueGetter<T>
            ?? throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column #{column}: '{typeof(T)}', "
                + $"expected type: '{column.Type.RawType}'.");

    /// <summary>The getter of a column as a delegate of the column's own raw type.</summary>
    public static Delegate Get(DataViewRow row, DataViewSchema.Column column)
        => Generic.Call<Delegate>(typeof(RowGetters), nameof(GetTyped), column.Type.RawType, row, column);

    /// <summary>A function that reads a column as an object, copying what a getter may reuse.</summary>
    public static Func<object> GetBoxed(DataViewRow row, DataViewSchema.Column column)
        => Generic.Call<Func<object>>(typeof(RowGetters), nameof(Boxed), column.Type.RawType, row, column);

    private static Delegate GetTyped<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);

    private static Func<object> Boxed<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return value!;
        };
    }
}

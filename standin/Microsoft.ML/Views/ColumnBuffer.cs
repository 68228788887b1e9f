namespace Microsoft.ML;

/// <summary>Keeps the values of one column in memory.</summary>
internal abstract class ColumnBuffer
{
    public static ColumnBuffer Create(DataViewSchema.Column column)
        => Generic.Call<ColumnBuffer>(typeof(ColumnBuffer), nameof(CreateTyped), column.Type.RawType);

    /// <summary>An action that stores the value of the row's present position at an index.</summary>
    public abstract Action<int> CreateWriter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>A getter of the value at an index that is asked for each time.</summary>
    public abstract Delegate CreateGetter(Func<int> index);

    /// <summary>Appends a value of another buffer of the same type.</summary>
    public abstract void Take(ColumnBuffer source, int index);

    private static ColumnBuffer CreateTyped<T>() => new ColumnBuffer<T>();
}

/// <inheritdoc/>
internal sealed class ColumnBuffer<T> : ColumnBuffer
{
    private readonly List<T> _values = [];

    public override Action<int> CreateWriter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return index =>
        {
            T value = default!;
            getter(ref value);
            if (index == _values.Count)
                _values.Add(value);
            else
                _values[index] = value;
        };
    }

    public override Delegate CreateGetter(Func<int> index)
        => new ValueGetter<T>((ref T value) => ValueCopier.Copy(_values[index()], ref value));

    public override void Take(ColumnBuffer source, int index) => _values.Add(((ColumnBuffer<T>)source)._values[index]);
}

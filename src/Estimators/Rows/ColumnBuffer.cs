using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>Values of one column for several rows, copied as the cursor passes them.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>
    /// Whether a column's values can be copied: they are plain numbers, text, keys, times, or vectors of such.
    /// </summary>
    public static bool CanHold(DataViewType type) =>
        (type is VectorDataViewType vector ? vector.ItemType : type)
        is NumberDataViewType or TextDataViewType or KeyDataViewType or BooleanDataViewType or DateTimeDataViewType
        or DateTimeOffsetDataViewType or TimeSpanDataViewType or RowIdDataViewType;

    /// <summary>A buffer for a column of a cursor.</summary>
    public static ColumnBuffer Of(DataViewRow row, DataViewSchema.Column column, int capacity)
    {
        Type buffer = column.Type is VectorDataViewType vector
            ? typeof(VectorBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ScalarBuffer<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(buffer, row, column, capacity)!;
    }

    /// <summary>Copies the value of the row that the cursor stands on.</summary>
    public abstract void Read(int slot);

    /// <summary>A getter of the slot that is current when it is called.</summary>
    public abstract Delegate Getter(Func<int> slot);
}

/// <inheritdoc/>
internal sealed class ScalarBuffer<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ColumnBuffer
{
    private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
    private readonly T[] _values = new T[capacity];

    public override void Read(int slot) => _getter(ref _values[slot]);

    public override Delegate Getter(Func<int> slot)
    {
        void Get(ref T value) => value = _values[slot()];
        return (ValueGetter<T>)Get;
    }
}

/// <inheritdoc/>
internal sealed class VectorBuffer<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ColumnBuffer
{
    private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
    private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

    public override void Read(int slot) => _getter(ref _values[slot]);

    public override Delegate Getter(Func<int> slot)
    {
        void Get(ref VBuffer<T> value) => _values[slot()].CopyTo(ref value);
        return (ValueGetter<VBuffer<T>>)Get;
    }
}

using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The values behind the keys of one column: the k-th value has key k + 1.</summary>
internal abstract class TermTable
{
    public abstract int Count { get; }

    /// <summary>Learns the values of a column, by order of occurrence or sorted.</summary>
    public static TermTable Learn(IDataView data, DataViewSchema.Column column, int maximum, bool sort)
    {
        var item = PrimitiveTypes.ItemTypeOf(column.Type);
        return Generic.Call<TermTable>(
            typeof(TermTable), nameof(LearnTyped), item.RawType, data, column, maximum, sort);
    }

    public static TermTable Read(BinaryReader reader)
    {
        var type = SchemaCodec.ReadType(reader);
        return Generic.Call<TermTable>(typeof(TermTable), nameof(ReadTyped), type.RawType, type, reader);
    }

    public static TermTable Of<T>(PrimitiveDataViewType type, IEnumerable<T> values)
        where T : notnull
        => new TermTable<T>(type, values.ToArray());

    /// <summary>A getter of keys for a column of values.</summary>
    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column);

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText);

    public abstract void Write(BinaryWriter writer);

    private static TermTable LearnTyped<T>(IDataView data, DataViewSchema.Column column, int maximum, bool sort)
        where T : notnull
    {
        var type = (PrimitiveDataViewType)PrimitiveTypes.ItemTypeOf(column.Type);
        var isMissing = RawValues.Missing<T>(type is KeyDataViewType);
        var seen = new HashSet<T>(RawValues.Equality<T>());
        var values = new List<T>();
        using var cursor = data.GetRowCursor([column]);
        var getter = VectorGetter.Of<T>(cursor, column);
        VBuffer<T> items = default;
        while (values.Count < maximum && cursor.MoveNext())
        {
            getter(ref items);
            foreach (var value in items.DenseValues())
            {
                if (values.Count < maximum && !isMissing(value) && seen.Add(value))
                    values.Add(value);
            }
        }
        if (sort)
            values.Sort(RawValues.Order<T>());
        return new TermTable<T>(type, [.. values]);
    }

    private static TermTable ReadTyped<T>(PrimitiveDataViewType type, BinaryReader reader)
        where T : notnull
        => new TermTable<T>(type, ValueCodec.ReadArray<T>(reader));
}

/// <inheritdoc/>
internal sealed class TermTable<T> : TermTable
    where T : notnull
{
    private readonly PrimitiveDataViewType _type;
    private readonly T[] _values;
    private readonly Dictionary<T, uint> _keys;
    private readonly Func<T, bool> _isMissing;

    public TermTable(PrimitiveDataViewType type, T[] values)
    {
        _type = type;
        _values = values;
        _isMissing = RawValues.Missing<T>(type is KeyDataViewType);
        _keys = new(RawValues.Equality<T>());
        for (var i = 0; i < values.Length; i++)
            _keys.TryAdd(values[i], (uint)i + 1);
    }

    public override int Count => _values.Length;

    public uint KeyOf(T value) => _isMissing(value) ? 0 : _keys.GetValueOrDefault(value);

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column)
        => Elementwise.Getter<T, uint>(row, column, KeyOf);

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText)
    {
        if (_values.Length == 0)
            return;
        if (asText && _type is not TextDataViewType)
        {
            var toText = Conversions.Find<T, ReadOnlyMemory<char>>()!;
            builder.AddVector(
                AnnotationUtils.Kinds.KeyValues, TextDataViewType.Instance, _values.Select(toText).ToArray());
        }
        else
        {
            builder.AddVector(AnnotationUtils.Kinds.KeyValues, _type, _values);
        }
    }

    public override void Write(BinaryWriter writer)
    {
        SchemaCodec.WriteType(writer, _type);
        ValueCodec.WriteArray(writer, _values);
    }
}

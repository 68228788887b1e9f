using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A lookup table from keys to values.</summary>
internal abstract class ValueTable
{
    /// <summary>The type of the values.</summary>
    public abstract DataViewType ValueType { get; }

    /// <summary>What the output column is told of the values.</summary>
    public DataViewSchema.Annotations? Annotations { get; init; }

    public static ValueTable Create<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> pairs)
        => Convert(pairs, typeof(TKey), TypeOfItems<TValue>());

    public static ValueTable CreateVectors<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue[]>> pairs)
    {
        var list = pairs.ToList();
        var sizes = list.Select(p => p.Value.Length).Distinct().ToArray();
        var type = new VectorDataViewType(TypeOfItems<TValue>(), sizes.Length == 1 ? sizes[0] : 0);
        return Convert(list, typeof(TKey), type);
    }

    /// <summary>Values that become keys; their own values go into the annotations.</summary>
    public static ValueTable CreateKeys<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> pairs)
    {
        var list = pairs.ToList();
        var distinct = list.Select(p => p.Value).Distinct().ToList();
        var annotations = new DataViewSchema.Annotations.Builder();
        Generic.Call<object>(
            typeof(ValueTable), nameof(AddKeyValues), [typeof(TValue), TypeOfItems<TValue>().RawType],
            annotations, distinct);
        var keys = list.Select(p => KeyValuePair.Create(p.Key, (uint)distinct.IndexOf(p.Value)));
        return Convert(
            keys, typeof(TKey), new KeyDataViewType(typeof(uint), distinct.Count), annotations.ToAnnotations());
    }

    /// <summary>The table two columns of a data view make.</summary>
    public static ValueTable Read(IDataView data, DataViewSchema.Column key, DataViewSchema.Column value)
        => Generic.Call<ValueTable>(
            typeof(ValueTable), nameof(ReadTyped), [key.Type.RawType, value.Type.RawType], data, key, value);

    public static ValueTable Read(BinaryReader reader)
    {
        var key = SchemaCodec.ReadType(reader);
        var value = SchemaCodec.ReadType(reader);
        return Generic.Call<ValueTable>(
            typeof(ValueTable), nameof(ReadSaved), [key.RawType, value.RawType], key, value, reader);
    }

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column);

    public abstract void Write(BinaryWriter writer);

    private static PrimitiveDataViewType TypeOfItems<T>()
        => PrimitiveTypes.FromRawType(typeof(T))
            ?? throw new ArgumentException($"Values of '{typeof(T)}' cannot be in a column");

    private static ValueTable Convert<TKey, TMember>(
        IEnumerable<KeyValuePair<TKey, TMember>> pairs,
        Type key,
        DataViewType type,
        DataViewSchema.Annotations? annotations = null)
        => Generic.Call<ValueTable>(
            typeof(ValueTable), nameof(ConvertTyped),
            [typeof(TKey), TypeOfItems<TKey>().RawType, typeof(TMember), type.RawType], pairs, type, annotations);

    private static ValueTable ConvertTyped<TKey, TRawKey, TMember, TRaw>(
        IEnumerable<KeyValuePair<TKey, TMember>> pairs, DataViewType type, DataViewSchema.Annotations? annotations)
        where TRawKey : notnull
    {
        var keyType = TypeOfItems<TKey>();
        var key = (ToColumn<TKey, TRawKey>)MemberTypes.ToRaw(typeof(TKey), keyType).Convert;
        var value = (ToColumn<TMember, TRaw>)MemberTypes.ToRaw(typeof(TMember), type).Convert;
        var table = new ValueTable<TRawKey, TRaw>(keyType, type) { Annotations = annotations };
        foreach (var pair in pairs)
        {
            TRawKey rawKey = default!;
            TRaw raw = default!;
            key(pair.Key, ref rawKey);
            value(pair.Value, ref raw);
            table.Add(rawKey, raw);
        }
        return table;
    }

    private static object? AddKeyValues<TMember, TRaw>(
        DataViewSchema.Annotations.Builder annotations, List<TMember> values)
    {
        var type = TypeOfItems<TMember>();
        var convert = (ToColumn<TMember, TRaw>)MemberTypes.ToRaw(typeof(TMember), type).Convert;
        var raw = new TRaw[values.Count];
        for (var i = 0; i < raw.Length; i++)
            convert(values[i], ref raw[i]);
        annotations.AddVector(AnnotationUtils.Kinds.KeyValues, type, raw);
        return null;
    }

    private static ValueTable ReadTyped<TKey, TValue>(
        IDataView data, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
        where TKey : notnull
    {
        var table = new ValueTable<TKey, TValue>((PrimitiveDataViewType)keyColumn.Type, valueColumn.Type)
        {
            Annotations = valueColumn.Annotations,
        };
        using var cursor = data.GetRowCursor([keyColumn, valueColumn]);
        var key = cursor.GetGetter<TKey>(keyColumn);
        var value = cursor.GetGetter<TValue>(valueColumn);
        while (cursor.MoveNext())
        {
            TKey rawKey = default!;
            TValue raw = default!;
            key(ref rawKey);
            value(ref raw);
            table.Add(rawKey, raw);
        }
        return table;
    }

    private static ValueTable ReadSaved<TKey, TValue>(
        PrimitiveDataViewType keyType, DataViewType valueType, BinaryReader reader)
        where TKey : notnull
    {
        var table = new ValueTable<TKey, TValue>(keyType, valueType)
        {
            Annotations = SchemaCodec.ReadAnnotations(reader),
        };
        for (var left = reader.ReadInt32(); left > 0; left--)
            table.Add(ValueCodec.Of<TKey>().Read(reader), ValueCodec.Of<TValue>().Read(reader));
        return table;
    }
}

/// <inheritdoc/>
internal sealed class ValueTable<TKey, TValue>(PrimitiveDataViewType keyType, DataViewType valueType) : ValueTable
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _values = new(RawValues.Equality<TKey>());

    public override DataViewType ValueType => valueType;

    public void Add(TKey key, TValue value)
    {
        if (!_values.TryAdd(key, value))
            throw new InvalidOperationException($"Duplicate keys in data '{key}'");
    }

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column)
        => Elementwise.Getter<TKey, TValue>(row, column, key => _values.GetValueOrDefault(key)!);

    public override void Write(BinaryWriter writer)
    {
        SchemaCodec.WriteType(writer, keyType);
        SchemaCodec.WriteType(writer, valueType);
        SchemaCodec.WriteAnnotations(writer, Annotations ?? DataViewSchema.Annotations.Empty);
        writer.Write(_values.Count);
        foreach (var (key, value) in _values)
        {
            ValueCodec.Of<TKey>().Write(writer, key);
            ValueCodec.Of<TValue>().Write(writer, value);
        }
    }
}

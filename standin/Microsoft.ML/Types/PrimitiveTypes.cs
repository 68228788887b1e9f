namespace Microsoft.ML.Data;

/// <summary>Which column type, .NET type and data kind belong together.</summary>
internal static class PrimitiveTypes
{
    private static readonly (DataKind Kind, PrimitiveDataViewType Type)[] _known =
    [
        (DataKind.SByte, NumberDataViewType.SByte),
        (DataKind.Byte, NumberDataViewType.Byte),
        (DataKind.Int16, NumberDataViewType.Int16),
        (DataKind.UInt16, NumberDataViewType.UInt16),
        (DataKind.Int32, NumberDataViewType.Int32),
        (DataKind.UInt32, NumberDataViewType.UInt32),
        (DataKind.Int64, NumberDataViewType.Int64),
        (DataKind.UInt64, NumberDataViewType.UInt64),
        (DataKind.Single, NumberDataViewType.Single),
        (DataKind.Double, NumberDataViewType.Double),
        (DataKind.String, TextDataViewType.Instance),
        (DataKind.Boolean, BooleanDataViewType.Instance),
        (DataKind.TimeSpan, TimeSpanDataViewType.Instance),
        (DataKind.DateTime, DateTimeDataViewType.Instance),
        (DataKind.DateTimeOffset, DateTimeOffsetDataViewType.Instance),
        (0, RowIdDataViewType.Instance),
    ];

    private static readonly Dictionary<DataKind, PrimitiveDataViewType> _byKind =
        _known.ToDictionary(k => k.Kind, k => k.Type);

    private static readonly Dictionary<Type, PrimitiveDataViewType> _byRawType =
        _known.ToDictionary(k => k.Type.RawType, k => k.Type);

    public static PrimitiveDataViewType FromKind(DataKind kind)
        => _byKind.TryGetValue(kind, out var type)
            ? type
            : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a data kind");

    public static DataKind KindOf(PrimitiveDataViewType type) => _known.First(k => k.Type.Equals(type)).Kind;

    /// <summary>The column type a .NET type stands for; <see cref="string"/> counts as text.</summary>
    public static PrimitiveDataViewType? FromRawType(Type type)
        => _byRawType.GetValueOrDefault(type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type);

    /// <summary>The item type of a vector, or the type itself.</summary>
    public static DataViewType ItemTypeOf(DataViewType type) => type is VectorDataViewType v ? v.ItemType : type;

    /// <summary>The type with another item type, keeping the dimensions of a vector.</summary>
    public static DataViewType WithItem(DataViewType type, PrimitiveDataViewType item)
        => type is VectorDataViewType v ? new VectorDataViewType(item, v.Dimensions) : item;
}

using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Turns a member's value into the value of a column.</summary>
internal delegate void ToColumn<in TMember, TRaw>(TMember member, ref TRaw value);

/// <summary>Turns a column's value into a member's value; the old one may be reused.</summary>
internal delegate TMember ToMember<TRaw, TMember>(in TRaw value, TMember old);

/// <summary>Which column a member's .NET type can stand for, and the conversions between the two.</summary>
internal static class MemberTypes
{
    /// <summary>The column type of a member by its .NET type and attributes.</summary>
    public static DataViewType ColumnTypeOf(MemberInfo member)
    {
        var type = MemberAccess.TypeOf(member);
        var item = ItemOf(type);
        var primitive = PrimitiveTypes.FromRawType(item ?? type)
            ?? throw new ArgumentOutOfRangeException(
                "rawType",
                $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
            primitive = new KeyDataViewType(primitive.RawType, key.Count);
        return item is null
            ? primitive
            : new VectorDataViewType(primitive, member.GetCustomAttribute<VectorTypeAttribute>()?.Dimensions ?? [0]);
    }

    /// <summary>Whether a member of this .NET type can hold the column's values.</summary>
    public static bool Fits(Type member, DataViewType column)
    {
        var item = ItemOf(member);
        return item is not null == column is VectorDataViewType
            && RawOf(item ?? member) == PrimitiveTypes.ItemTypeOf(column).RawType;
    }

    /// <summary>The conversion from a member to its column, with the column's raw type.</summary>
    public static (Type Raw, Delegate Convert) ToRaw(Type member, DataViewType column)
    {
        if (!Fits(member, column))
            throw new InvalidOperationException($"A member of type '{member}' cannot give a column of type '{column}'");
        return column is KeyDataViewType key
            ? (key.RawType, Generic.Call<Delegate>(
                typeof(MemberConversions), nameof(MemberConversions.ToKey), key.RawType, key.Count))
            : (column.RawType, Conversion(member, column, "To"));
    }

    /// <summary>The conversion from a column to a member.</summary>
    public static Delegate FromRaw(Type member, DataViewType column) => Conversion(member, column, "From");

    /// <summary>A getter that always gives the same value.</summary>
    public static Delegate Constant<TMember, TRaw>(TMember value, Delegate convert)
        => new ValueGetter<TRaw>((ref TRaw destination) => ((ToColumn<TMember, TRaw>)convert)(value, ref destination));

    private static Delegate Conversion(Type member, DataViewType column, string direction)
    {
        if (member == typeof(string))
            return Call("Text");
        if (member == typeof(string[]))
            return Call("Texts");
        if (member.IsArray)
            return Call("Array", member.GetElementType()!);
        return ItemOf(member) is { } item ? Call("Vector", item) : Call("Same", column.RawType);

        Delegate Call(string kind, params Type[] types)
            => Generic.Call<Delegate>(typeof(MemberConversions), direction + kind, types);
    }

    private static Type? ItemOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? type.GetGenericArguments()[0]
            : null;
    }

    private static Type RawOf(Type type) => type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type;
}

using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Finds the fields and properties of a class that can be columns, and compiles access to them.</summary>
internal static class MemberAccess
{
    private const BindingFlags PublicInstance = BindingFlags.Instance | BindingFlags.Public;

    public static IEnumerable<MemberInfo> ColumnsOf(
        Type type, SchemaDefinition.Direction direction, bool withNoColumn = false)
    {
        var fields = type.GetFields(PublicInstance).Where(f => !f.IsLiteral).Cast<MemberInfo>();
        var properties = type.GetProperties(PublicInstance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .Where(p => !direction.HasFlag(SchemaDefinition.Direction.Read) || p.GetMethod?.IsPublic == true)
            .Where(p => !direction.HasFlag(SchemaDefinition.Direction.Write) || p.SetMethod?.IsPublic == true);
        return fields.Concat(properties)
            .Where(m => withNoColumn || m.GetCustomAttribute<NoColumnAttribute>() is null);
    }

    public static MemberInfo Find(Type type, string name)
        => (MemberInfo?)type.GetField(name, PublicInstance) ?? type.GetProperty(name, PublicInstance)
            ?? throw new ArgumentException($"No field or property with name '{name}' found in type '{type}'.");

    public static Type TypeOf(MemberInfo member)
        => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>A compiled <c>row => row.Member</c>.</summary>
    public static Func<TRow, TMember> Getter<TRow, TMember>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TMember>>(Access(row, member), row).Compile();
    }

    /// <summary>A compiled <c>(row, value) => row.Member = value</c>.</summary>
    public static Action<TRow, TMember> Setter<TRow, TMember>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TMember));
        return Expression.Lambda<Action<TRow, TMember>>(
            Expression.Assign(Access(row, member), value), row, value).Compile();
    }

    private static MemberExpression Access(Expression row, MemberInfo member)
        => Expression.MakeMemberAccess(
            row.Type == member.DeclaringType ? row : Expression.Convert(row, member.DeclaringType!), member);
}

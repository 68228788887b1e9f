using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A member of a row class bound to a column name and type.</summary>
internal sealed record MemberColumn(
    MemberInfo Member, string Name, DataViewType Type, DataViewSchema.Annotations Annotations)
{
    public Type MemberType => MemberAccess.TypeOf(Member);

    public DataViewSchema.DetachedColumn Detached => new(Name, Type, Annotations);

    /// <summary>Complains if the member cannot hold the values of a column.</summary>
    public void CheckFits(DataViewSchema.Column column)
    {
        if (!MemberTypes.Fits(MemberType, column.Type))
            throw new InvalidOperationException(
                $"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property "
                + $"'{Member.Name}' of type '{MemberType}'.");
    }

    /// <summary>The columns of a class, by its own definition or the one given.</summary>
    public static MemberColumn[] Of(Type type, SchemaDefinition? definition, SchemaDefinition.Direction direction)
    {
        var columns = (definition ?? SchemaDefinition.Create(type, direction))
            .Select(c => Bind(MemberAccess.Find(type, c.MemberName), c))
            .ToArray();
        if (columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Duplicate column name '{twice.Key}' in schema definition");
        return columns;
    }

    private static MemberColumn Bind(MemberInfo member, SchemaDefinition.Column column)
    {
        var type = column.ColumnType ?? MemberTypes.ColumnTypeOf(member);
        if (!MemberTypes.Fits(MemberAccess.TypeOf(member), type))
        {
            var item = PrimitiveTypes.ItemTypeOf(type).RawType;
            throw new ArgumentOutOfRangeException(
                "userSchemaDefinition",
                $"Column '{column.ColumnName}' is supposed to have item type {item}, "
                + $"but associated field has type {MemberAccess.TypeOf(member)}");
        }
        return new(member, column.ColumnName ?? member.Name, type, column.Annotations);
    }
}

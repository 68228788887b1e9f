using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>The shapes of the text transforms: each wants text.</summary>
internal static class TextShapes
{
    public static SchemaShape.Column RequireText(SchemaShape.Column column)
    {
        if (column.ItemType is not TextDataViewType)
            throw SchemaMismatch.Wrong(column.Name, "String or vector of String", column.GetTypeString());
        return column;
    }

    public static DataViewSchema.Column RequireText(DataViewSchema.Column column)
        => PrimitiveTypes.ItemTypeOf(column.Type) is TextDataViewType
            ? column
            : throw SchemaMismatch.Wrong(column.Name, "String", column.Type.ToString()!);
}

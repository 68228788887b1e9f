using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>Which columns hold labels and weights of examples, and the errors about those that do not.</summary>
internal static class TargetTypes
{
    /// <summary>Checks the columns of a schema.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static void Require(DataViewSchema schema, string label, string? weight, bool classes)
    {
        DataViewType type = ColumnTypes.Find(schema, label).Type;
        RequireLabel(label, classes, type is KeyDataViewType, type is NumberDataViewType, type.RawType, $"{type}");
        if (weight is null)
            return;
        type = ColumnTypes.Find(schema, weight).Type;
        RequireWeight(weight, type is NumberDataViewType, type.RawType, $"{type}");
    }

    /// <summary>Checks the columns of a shape.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static void Require(SchemaShape shape, string label, string? weight, bool classes)
    {
        SchemaShape.Column column = ColumnTypes.Find(shape, label);
        bool scalar = IsScalar(column);
        RequireLabel(
            label, classes, scalar && column.IsKey, scalar && !column.IsKey, column.ItemType.RawType, TypeOf(column));
        if (weight is null)
            return;
        column = ColumnTypes.Find(shape, weight);
        RequireWeight(weight, IsScalar(column) && !column.IsKey, column.ItemType.RawType, TypeOf(column));
    }

    private static bool IsScalar(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar;

    private static string TypeOf(SchemaShape.Column column) =>
        IsScalar(column) ? $"{column.ItemType}" : $"Vector<{column.ItemType}>";

    private static void RequireLabel(string name, bool classes, bool isKey, bool isNumber, Type raw, string type)
    {
        if (classes && !isKey)
            throw new ArgumentException(
                $"Column '{name}' is of type {type}; a label to classify by is a key. Make it one by "
                + $"Transforms.Conversion.MapValueToKey(\"{name}\").", name);
        if (!classes && !(isNumber && raw == typeof(float)))
            throw new ArgumentException(
                $"Column '{name}' is of type {type}; a label to regress on is a Single. {Remedy(name)}", name);
    }

    private static void RequireWeight(string name, bool isNumber, Type raw, string type)
    {
        if (!(isNumber && raw == typeof(float)))
            throw new ArgumentException(
                $"Column '{name}' is of type {type}; weights of examples are Single. {Remedy(name)}", name);
    }

    private static string Remedy(string name) =>
        $"Convert it by Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single).";
}

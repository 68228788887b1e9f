using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>Which columns hold labels and weights of examples, and the errors about those that do not.</summary>
internal static class TargetTypes
{
    /// <summary>Checks the columns of a schema.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static void Require(DataViewSchema schema, string label, string? weight, TargetKind kind)
    {
        DataViewType type = ColumnTypes.Find(schema, label).Type;
        DataViewType item = type is VectorDataViewType vector ? vector.ItemType : type;
        RequireLabel(label, kind, type is VectorDataViewType, item is KeyDataViewType, item.RawType, $"{type}");
        if (weight is null)
            return;
        type = ColumnTypes.Find(schema, weight).Type;
        RequireWeight(weight, type is NumberDataViewType, type.RawType, $"{type}");
    }

    /// <summary>Checks the columns of a shape.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static void Require(SchemaShape shape, string label, string? weight, TargetKind kind)
    {
        SchemaShape.Column column = ColumnTypes.Find(shape, label);
        RequireLabel(label, kind, !IsScalar(column), column.IsKey, column.ItemType.RawType, TypeOf(column));
        if (weight is null)
            return;
        column = ColumnTypes.Find(shape, weight);
        RequireWeight(weight, IsScalar(column) && !column.IsKey, column.ItemType.RawType, TypeOf(column));
    }

    private static bool IsScalar(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar;

    private static string TypeOf(SchemaShape.Column column) =>
        IsScalar(column) ? $"{column.ItemType}" : $"Vector<{column.ItemType}>";

    private static void RequireLabel(
        string name, TargetKind kind, bool isVector, bool isKey, Type raw, string type)
    {
        string? problem = kind switch
        {
            TargetKind.Class when isVector || !isKey =>
                $"a label to classify by is a key. {KeyRemedy(name)}",
            TargetKind.Number when isVector || isKey || raw != typeof(float) =>
                $"a label to regress on is a Single. {Remedy(name)}",
            TargetKind.PositionClasses when !isVector && isKey =>
                "labels of a sequence's positions are a vector of keys, one for each position. To learn one label for "
                + "each sequence, use SequenceClassification.",
            TargetKind.PositionClasses when !isVector =>
                "labels of a sequence's positions are a vector of keys. Make the column a vector, one value for each "
                + $"position, and then keys by {KeyMaking(name)}.",
            TargetKind.PositionClasses when !isKey =>
                $"labels of a sequence's positions are a vector of keys. {KeyRemedy(name)}",
            _ => null,
        };
        if (problem is not null)
            throw new ArgumentException($"Column '{name}' is of type {type}; {problem}", name);
    }

    private static string KeyRemedy(string name) => $"Make it one by {KeyMaking(name)}.";

    private static string KeyMaking(string name) => $"Transforms.Conversion.MapValueToKey(\"{name}\")";

    private static void RequireWeight(string name, bool isNumber, Type raw, string type)
    {
        if (!(isNumber && raw == typeof(float)))
            throw new ArgumentException(
                $"Column '{name}' is of type {type}; weights of examples are Single. {Remedy(name)}", name);
    }

    private static string Remedy(string name) =>
        $"Convert it by Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single).";
}

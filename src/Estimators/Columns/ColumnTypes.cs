using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>Which column types hold sequences, and the errors about those that do not.</summary>
internal static class ColumnTypes
{
    /// <summary>What a column of sequences may hold, for messages.</summary>
    public const string Accepted =
        "text, a vector of keys, a vector of integers, or a vector of Single or Double (frames of a time series)";

    private static readonly Dictionary<Type, NumberDataViewType> _numbers = new NumberDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double,
    }.ToDictionary(t => t.RawType);

    /// <summary>The number type of a .NET type.</summary>
    public static NumberDataViewType Number(Type type) => _numbers[type];

    /// <summary>The kind of sequences in a column whose items have this type; none if it cannot hold any.</summary>
    public static ColumnKind? KindOf(DataViewType item, bool isVector, bool isKey) => (item, isVector, isKey) switch
    {
        (TextDataViewType, false, _) => ColumnKind.Text,
        (_, true, true) => ColumnKind.Keys,
        (NumberDataViewType number, true, false) => number.RawType == typeof(float) || number.RawType == typeof(double)
            ? ColumnKind.Frames
            : ColumnKind.Integers,
        _ => null,
    };

    /// <summary>The column of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) ?? throw Missing(name, schema.Where(c => !c.IsHidden).Select(c => c.Name));

    /// <inheritdoc cref="Find(DataViewSchema, string)"/>
    public static SchemaShape.Column Find(SchemaShape shape, string name)
    {
        SchemaShape.Column[] found = [.. shape.Where(c => c.Name == name)];
        return found.Length > 0 ? found[^1] : throw Missing(name, shape.Select(c => c.Name));
    }

    /// <summary>The kind of sequences in a column of a shape.</summary>
    /// <exception cref="ArgumentException">It cannot hold any.</exception>
    public static ColumnKind RequireKind(SchemaShape.Column column)
    {
        bool isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        string type = (isVector ? "a vector of " : "a single ") + (column.IsKey ? "keys" : $"{column.ItemType}");
        return KindOf(column.ItemType, isVector, column.IsKey) ?? throw Unfit(column.Name, type);
    }

    /// <summary>The exception about a column that cannot hold sequences.</summary>
    public static ArgumentException Unfit(string column, string type) => new(
        $"Column '{column}' is {type}; a sequence is {Accepted}. Convert the column, or name another one.", column);

    /// <summary>Checks a column against what is needed.</summary>
    public static void Require(DataViewSchema.Column column, bool holds, string needed)
    {
        if (!holds)
            throw new ArgumentException(
                $"Column '{column.Name}' is of type {column.Type}; it must be {needed}.", column.Name);
    }

    /// <summary>Numbers of one frame: from the column's dimensions where it has several, else as given.</summary>
    /// <exception cref="ArgumentException">The column's dimensions and what was given do not agree.</exception>
    public static int FrameWidth(string column, VectorDataViewType type, int? given)
    {
        int width = type.Dimensions.Length > 1 ? type.Dimensions.Skip(1).Aggregate(1, (a, b) => checked(a * b)) : 0;
        if (given is <= 0)
            throw new ArgumentOutOfRangeException(
                nameof(FrameWidth), given, $"FrameWidth is {given}; it must be 1 or more: the numbers of one frame.");
        if (width > 0 && given is not null && given != width)
            throw new ArgumentException(
                $"Column '{column}' of type {type} has frames of {width} numbers, but FrameWidth is {given}; leave "
                + "FrameWidth unset.");
        int used = width > 0 ? width : given ?? 1;
        if (type.Size % used != 0)
            throw new ArgumentException(
                $"Column '{column}' has {type.Size} numbers, which are no whole frames of {used}; set FrameWidth to a "
                + $"divisor of {type.Size}.");
        return used;
    }

    private static ArgumentException Missing(string name, IEnumerable<string> there) => new(
        $"There is no column '{name}'; the columns are "
        + $"{string.Join(", ", there.Distinct().Select(n => $"'{n}'"))}.", name);
}

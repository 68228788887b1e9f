using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>
/// Columns of schema shapes. ML.NET keeps their constructor to itself, so they come out of a custom mapping that has
/// such a column as its output.
/// </summary>
internal static class ShapeColumns
{
    /// <summary>A shape with columns added, each in the place of an older one of its name.</summary>
    public static SchemaShape With(SchemaShape shape, IEnumerable<SchemaShape.Column> added)
    {
        SchemaShape.Column[] columns = [.. added];
        return new SchemaShape(shape.Where(c => columns.All(a => a.Name != c.Name)).Concat(columns));
    }

    /// <summary>A scalar number.</summary>
    public static SchemaShape.Column Number(string name) => Of<float>(name, NumberDataViewType.Single);

    /// <summary>A vector of known size, which a shape does not tell, with slot names or without.</summary>
    public static SchemaShape.Column Vector(string name, bool named) => Of<VBuffer<float>>(
        name, new VectorDataViewType(NumberDataViewType.Single, 1),
        named
            ? c => c.AddAnnotation("SlotNames", new[] { "" }, new VectorDataViewType(TextDataViewType.Instance, 1))
            : null);

    /// <summary>A vector of numbers of variable length.</summary>
    public static SchemaShape.Column Numbers(string name) =>
        Of<VBuffer<float>>(name, new VectorDataViewType(NumberDataViewType.Single));

    /// <summary>A restored column of a reducer that is not fitted yet, from the shape of its input.</summary>
    public static SchemaShape.Column Restored(string name, SchemaShape.Column input)
    {
        return ColumnTypes.RequireKind(input) switch
        {
            ColumnKind.Text => Of<ReadOnlyMemory<char>>(name, TextDataViewType.Instance),
            ColumnKind.Keys => OfRaw(name, new VectorDataViewType(KeyType(input)), Names(input)),
            _ => OfRaw(name, new VectorDataViewType((PrimitiveDataViewType)input.ItemType)),
        };
    }

    /// <summary>A restored column of a fitted reducer.</summary>
    public static SchemaShape.Column Restored(string name, SequenceColumn column)
    {
        DataViewSchema.Column? names = column.RestoredAnnotations?.Schema.GetColumnOrNull("KeyValues");
        return OfRaw(
            name, column.RestoredType, names is { Type: VectorDataViewType type } ? Named(type.ItemType) : null);
    }

    /// <summary>A column of predicted labels, from the shape of the labels.</summary>
    public static SchemaShape.Column Key(string name, SchemaShape.Column label) =>
        OfRaw(name, KeyType(label), Names(label, missing: false));

    /// <summary>
    /// A column of vectors of predicted labels, from the shape of such labels; truth values become text, since a label
    /// may be missing.
    /// </summary>
    public static SchemaShape.Column Keys(string name, SchemaShape.Column label)
    {
        bool truths = label.Annotations.Any(a => a.Name == "KeyValues" && a.ItemType is BooleanDataViewType);
        return OfRaw(
            name, new VectorDataViewType(KeyType(label)), truths ? Named(TextDataViewType.Instance) : Names(label));
    }

    /// <summary>Whether labels stand for something that can be kept.</summary>
    public static bool HasKeyNames(SchemaShape.Column label) => Names(label, missing: false) is not null;

    private static KeyDataViewType KeyType(SchemaShape.Column column) => new(column.ItemType.RawType, 1);

    private static Action<SchemaDefinition.Column>? Names(SchemaShape.Column column, bool missing = true)
    {
        SchemaShape.Column[] names = [.. column.Annotations.Where(a => a.Name == "KeyValues")];
        return names.Length > 0 ? Named((PrimitiveDataViewType)names[0].ItemType, missing) : null;
    }

    private static Action<SchemaDefinition.Column>? Named(PrimitiveDataViewType type, bool missing = true)
    {
        var adding = new AddingNames(type);
        return type is TextDataViewType ? adding.Add<string> : type.RawType switch
        {
            var t when t == typeof(bool) && !missing => adding.Add<bool>,
            var t when t == typeof(sbyte) => adding.Add<sbyte>,
            var t when t == typeof(byte) => adding.Add<byte>,
            var t when t == typeof(short) => adding.Add<short>,
            var t when t == typeof(ushort) => adding.Add<ushort>,
            var t when t == typeof(int) => adding.Add<int>,
            var t when t == typeof(uint) => adding.Add<uint>,
            var t when t == typeof(long) => adding.Add<long>,
            var t when t == typeof(ulong) => adding.Add<ulong>,
            var t when t == typeof(float) => adding.Add<float>,
            var t when t == typeof(double) => adding.Add<double>,
            _ => null,
        };
    }

    private static SchemaShape.Column OfRaw(
        string name, DataViewType type, Action<SchemaDefinition.Column>? annotate = null)
    {
        if (type is not VectorDataViewType vector)
            return type.RawType switch
            {
                var t when t == typeof(byte) => Of<byte>(name, type, annotate),
                var t when t == typeof(ushort) => Of<ushort>(name, type, annotate),
                var t when t == typeof(uint) => Of<uint>(name, type, annotate),
                var t when t == typeof(ulong) => Of<ulong>(name, type, annotate),
                _ => Of<ReadOnlyMemory<char>>(name, type, annotate),
            };
        return vector.ItemType.RawType switch
        {
            var t when t == typeof(sbyte) => Of<VBuffer<sbyte>>(name, type, annotate),
            var t when t == typeof(byte) => Of<VBuffer<byte>>(name, type, annotate),
            var t when t == typeof(short) => Of<VBuffer<short>>(name, type, annotate),
            var t when t == typeof(ushort) => Of<VBuffer<ushort>>(name, type, annotate),
            var t when t == typeof(int) => Of<VBuffer<int>>(name, type, annotate),
            var t when t == typeof(uint) => Of<VBuffer<uint>>(name, type, annotate),
            var t when t == typeof(long) => Of<VBuffer<long>>(name, type, annotate),
            var t when t == typeof(ulong) => Of<VBuffer<ulong>>(name, type, annotate),
            var t when t == typeof(float) => Of<VBuffer<float>>(name, type, annotate),
            _ => Of<VBuffer<double>>(name, type, annotate),
        };
    }

    private static SchemaShape.Column Of<TRaw>(
        string name, DataViewType type, Action<SchemaDefinition.Column>? annotate = null)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Holder<TRaw>));
        definition[0].ColumnName = name;
        definition[0].ColumnType = type;
        annotate?.Invoke(definition[0]);
        return new MLContext().Transforms
            .CustomMapping<Nothing, Holder<TRaw>>((_, _) => { }, null, null, definition)
            .GetOutputSchema(new SchemaShape([]))
            .Single(c => c.Name == name);
    }

    private sealed class AddingNames(PrimitiveDataViewType type)
    {
        public void Add<T>(SchemaDefinition.Column column) =>
            column.AddAnnotation(
                "KeyValues", (T[])[typeof(T) == typeof(string) ? (T)(object)"" : default!],
                new VectorDataViewType(type, 1));
    }

    private sealed class Nothing;

    private sealed class Holder<TRaw>
    {
        public TRaw Value = default!;
    }
}

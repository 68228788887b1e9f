namespace Microsoft.ML.Data;

/// <summary>The kinds of annotation with a fixed meaning, and how to write the usual ones.</summary>
internal static class AnnotationUtils
{
    internal static class Kinds
    {
        public const string KeyValues = "KeyValues";
        public const string SlotNames = "SlotNames";
        public const string IsNormalized = "IsNormalized";
        public const string ScoreColumnKind = "ScoreColumnKind";
        public const string ScoreColumnSetId = "ScoreColumnSetId";
        public const string ScoreValueKind = "ScoreValueKind";
        public const string TrainingLabelValues = "TrainingLabelValues";
    }

    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, string[] names)
        => builder.AddVector(Kinds.SlotNames, TextDataViewType.Instance, AsText(names));

    public static void AddVector<T>(
        this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType itemType, T[] values)
        => builder.Add(
            kind,
            new VectorDataViewType(itemType, values.Length),
            (ref VBuffer<T> destination) => VBuffer<T>.Copy(values, 0, ref destination, values.Length));

    public static ReadOnlyMemory<char>[] AsText(IEnumerable<string> texts) => texts.Select(t => t.AsMemory()).ToArray();

    /// <summary>The vector type of an annotation if it has one of that kind.</summary>
    public static VectorDataViewType? VectorOf(DataViewSchema.Column column, string kind)
        => column.Annotations.Schema.GetColumnOrNull(kind)?.Type as VectorDataViewType;

    /// <summary>The annotations with only the kinds named.</summary>
    public static DataViewSchema.Annotations Keep(DataViewSchema.Annotations source, params string[] kinds)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(source, kinds.Contains);
        return builder.ToAnnotations();
    }
}

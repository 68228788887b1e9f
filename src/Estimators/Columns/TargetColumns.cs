using System.Numerics;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What a row is to be predicted as.</summary>
/// <param name="Label">The index of a class, or a number; NaN where it is missing.</param>
/// <param name="Weight">How much the row counts, 0 or more.</param>
internal readonly record struct RowTarget(float Label, float Weight)
{
    /// <summary>Whether the row can be learnt from.</summary>
    public bool Counts => !float.IsNaN(Label) && Weight > 0;
}

/// <summary>The columns that a trainer learns from beside the sequences: labels, and weights of examples.</summary>
internal sealed class TargetColumns
{
    private readonly string? _weight;

    /// <summary>The columns of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="label">The column of labels: a key, or a Single.</param>
    /// <param name="weight">The column of weights; none: every row counts alike.</param>
    /// <param name="classes">Whether labels are keys.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public TargetColumns(DataViewSchema schema, string label, string? weight, bool classes)
    {
        TargetTypes.Require(schema, label, weight, classes);
        (Label, _weight) = (label, weight);
        Keys = classes ? KeyDescription.OfLabel(schema[label]) : null;
    }

    /// <summary>The column of labels.</summary>
    public string Label { get; }

    /// <summary>The label's keys; none where labels are numbers.</summary>
    public KeyDescription? Keys { get; }

    /// <summary>Checks that a validation set has the same columns, with the same keys.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public void Check(DataViewSchema validation)
    {
        KeyDescription? keys = new TargetColumns(validation, Label, _weight, Keys is not null).Keys;
        if (Keys?.IsSameAs(keys!) == false)
            throw new ArgumentException(
                $"The keys of column '{Label}' in ValidationSet are not those of the training data. Let one fitted "
                + "MapValueToKey transform both.", Label);
    }

    /// <summary>The columns as those of a schema.</summary>
    public IEnumerable<DataViewSchema.Column> In(DataViewSchema schema) =>
        new[] { Label, _weight }.OfType<string>().Select(name => ColumnTypes.Find(schema, name));

    /// <summary>Reads the target of the row that a cursor stands on, whenever called.</summary>
    public Func<RowTarget> Open(DataViewRow row)
    {
        Func<float> label = Keys?.Item switch
        {
            null => Numbers(row),
            nameof(Byte) => Classes<byte>(row),
            nameof(UInt16) => Classes<ushort>(row),
            nameof(UInt32) => Classes<uint>(row),
            _ => Classes<ulong>(row),
        };
        Func<float> weight = _weight is null ? () => 1 : Weights(row, _weight);
        return () => new RowTarget(label(), weight());
    }

    private Func<float> Classes<T>(DataViewRow row)
        where T : unmanaged, IBinaryInteger<T> => Read<T>(row, Label, (key, place) =>
        {
            ulong value = ulong.CreateTruncating(key);
            if (value > Keys!.Count)
                throw place.Bad($"holds the key {value}; its type allows 1 to {Keys.Count}, and 0 for a missing one.");
            return value == 0 ? float.NaN : value - 1;
        });

    private Func<float> Numbers(DataViewRow row) => Read<float>(row, Label, (value, place) => float.IsInfinity(value)
        ? throw place.Bad("holds an infinite label; replace it, or use NaN for a missing one.")
        : value);

    private static Func<float> Weights(DataViewRow row, string name) => Read<float>(row, name, (value, place) =>
        value >= 0 && float.IsFinite(value)
            ? value
            : throw place.Bad($"holds the weight {value}; the weight of an example is a finite number, 0 or more."));

    private static Func<float> Read<T>(DataViewRow row, string name, Func<T, RowPlace, float> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(row.Schema[name]);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value, new RowPlace(name, row.Position));
        };
    }
}

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>The columns that a trainer learns from beside the sequences: labels, and weights of examples.</summary>
internal sealed class TargetColumns
{
    private readonly string? _weight;

    /// <summary>The columns of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="label">The column of labels: a key, a Single, or a vector of keys.</param>
    /// <param name="weight">The column of weights; none: every row counts alike.</param>
    /// <param name="kind">What the labels are.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public TargetColumns(DataViewSchema schema, string label, string? weight, TargetKind kind)
    {
        TargetTypes.Require(schema, label, weight, kind);
        (Label, _weight, Kind) = (label, weight, kind);
        Keys = kind == TargetKind.Number ? null : KeyDescription.OfLabel(schema[label]);
    }

    /// <summary>The column of labels.</summary>
    public string Label { get; }

    /// <summary>What the labels are.</summary>
    public TargetKind Kind { get; }

    /// <summary>The label's keys; none where labels are numbers.</summary>
    public KeyDescription? Keys { get; }

    /// <summary>Checks that a validation set has the same columns, with the same keys.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public void Check(DataViewSchema validation)
    {
        KeyDescription? keys = new TargetColumns(validation, Label, _weight, Kind).Keys;
        if (Keys?.IsSameAs(keys!) == false)
            throw new ArgumentException(
                $"The keys of column '{Label}' in ValidationSet are not those of the training data. Let one fitted "
                + "MapValueToKey transform both.", Label);
    }

    /// <summary>Checks that a row has a label for each position.</summary>
    /// <param name="target">The row's labels.</param>
    /// <param name="length">Positions of its sequence before it was cut.</param>
    /// <param name="sequence">Where the sequence stands.</param>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public void RequireLength(RowTarget target, int length, RowPlace sequence)
    {
        if (target.Positions.Length != length)
            throw new RowPlace(Label, sequence.Row).Bad(
                $"holds {target.Positions.Length} labels for the {length} positions in column '{sequence.Column}'; "
                + "there must be one for each, a missing key where there is none.");
    }

    /// <summary>The columns as those of a schema.</summary>
    public IEnumerable<DataViewSchema.Column> In(DataViewSchema schema) =>
        new[] { Label, _weight }.OfType<string>().Select(name => ColumnTypes.Find(schema, name));

    /// <summary>Reads the target of the row that a cursor stands on, whenever called.</summary>
    public Func<RowTarget> Open(DataViewRow row)
    {
        Func<float> weight = _weight is null ? () => 1 : Weights(row, _weight);
        if (Kind == TargetKind.PositionClasses)
        {
            Func<int[]> classes = LabelKeys.Positions(row, row.Schema[Label], Keys!);
            return () => new RowTarget(float.NaN, weight()) { Positions = classes() };
        }

        Func<float> label = Kind == TargetKind.Number ? Numbers(row) : Classes(row);
        return () => new RowTarget(label(), weight());
    }

    private Func<float> Classes(DataViewRow row)
    {
        Func<int> read = LabelKeys.Class(row, row.Schema[Label], Keys!);
        return () => read() is var index and >= 0 ? index : float.NaN;
    }

    private Func<float> Numbers(DataViewRow row) => Read(row, Label, (value, place) => float.IsInfinity(value)
        ? throw place.Bad("holds an infinite label; replace it, or use NaN for a missing one.")
        : value);

    private static Func<float> Weights(DataViewRow row, string name) => Read(row, name, (value, place) =>
        value >= 0 && float.IsFinite(value)
            ? value
            : throw place.Bad($"holds the weight {value}; the weight of an example is a finite number, 0 or more."));

    private static Func<float> Read(DataViewRow row, string name, Func<float, RowPlace, float> convert)
    {
        ValueGetter<float> getter = row.GetGetter<float>(row.Schema[name]);
        float value = 0;
        return () =>
        {
            getter(ref value);
            return convert(value, new RowPlace(name, row.Position));
        };
    }
}

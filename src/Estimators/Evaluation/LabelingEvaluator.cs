using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators.Evaluation;

/// <summary>Compares predicted labels of positions with the true ones, in one streaming pass.</summary>
internal sealed class LabelingEvaluator
{
    private readonly KeyDescription _keys;
    private readonly long[] _positions, _predicted, _right;
    private readonly Dictionary<(int Label, int Predicted), long> _confusion = [];
    private long _rows, _exactRows, _unpredicted;

    private LabelingEvaluator(KeyDescription keys)
    {
        _keys = keys;
        (_positions, _predicted, _right) = (new long[keys.Count], new long[keys.Count], new long[keys.Count]);
    }

    /// <summary>Reads both columns and compares them.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type, or the keys differ.</exception>
    /// <exception cref="InvalidDataException">No position has a label, or a row's lengths differ.</exception>
    public static SequenceLabelingMetrics Run(IDataView data, string labelName, string predictedName)
    {
        (DataViewSchema.Column label, KeyDescription keys) = Labels(data.Schema, labelName);
        (DataViewSchema.Column predicted, KeyDescription predictedKeys) = Labels(data.Schema, predictedName);
        if (!Match(keys, predictedKeys))
            throw new ArgumentException(
                $"The keys of column '{predictedName}' are not those of '{labelName}'. Let one fitted MapValueToKey "
                + "make the labels that are learnt from and those that are evaluated.", predictedName);
        var evaluator = new LabelingEvaluator(keys);
        using DataViewRowCursor cursor = data.GetRowCursor([label, predicted]);
        Func<int[]> labels = LabelKeys.Positions(cursor, label, keys);
        Func<int[]> predictions = LabelKeys.Positions(cursor, predicted, predictedKeys);
        while (cursor.MoveNext())
            evaluator.Add(labels(), predictions, predictedName, new RowPlace(labelName, cursor.Position));
        return evaluator.Metrics(labelName);
    }

    private static (DataViewSchema.Column Column, KeyDescription Keys) Labels(DataViewSchema schema, string name)
    {
        TargetTypes.Require(schema, name, weight: null, TargetKind.PositionClasses);
        DataViewSchema.Column column = schema[name];
        KeyDescription keys = KeyDescription.OfLabel(column);
        ColumnTypes.Require(
            column, keys.Count <= Blocks.LargestSize, $"a vector of keys of at most {Blocks.LargestSize} values");
        return (column, keys);
    }

    /// <summary>
    /// Whether keys stand for the same; where those of one stand for nothing, whether they are as many.
    /// </summary>
    private static bool Match(KeyDescription keys, KeyDescription predicted) => keys.Count == predicted.Count
        && (keys.Names is null || predicted.Names is null || keys.Names.Values.SequenceEqual(predicted.Names.Values));

    private void Add(int[] labels, Func<int[]> predictions, string predictedName, RowPlace place)
    {
        if (!labels.AsSpan().ContainsAnyExcept(-1))
            return;
        int[] given = predictions();
        if (given.Length != labels.Length)
            throw place.Bad(
                $"holds {labels.Length} labels, but column '{predictedName}' {given.Length}; both need one for each "
                + "position of the sequence.");
        bool exact = true;
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] >= 0)
                exact &= Add(labels[i], given[i]);
        _rows++;
        _exactRows += exact ? 1 : 0;
    }

    private bool Add(int label, int predicted)
    {
        _positions[label]++;
        if (predicted < 0)
        {
            _unpredicted++;
            return false;
        }

        _predicted[predicted]++;
        _right[label] += label == predicted ? 1 : 0;
        _confusion[(label, predicted)] = _confusion.GetValueOrDefault((label, predicted)) + 1;
        return label == predicted;
    }

    private SequenceLabelingMetrics Metrics(string labelName)
    {
        if (_rows == 0)
            throw new InvalidDataException(
                $"No position of column '{labelName}' has a label, so nothing can be evaluated. Check what was "
                + "loaded.");
        return new(
            _rows, _exactRows, _unpredicted,
            [.. _positions.Select((n, i) => new SequenceLabelMetrics(_keys.NameOf(i), n, _predicted[i], _right[i]))],
            _confusion.ToDictionary(c => (_keys.NameOf(c.Key.Label), _keys.NameOf(c.Key.Predicted)), c => c.Value));
    }
}

using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Reads labels and scores once and sums up.</summary>
internal static class MulticlassEvaluation
{
    private const double Smallest = 1e-15;

    public static MulticlassClassificationMetrics Run(
        IDataView data, string labelName, string scoreName, string predictedName, int topK)
    {
        var label = Require(data.Schema, labelName, "Label");
        var score = Require(data.Schema, scoreName, "Score");
        Require(data.Schema, predictedName, "PredictedLabel");
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
            throw SchemaMismatch.Wrong(
                scoreName, "vector of two or more items of type Single", score.Type.ToString()!, "score", "schema");
        if (label.Type is not KeyDataViewType && label.Type.RawType != typeof(float))
            throw SchemaMismatch.Wrong(labelName, "Single or Key", label.Type.ToString()!, "label", "schema");

        var classes = vector.Size;
        var confusion = Enumerable.Range(0, classes).Select(_ => new double[classes]).ToArray();
        var losses = new double[classes];
        var ranks = new double[classes];
        using var cursor = data.GetRowCursor([label, score]);
        var getLabel = TrainingData.LabelReader(cursor, label);
        var getScore = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> buffer = default;
        var scores = new float[classes];
        while (cursor.MoveNext())
        {
            var truth = getLabel();
            getScore(ref buffer);
            buffer.CopyTo(scores);
            if (float.IsNaN(truth) || truth < 0 || truth >= classes)
                continue;
            var actual = (int)truth;
            confusion[actual][IndexOfMax(scores)]++;
            losses[actual] -= Math.Log(Math.Clamp(scores[actual], Smallest, 1));
            ranks[RankOf(scores, actual)]++;
        }
        return Summarise(confusion, losses, ranks, topK, NamesOf(score, classes));
    }

    private static MulticlassClassificationMetrics Summarise(
        double[][] confusion, double[] losses, double[] ranks, int topK, string[] names)
    {
        var perClass = confusion.Select(row => row.Sum()).ToArray();
        var total = Math.Max(1, perClass.Sum());
        var prior = perClass.Where(n => n > 0).Sum(n => -n / total * Math.Log(n / total));
        double running = 0;
        return new(
            losses.Sum() / total,
            prior,
            losses.Select((loss, c) => perClass[c] > 0 ? loss / perClass[c] : 0).ToArray(),
            ranks.Select(count => (running += count) / total).ToArray(),
            topK,
            new(confusion, names));
    }

    private static DataViewSchema.Column Require(DataViewSchema schema, string name, string role)
        => schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(schema), $"{role} column '{name}' not found");

    private static int IndexOfMax(float[] scores) => Array.IndexOf(scores, scores.Max());

    // How many classes stand before this one; of equal scores the earlier class comes first.
    private static int RankOf(float[] scores, int index)
        => scores.Where((s, i) => s > scores[index] || (s == scores[index] && i < index)).Count();

    private static string[] NamesOf(DataViewSchema.Column score, int classes)
    {
        if (!score.HasSlotNames())
            return Enumerable.Range(0, classes).Select(c => c.ToString()).ToArray();
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.ToString()).ToArray();
    }
}

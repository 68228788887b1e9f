using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Display;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SequenceReduction.Tool.Models;

/// <summary>How well a model did on rows whose truth is known.</summary>
/// <param name="Numbers">The measures of all rows.</param>
/// <param name="Parts">Tables to print: the measures, and for classes one with a row each.</param>
internal sealed record Measures(Facts Numbers, IReadOnlyList<IRenderable> Parts)
{
    private const string Title = "Compared with the truth";

    /// <summary>Compares predicted classes with true ones.</summary>
    public static Measures OfClasses(MLContext ml, IDataView scored, SequencePredictingTransformer model)
    {
        MulticlassClassificationMetrics found = ml.MulticlassClassification.Evaluate(
            scored, model.LabelColumnName, model.ScoreColumnName, model.PredictedLabelColumnName!);
        Facts numbers = new Facts()
            .Add("accuracy", found.MicroAccuracy)
            .Add("mean accuracy of classes", found.MacroAccuracy)
            .Add("log loss", found.LogLoss)
            .Add("log loss reduction", found.LogLossReduction);
        ConfusionMatrix confusion = found.ConfusionMatrix;
        string[] names = ColumnTexts.KeyValues(scored.Schema[model.PredictedLabelColumnName!])
            ?? [.. Enumerable.Range(1, confusion.NumberOfClasses).Select(k => $"{k}")];
        Table classes = Tables.Make("Classes", "class", "rows", "precision", "recall");
        for (int c = 0; c < confusion.NumberOfClasses; c++)
            AddClass(
                classes, names[c], (long)confusion.Counts[c].Sum(),
                confusion.PerClassPrecision[c], confusion.PerClassRecall[c]);
        return new Measures(numbers, [numbers.ToTable(Title), classes]);
    }

    /// <summary>Compares predicted numbers with true ones.</summary>
    public static Measures OfNumbers(MLContext ml, IDataView scored, SequencePredictingTransformer model)
    {
        RegressionMetrics found = ml.Regression.Evaluate(scored, model.LabelColumnName, model.ScoreColumnName);
        return Of(new Facts()
            .Add("mean absolute error", found.MeanAbsoluteError, "G5")
            .Add("root mean squared error", found.RootMeanSquaredError, "G5")
            .Add("R squared", found.RSquared));
    }

    /// <summary>Compares predicted labels of positions with true ones.</summary>
    public static Measures OfLabels(MLContext ml, IDataView scored, SequenceLabelingTransformer model)
    {
        SequenceLabelingMetrics found = ml.MulticlassClassification.EvaluateSequenceLabeling(
            scored, model.LabelColumnName, model.PredictedLabelColumnName);
        Facts numbers = new Facts()
            .Add("position accuracy", found.PositionAccuracy)
            .Add("exact sequences", found.ExactSequenceAccuracy)
            .Add("mean precision of classes", found.MacroPrecision)
            .Add("mean recall of classes", found.MacroRecall)
            .Add("positions", found.Positions)
            .Add("positions not read", found.UnpredictedPositions);
        Table classes = Tables.Make("Classes", "class", "positions", "precision", "recall");
        foreach (SequenceLabelMetrics one in found.Classes)
            AddClass(classes, one.Name, one.Positions, one.Precision, one.Recall);
        return new Measures(numbers, [numbers.ToTable(Title), classes]);
    }

    /// <summary>Compares restored sequences with their originals.</summary>
    public static Measures OfRestoring(MLContext ml, IDataView scored, SequenceReducingTransformer model)
    {
        SequenceRestorationMetrics found = ml.EvaluateRestoration(
            scored, model.InputColumnName, model.RestoredColumnName!, model.MaxLength);
        Facts numbers = double.IsNaN(found.TokenAccuracy)
            ? new Facts().Add("mean squared error", found.MeanSquaredError, "G5")
            : new Facts().Add("token accuracy", found.TokenAccuracy)
                .Add("exact sequences", found.ExactSequenceAccuracy);
        return Of(numbers.Add("length accuracy", found.LengthAccuracy));
    }

    private static Measures Of(Facts numbers) => new(numbers, [numbers.ToTable(Title)]);

    private static void AddClass(Table table, string name, long rows, double precision, double recall) => table.AddRow(
        Markup.Escape(name), rows.ToString("N0"), double.IsNaN(precision) ? "none" : precision.ToString("0.####"),
        double.IsNaN(recall) ? "none" : recall.ToString("0.####"));
}

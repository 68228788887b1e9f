using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>What scoring by a model writes and measures.</summary>
/// <param name="Transformer">The transformer that scores.</param>
/// <param name="Columns">What it writes.</param>
/// <param name="LabelKind">How true labels are read from text files.</param>
internal sealed record Scoring(SequenceTransformer Transformer, IReadOnlyList<string> Columns, ColumnKind LabelKind)
{
    /// <summary>The scoring of a model.</summary>
    /// <exception cref="UsageException">It predicts nothing.</exception>
    public static Scoring Of(ModelFile model)
    {
        if (model.Find<SequencePredictingTransformer>() is { } predictor)
            return predictor.PredictedLabelColumnName is { } predicted
                ? new Scoring(predictor, [predicted, predictor.ScoreColumnName], ColumnKind.Text)
                : new Scoring(predictor, [predictor.ScoreColumnName], ColumnKind.Number);
        if (model.Find<SequenceLabelingTransformer>() is { } labeler)
            return new Scoring(labeler, [labeler.PredictedLabelColumnName, labeler.ScoreColumnName], ColumnKind.Text);
        if (model.Find<SequenceReducingTransformer>() is { RestoredColumnName: { } restored } reducer)
            return new Scoring(
                reducer, reducer.ErrorColumnName is { } error ? [restored, error] : [restored], ColumnKind.Text);
        throw new UsageException(
            $"The model '{model.Path}' is a {ModelDescription.KindOf(model.Sequences[0])} that predicts nothing to "
            + "score; apply it by seqred reduce.");
    }

    /// <summary>Compares what was scored with the truth in its rows.</summary>
    public Measures Measure(MLContext ml, IDataView scored) => Transformer switch
    {
        SequencePredictingTransformer { PredictedLabelColumnName: { } predicted } model =>
            Measures.OfClasses(ml, WithKeys(ml, scored, model.LabelColumnName, predicted, positions: false), model),
        SequencePredictingTransformer model => Measures.OfNumbers(ml, scored, model),
        SequenceLabelingTransformer model => Measures.OfLabels(
            ml, WithKeys(ml, scored, model.LabelColumnName, model.PredictedLabelColumnName, positions: true), model),
        _ => Measures.OfRestoring(ml, scored, (SequenceReducingTransformer)Transformer),
    };

    /// <summary>The labels as the keys of the predicted ones.</summary>
    private static IDataView WithKeys(MLContext ml, IDataView scored, string label, string predicted, bool positions) =>
        ColumnTexts.KeyValues(scored.Schema[predicted]) is { } classes
            ? LabelKeys.Fit(ml, scored, label, positions, classes).Transform(scored)
            : scored;
}

using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;

namespace SequenceReduction.Tool.Commands;

/// <summary>The estimators of the tasks.</summary>
internal static class Learner
{
    /// <summary>The column that a model's latents or encodings are written to.</summary>
    public const string Reduced = "Reduced", Encoded = "Encoded", Restored = "Restored", Error = "Error";

    /// <summary>The estimator that learns what its options say.</summary>
    public static IEstimator<SequenceTransformer> Of(MLContext ml, SequenceLearningOptions options) => options switch
    {
        SequenceReducingOptions reducing => ml.Transforms.ReduceSequence(reducing),
        SequenceEncodingOptions encoding => ml.Transforms.EncodeSequence(encoding),
        SequenceClassificationOptions classes => ml.MulticlassClassification.Trainers.SequenceClassification(classes),
        SequenceRegressionOptions numbers => ml.Regression.Trainers.SequenceRegression(numbers),
        SequenceLabelingOptions labels => ml.MulticlassClassification.Trainers.SequenceLabeling(labels),
        _ => throw new ArgumentException($"There is no learner of {options.GetType().Name}.", nameof(options)),
    };
}

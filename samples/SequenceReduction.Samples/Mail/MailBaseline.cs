using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceReduction.Samples.Experiments;

namespace SequenceReduction.Samples.Mail;

/// <summary>What ML.NET's own text features and linear classifier reach on the same mail.</summary>
internal static class MailBaseline
{
    /// <summary>Fits FeaturizeText and SdcaMaximumEntropy, both with their defaults, and notes their figures.</summary>
    public static void Note(ExperimentResult result, MLContext ml, MailData mail)
    {
        string package = typeof(MLContext).Assembly.GetName().Name!;
        if (package != "Microsoft.ML.Data")
        {
            result["baseline"] = $"not run: {package} is not the real Microsoft.ML, whose figure is wanted";
            return;
        }

        const string features = "Features";
        var clock = Stopwatch.StartNew();
        ITransformer model = ml.Transforms.Text.FeaturizeText(features, nameof(MailRow.Text))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(MailData.Label, features))
            .Fit(mail.Training);
        MulticlassClassificationMetrics metrics =
            ml.MulticlassClassification.Evaluate(model.Transform(mail.HeldOut), MailData.Label);
        result["baseline"] = "FeaturizeText and SdcaMaximumEntropy";
        result["baseline_accuracy"] = metrics.MicroAccuracy;
        result["baseline_seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 1);
    }
}

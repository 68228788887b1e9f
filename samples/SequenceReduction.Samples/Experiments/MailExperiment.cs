using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Samples.Mail;

namespace SequenceReduction.Samples.Experiments;

/// <summary>Whether real mail is spam, read from its raw bytes; beside it, ML.NET's own text features.</summary>
internal static class MailExperiment
{
    private static readonly Option<int> _maxLength =
        ExperimentOptions.Number("--max-length", "Bytes of a mail that are read; the tables have up to 2000.", 2000);

    private static readonly Option<double> _validation =
        ExperimentOptions.Real("--validation", "Share of the training mail held out to choose the weights by.", 0);

    private static readonly Option<int> _pretraining = ExperimentOptions.Number(
        "--pretraining-steps", "Steps in which the encoder first learns to guess hidden bytes of mail.", 0);

    private static readonly Option<bool> _baseline = new("--baseline")
    {
        Description = "Also fits FeaturizeText and SdcaMaximumEntropy (real Microsoft.ML only).",
    };

    private static readonly Option<float> _smoothing = new("--label-smoothing")
    {
        Description = "Share of a label's weight that is spread over both classes.",
    };

    private static readonly EncoderArguments _encoder = new(new SequenceEncoderOptions { Width = 64, Heads = 2 });
    private static readonly TrainingArguments _training = new(steps: 1000, batch: 16, learningRate: 1e-3);
    private static readonly Option<bool> _json = ExperimentOptions.Json();

    public static Command Create()
    {
        var command = new Command("mail", "Spam or ham from raw bytes: held-out accuracy on real mail.")
        {
            _maxLength, _validation, _pretraining, _smoothing, _baseline, _json,
        };
        _encoder.AddTo(command);
        _training.AddTo(command);
        command.SetWork(Run);
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        TrainingOptions training = _training.Read(arguments) with
        {
            ValidationFraction = arguments.GetValue(_validation),
        };
        var options = new SequenceClassificationOptions
        {
            LabelColumnName = MailData.Label,
            SequenceColumnName = nameof(MailRow.Text),
            MaxLength = arguments.GetValue(_maxLength),
            Network = _encoder.Read(arguments),
            LabelSmoothing = arguments.GetValue(_smoothing),
            Training = training,
            CancellationToken = cancellation,
        };
        options.Validate();

        var result = new ExperimentResult();
        var ml = new MLContext(training.Seed);
        MailData mail = MailData.Open(ml);
        if (arguments.GetValue(_baseline))
            MailBaseline.Note(result, ml, mail);
        if (arguments.GetValue(_pretraining) is > 0 and var steps)
            options = options with { Encoder = Pretrained(ml, mail, options, steps) };
        TrainingRecord record = null!;
        SequencePredictingTransformer classifier = TrainingBar.Show(bar =>
        {
            record = new TrainingRecord(bar);
            return ml.MulticlassClassification.Trainers.SequenceClassification(options with { Progress = record })
                .Fit(mail.Training);
        });
        MulticlassClassificationMetrics heldOut =
            ml.MulticlassClassification.Evaluate(classifier.Transform(mail.HeldOut), MailData.Label);

        result["max_length"] = options.MaxLength;
        EncoderArguments.Note(result, options.Network, options.MaxLength);
        TrainingArguments.Note(result, training, classifier.Training!);
        result["tokens_per_second"] = Math.Round(record.TokensPerSecond);
        result["label_smoothing"] = (double)options.LabelSmoothing;
        result["pretraining_steps"] = arguments.GetValue(_pretraining);
        result["validation_curve"] = record.ValidationCurve;
        result["heldout_log_loss"] = heldOut.LogLoss;
        result["heldout_accuracy"] = heldOut.MicroAccuracy;
        result.Print(arguments.GetValue(_json));
        return 0;
    }

    private static SequenceEncodingTransformer Pretrained(
        MLContext ml, MailData mail, SequenceClassificationOptions options, int steps) =>
        TrainingBar.Show(bar => ml.Transforms.EncodeSequence(new SequenceEncodingOptions
        {
            OutputColumnName = "Encoded",
            InputColumnName = options.SequenceColumnName,
            MaxLength = options.MaxLength,
            Network = options.Network!,
            Training = options.Training with { Steps = steps },
            CancellationToken = options.CancellationToken,
            Progress = bar,
        }).Fit(mail.Training));
}

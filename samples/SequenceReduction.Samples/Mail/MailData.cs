using Microsoft.ML;

namespace SequenceReduction.Samples.Mail;

/// <summary>Real mail, spam or not: two tables of the folder in SEQRED_DATA, one to learn from, one held out.</summary>
/// <param name="Training">Columns of <see cref="MailRow"/>, and the label as a key.</param>
/// <param name="HeldOut">The same columns, with the same keys.</param>
internal sealed record MailData(IDataView Training, IDataView HeldOut)
{
    /// <summary>The column of labels: keys of <c>ham</c> and <c>spam</c>.</summary>
    public const string Label = "Label";

    private const string TrainingFile = "mail-train.tsv";
    private const string HeldOutFile = "mail-test.tsv";

    /// <summary>Finds the tables; rows are read when they are needed.</summary>
    /// <exception cref="FileNotFoundException">A table is not there; the message says what is expected.</exception>
    public static MailData Open(MLContext ml)
    {
        string? folder = Environment.GetEnvironmentVariable("SEQRED_DATA");
        if (string.IsNullOrEmpty(folder))
            throw new FileNotFoundException(
                $"This experiment reads {TrainingFile} and {HeldOutFile} from the folder in the environment variable "
                + "SEQRED_DATA, which is not set. Each is a table of two columns, Label (ham or spam) and Text, with a "
                + "header line.");
        IDataView Load(string name)
        {
            string path = Path.Combine(folder, name);
            return File.Exists(path)
                ? ml.Data.LoadFromTextFile<MailRow>(path, hasHeader: true)
                : throw new FileNotFoundException(
                    $"There is no file '{path}'. Set SEQRED_DATA to the folder that holds {TrainingFile} and "
                    + $"{HeldOutFile}.");
        }

        (IDataView training, IDataView heldOut) = (Load(TrainingFile), Load(HeldOutFile));
        ITransformer keys = ml.Transforms.Conversion.MapValueToKey(Label, nameof(MailRow.Kind)).Fit(training);
        return new MailData(keys.Transform(training), keys.Transform(heldOut));
    }
}

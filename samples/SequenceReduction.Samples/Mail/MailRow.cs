using Microsoft.ML.Data;

namespace SequenceReduction.Samples.Mail;

/// <summary>A line of a mail table.</summary>
internal sealed class MailRow
{
    /// <summary><c>ham</c> or <c>spam</c>.</summary>
    [LoadColumn(0)]
    public string Kind { get; set; } = "";

    /// <summary>Subject and body.</summary>
    [LoadColumn(1)]
    public string Text { get; set; } = "";
}

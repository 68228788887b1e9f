using System.Text.Json.Nodes;
using Tool.Tests.Support;

namespace Tool.Tests;

public sealed class MailTests : Workplace
{
    [MailFact]
    public void Real_mail_is_read_classified_and_scored_row_by_row()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(MailFactAttribute.Folder!, "mail-test.tsv")).Take(61)];
        string mail = Write("mail.tsv", rows);
        JsonObject training = Run.Well(
            ["train", "--task", "classify", "--input", mail, "--output", this["mail.zip"], .. Trained.Small]).Json;
        Assert.Equal(60, (int)training["rows_read"]!);
        Run scored = Run.Well(
            "score", "--model", this["mail.zip"], "--input", mail, "--keep", "Label", "--keep", "Text", "--output",
            this["scored.tsv"], "--json");
        Assert.Equal(60, (int)scored.Json["rows"]!);
        Assert.Contains("longer than the model reads", scored.Error, StringComparison.Ordinal);
        Assert.Equal(
            rows.Skip(1),
                File.ReadLines(this["scored.tsv"]).Skip(1).Select(l => string.Join('\t', l.Split('\t')[^2..])));
    }
}

/// <summary>A test on real mail, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MailFactAttribute : FactAttribute
{
    public MailFactAttribute() => Skip = Folder is null ? "The mail is not here: set SEQRED_DATA to its folder." : null;

    public static string? Folder { get; } =
        Environment.GetEnvironmentVariable("SEQRED_DATA") is { Length: > 0 } folder ? folder : null;
}

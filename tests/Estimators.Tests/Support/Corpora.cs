using Microsoft.ML;
using Microsoft.ML.Data;

namespace Estimators.Tests.Support;

/// <summary>Real text in the folder that the environment variable SEQRED_DATA names.</summary>
internal static class Corpora
{
    private static readonly string? _folder =
        Environment.GetEnvironmentVariable("SEQRED_DATA") is { Length: > 0 } folder ? folder : null;

    /// <summary>Why tests on real text are skipped; none where they run.</summary>
    public static string? Missing =>
        _folder is null ? "The corpora are not here: set SEQRED_DATA to their folder." : null;

    /// <summary>Mail, spam or not, read from its file row by row.</summary>
    public static IDataView Mail(MLContext ml) =>
        ml.Data.LoadFromTextFile<Letter>(Path.Combine(_folder!, "mail-train.tsv"), hasHeader: true);

    /// <summary>A novel, line by line.</summary>
    public static IDataView Book(MLContext ml) =>
        ml.Data.LoadFromTextFile<Line>(Path.Combine(_folder!, "moby-dick.txt"));

    public sealed class Letter
    {
        /// <summary><c>ham</c> or <c>spam</c>.</summary>
        [LoadColumn(0)]
        public string Kind { get; set; } = "";

        [LoadColumn(1)]
        public string Text { get; set; } = "";
    }

    public sealed class Line
    {
        [LoadColumn(0)]
        public string Text { get; set; } = "";
    }
}

/// <summary>A test on real text, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute() => Skip = Corpora.Missing!;
}

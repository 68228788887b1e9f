using Microsoft.ML.Transforms.Text;
using CaseMode = Microsoft.ML.Transforms.Text.TextNormalizingEstimator.CaseMode;

namespace Microsoft.ML;

/// <summary>Transforms of text.</summary>
public static class TextCatalog
{
    /// <summary>Turns text into a vector.</summary>
    public static TextFeaturizingEstimator FeaturizeText(
        this TransformsCatalog.TextTransforms catalog, string outputColumnName, string? inputColumnName = null)
        => new(outputColumnName, [inputColumnName ?? outputColumnName], new());

    /// <summary>Turns texts into a vector.</summary>
    public static TextFeaturizingEstimator FeaturizeText(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        TextFeaturizingEstimator.Options options,
        params string[] inputColumnNames)
        => new(outputColumnName, inputColumnNames is { Length: > 0 } ? inputColumnNames : [outputColumnName], options);

    /// <summary>Splits text into characters, each a key.</summary>
    public static TokenizingByCharactersEstimator TokenizeIntoCharactersAsKeys(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        bool useMarkerCharacters = true)
        => new(InputOutputColumnPair.One(outputColumnName, inputColumnName), useMarkerCharacters);

    /// <summary>Splits text into words.</summary>
    public static WordTokenizingEstimator TokenizeIntoWords(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        char[]? separators = null)
        => new(InputOutputColumnPair.One(outputColumnName, inputColumnName), separators);

    /// <summary>Changes case and drops diacritics, punctuation and digits.</summary>
    public static TextNormalizingEstimator NormalizeText(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        CaseMode caseMode = CaseMode.Lower,
        bool keepDiacritics = false,
        bool keepPunctuations = true,
        bool keepNumbers = true)
        => new(
            InputOutputColumnPair.One(outputColumnName, inputColumnName),
            new(caseMode, keepDiacritics, keepPunctuations, keepNumbers));
}

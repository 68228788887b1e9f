using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Changes case and drops diacritics, punctuation and digits.</summary>
public sealed class TextNormalizingEstimator : TrivialEstimator<TextNormalizingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal TextNormalizingEstimator(InputOutputColumnPair[] pairs, TextNormalizer normalizer)
        : base(new(pairs, normalizer))
        => _pairs = pairs;

    /// <summary>What happens to case.</summary>
    public enum CaseMode
    {
        /// <summary>All lower case.</summary>
        Lower = 0,

        /// <summary>All upper case.</summary>
        Upper = 1,

        /// <summary>As it stands.</summary>
        None = 2,
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column => TextShapes.RequireText(column));
}

/// <summary>Changes case and drops diacritics, punctuation and digits.</summary>
public sealed class TextNormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "TextNormalize";

    private readonly TextNormalizer _normalizer;

    internal TextNormalizingTransformer(InputOutputColumnPair[] pairs, TextNormalizer normalizer) : base(pairs)
        => _normalizer = normalizer;

    internal TextNormalizingTransformer(ModelLoadContext ctx)
        : this(ctx.Reader.ReadPairs(), TextNormalizer.Read(ctx.Reader))
    {
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
        => new(
            TextShapes.RequireText(input).Type,
            null,
            row => Elementwise.Getter<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(row, input, _normalizer.Normalize));

    private protected override void SaveBody(BinaryWriter writer) => _normalizer.Write(writer);
}

/// <summary>The rules of normalization.</summary>
internal sealed record TextNormalizer(
    TextNormalizingEstimator.CaseMode CaseMode, bool KeepDiacritics, bool KeepPunctuations, bool KeepNumbers)
{
    public ReadOnlyMemory<char> Normalize(ReadOnlyMemory<char> text)
    {
        var result = new StringBuilder(text.Length);
        var source = KeepDiacritics || Ascii.IsValid(text.Span) ? text.Span : Decompose(text);
        foreach (var c in source)
        {
            var drop = (!KeepDiacritics && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                || (!KeepPunctuations && char.IsPunctuation(c))
                || (!KeepNumbers && char.IsNumber(c));
            if (!drop)
                result.Append(ChangeCase(c));
        }
        return result.ToString().AsMemory();
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write((byte)CaseMode);
        writer.Write(KeepDiacritics);
        writer.Write(KeepPunctuations);
        writer.Write(KeepNumbers);
    }

    public static TextNormalizer Read(BinaryReader reader)
        => new(
            (TextNormalizingEstimator.CaseMode)reader.ReadByte(),
            reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());

    // Lone surrogates have no normal form: such text keeps its diacritics.
    private static ReadOnlySpan<char> Decompose(ReadOnlyMemory<char> text)
    {
        try
        {
            return text.ToString().Normalize(NormalizationForm.FormD);
        }
        catch (ArgumentException)
        {
            return text.Span;
        }
    }

    private char ChangeCase(char c) => CaseMode switch
    {
        TextNormalizingEstimator.CaseMode.Lower => char.ToLowerInvariant(c),
        TextNormalizingEstimator.CaseMode.Upper => char.ToUpperInvariant(c),
        _ => c,
    };
}

using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Reads a primitive value from text; false where it cannot be read.</summary>
internal delegate bool TextParser<T>(ReadOnlySpan<char> text, out T value);

/// <summary>The parsers of all kinds. Empty text is the default value; an unreadable real number is NaN.</summary>
internal static class TextParsing
{
    private static readonly string[] _true = ["true", "t", "yes", "y", "1", "+1", "+"];
    private static readonly string[] _false = ["false", "f", "no", "n", "0", "-1", "-"];

    /// <summary>The parser of a type, or null where there is none.</summary>
    public static TextParser<T>? Find<T>(bool emptyIsMissing, char decimalMarker = '.')
    {
        if (typeof(T) == typeof(float))
        {
            return As<float, T>((ReadOnlySpan<char> text, out float value) =>
            {
                value = (float)Real(text, emptyIsMissing, decimalMarker);
                return true;
            });
        }
        if (typeof(T) == typeof(double))
        {
            return As<double, T>((ReadOnlySpan<char> text, out double value) =>
            {
                value = Real(text, emptyIsMissing, decimalMarker);
                return true;
            });
        }
        if (typeof(T) == typeof(bool))
            return As<bool, T>(Boolean);
        if (PrimitiveTypes.FromRawType(typeof(T)) is NumberDataViewType)
            return Generic.Call<TextParser<T>>(typeof(TextParsing), nameof(Integer), typeof(T));
        return typeof(T) == typeof(TimeSpan) || typeof(T) == typeof(DateTime) || typeof(T) == typeof(DateTimeOffset)
            ? Generic.Call<TextParser<T>>(typeof(TextParsing), nameof(Time), typeof(T))
            : null;
    }

    private static bool Boolean(ReadOnlySpan<char> text, out bool value)
    {
        text = text.Trim();
        value = IsAny(text, _true);
        return value || text.IsEmpty || IsAny(text, _false);
    }

    private static bool IsAny(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static double Real(ReadOnlySpan<char> text, bool emptyIsMissing, char decimalMarker)
    {
        text = text.Trim();
        if (text.IsEmpty)
            return emptyIsMissing ? double.NaN : 0;
        if (decimalMarker != '.')
            text = text.ToString().Replace(decimalMarker, '.');
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return value;
        return text is "\u221E" ? double.PositiveInfinity : double.NaN;
    }

    private static TextParser<T> Integer<T>()
        where T : System.Numerics.INumberBase<T>
        => (ReadOnlySpan<char> text, out T value) =>
        {
            text = text.Trim();
            value = T.Zero;
            return text.IsEmpty
                || (text[0] != '+'
                    && T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value!));
        };

    private static TextParser<T> Time<T>()
        where T : struct, ISpanParsable<T>
        => (ReadOnlySpan<char> text, out T value) =>
        {
            value = default;
            return text.IsWhiteSpace() || T.TryParse(text, CultureInfo.InvariantCulture, out value);
        };

    private static TextParser<TResult> As<T, TResult>(TextParser<T> parser) => (TextParser<TResult>)(object)parser;
}

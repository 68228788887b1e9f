using System.Globalization;
using System.Linq.Expressions;
using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>The conversions between primitive values: widening numbers, numbers and text, booleans.</summary>
internal static class Conversions
{
    private static readonly Type[] _signed = [typeof(sbyte), typeof(short), typeof(int), typeof(long)];
    private static readonly Type[] _unsigned = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];
    private static readonly Type[] _real = [typeof(float), typeof(double)];

    /// <summary>The conversion, or null where there is none.</summary>
    public static Func<TIn, TOut>? Find<TIn, TOut>()
    {
        if (typeof(TIn) == typeof(TOut))
            return (Func<TIn, TOut>)(object)new Func<TIn, TIn>(value => value);
        if (typeof(TOut) == typeof(ReadOnlyMemory<char>))
            return (Func<TIn, TOut>)(object)ToText<TIn>();
        if (typeof(TIn) == typeof(ReadOnlyMemory<char>))
            return FromText<TOut>() is { } parse ? (Func<TIn, TOut>)(object)parse : null;
        if (typeof(TIn) == typeof(bool) && IsNumber(typeof(TOut)))
            return (Func<TIn, TOut>)(object)FromBoolean<TOut>();
        if (typeof(TOut) == typeof(bool) && IsNumber(typeof(TIn)))
            return (Func<TIn, TOut>)(object)new Func<TIn, bool>(
                value => !EqualityComparer<TIn>.Default.Equals(value, default));
        return IsAllowed(typeof(TIn), typeof(TOut)) ? Cast<TIn, TOut>() : null;
    }

    /// <summary>A key of any raw type as a number.</summary>
    public static Func<TKey, ulong> ToUInt64<TKey>() => Cast<TKey, ulong>();

    /// <summary>A key as a key of another raw type; what does not fit is missing.</summary>
    public static Func<TIn, TOut> FindKey<TIn, TOut>()
        where TOut : IBinaryInteger<TOut>, IMinMaxValue<TOut>
    {
        var toNumber = ToUInt64<TIn>();
        var maximum = ulong.CreateTruncating(TOut.MaxValue);
        return key => toNumber(key) is var number && number <= maximum ? TOut.CreateTruncating(number) : TOut.Zero;
    }

    private static bool IsNumber(Type type)
        => _signed.Contains(type) || _unsigned.Contains(type) || _real.Contains(type);

    // Numbers may grow within their family; integers may become real; real numbers only real.
    private static bool IsAllowed(Type from, Type to)
    {
        if (_real.Contains(to))
            return IsNumber(from);
        return Grows(_signed) || Grows(_unsigned);

        bool Grows(Type[] family) => Array.IndexOf(family, from) is >= 0 and var i && Array.IndexOf(family, to) > i;
    }

    private static Func<TIn, TOut> Cast<TIn, TOut>()
    {
        var value = Expression.Parameter(typeof(TIn));
        return Expression.Lambda<Func<TIn, TOut>>(Expression.Convert(value, typeof(TOut)), value).Compile();
    }

    private static Func<bool, TOut> FromBoolean<TOut>()
    {
        var one = (TOut)Convert.ChangeType(1, typeof(TOut), CultureInfo.InvariantCulture);
        return value => value ? one : default!;
    }

    private static Func<TIn, ReadOnlyMemory<char>> ToText<TIn>()
    {
        if (typeof(TIn) == typeof(bool))
            return value => (value is true ? "1" : "0").AsMemory();
        return value => Convert.ToString(value, CultureInfo.InvariantCulture).AsMemory();
    }

    // Text that is not a number becomes NaN, or 0 in a type without NaN.
    private static Func<ReadOnlyMemory<char>, TOut>? FromText<TOut>()
    {
        return TextParsing.Find<TOut>(emptyIsMissing: true) is { } parse
            ? text => parse(text.Span, out var value) ? value : default!
            : null;
    }
}

namespace Microsoft.ML.Transforms;

/// <summary>How values of a raw type compare, and which of them count as missing.</summary>
internal static class RawValues
{
    public static IEqualityComparer<T> Equality<T>()
        => typeof(T) == typeof(ReadOnlyMemory<char>)
            ? (IEqualityComparer<T>)(object)TextEquality.Instance
            : EqualityComparer<T>.Default;

    public static IComparer<T> Order<T>()
        => typeof(T) == typeof(ReadOnlyMemory<char>)
            ? (IComparer<T>)(object)Comparer<ReadOnlyMemory<char>>.Create((a, b) => a.Span.SequenceCompareTo(b.Span))
            : Comparer<T>.Default;

    /// <summary>NaN, empty text, and key 0 are missing; other types have no missing value.</summary>
    public static Func<T, bool> Missing<T>(bool isKey = false)
    {
        if (isKey)
            return value => EqualityComparer<T>.Default.Equals(value, default);
        if (typeof(T) == typeof(float))
            return (Func<T, bool>)(object)new Func<float, bool>(float.IsNaN);
        if (typeof(T) == typeof(double))
            return (Func<T, bool>)(object)new Func<double, bool>(double.IsNaN);
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return (Func<T, bool>)(object)new Func<ReadOnlyMemory<char>, bool>(text => text.IsEmpty);
        return _ => false;
    }

    private sealed class TextEquality : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public static readonly TextEquality Instance = new();

        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    }
}

namespace Microsoft.ML.Transforms;

/// <summary>A hash of text that is the same in every process (FNV-1a, 64 bits).</summary>
internal static class StableHash
{
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 14695981039346656037)
    {
        var hash = seed;
        foreach (var c in text)
        {
            hash = (hash ^ (byte)c) * 1099511628211;
            hash = (hash ^ (byte)(c >> 8)) * 1099511628211;
        }
        return hash;
    }
}

using System.Buffers;
using System.Text;

namespace SequenceReduction.Tool.Data;

/// <summary>UTF-8 text as bytes.</summary>
internal static class Utf8Text
{
    /// <summary>Checks that bytes are UTF-8.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="name">What to call them in messages.</param>
    /// <exception cref="InvalidDataException">They are not; the message names the first byte that is wrong.</exception>
    public static void Check(ReadOnlySpan<byte> text, string name)
    {
        int at = FirstFault(text);
        if (at >= 0)
            throw new InvalidDataException(
                $"{name} is not UTF-8 text: byte {at:N0} is 0x{text[at]:X2}. Convert the file to UTF-8, for "
                + "instance by iconv.");
    }

    /// <summary>The consecutive pieces of a text that are at most so many bytes long and split no character.</summary>
    public static IEnumerable<string> Windows(ReadOnlyMemory<byte> text, int maxLength)
    {
        int start = 0;
        while (start < text.Length && IsInside(text.Span[start]))
            start++;
        while (start < text.Length)
        {
            int end = Math.Min(start + maxLength, text.Length);
            while (end < text.Length && end > start && IsInside(text.Span[end]))
                end--;
            if (end == start)
                throw new InvalidDataException(
                    $"A window of {maxLength} bytes is too short for one character; use 4 or more.");
            yield return Encoding.UTF8.GetString(text.Span[start..end]);
            start = end;
        }
    }

    private static bool IsInside(byte value) => (value & 0xC0) == 0x80;

    /// <summary>Index of the first byte that is not UTF-8, or −1.</summary>
    private static int FirstFault(ReadOnlySpan<byte> text)
    {
        for (int seen = 0; seen < text.Length;)
        {
            if (Rune.DecodeFromUtf8(text[seen..], out _, out int used) != OperationStatus.Done)
                return seen;
            seen += used;
        }

        return -1;
    }
}

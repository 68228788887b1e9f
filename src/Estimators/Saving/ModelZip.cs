using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// Looks into a model file before ML.NET loads it: is it whole, is it a model, is it one of ours, can we read it.
/// </summary>
internal static partial class ModelZip
{
    private static readonly uint[] _crcTable = [.. Enumerable.Range(0, 256).Select(b => CrcOf((uint)b))];

    /// <summary>Checks a model file; the stream must seek and stands at its start again afterwards.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The number of the format that it was saved in.</returns>
    /// <exception cref="InvalidDataException">It is truncated, damaged, foreign, or of a newer version.</exception>
    public static int Inspect(Stream stream, string name)
    {
        int[] versions;
        stream.Position = 0;
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            versions = [.. archive.Entries.SelectMany(e => VersionsIn(e, name)).Distinct()];
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException(
                $"{name} is no whole zip file: it is truncated, damaged, or no saved model at all. Save the model "
                + $"again. {e.Message}", e);
        }

        stream.Position = 0;
        if (versions.Length == 0)
            throw new InvalidDataException(
                $"{name} holds no sequence transformer of this package; load it by mlContext.Model.Load if it is "
                + "another ML.NET model.");
        int format = versions.Max();
        return format <= Contract.Version ? format : throw new InvalidDataException(
            $"{name} was saved by a newer version of Microsoft.ML.SequenceReduction (format {format}); this one reads "
            + $"up to {Contract.Version}. Update the package.");
    }

    private static IEnumerable<int> VersionsIn(ZipArchiveEntry entry, string name)
    {
        using Stream stream = entry.Open();
        var content = new MemoryStream();
        stream.CopyTo(content);
        byte[] bytes = content.ToArray();
        if (bytes.Length != entry.Length || Crc32(bytes) != entry.Crc32)
            throw new InvalidDataException($"The entry '{entry.FullName}' is damaged.");

        // The contracts of custom mappings stand in small entries, as UTF-8 or UTF-16: without the zeros, both read
        // alike.
        string text = bytes.Length > 1 << 16 ? "" : Encoding.Latin1.GetString([.. bytes.Where(b => b != 0)]);
        return ContractPattern().Matches(text).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
            crc = (crc >> 8) ^ _crcTable[(byte)(crc ^ b)];
        return ~crc;
    }

    private static uint CrcOf(uint b)
    {
        for (int bit = 0; bit < 8; bit++)
            b = (b >> 1) ^ (0xEDB88320 & (0 - (b & 1)));
        return b;
    }

    [GeneratedRegex(Contract.Family + @"(\d{1,6})/[a-z]")]
    private static partial Regex ContractPattern();
}

namespace Microsoft.ML.SequenceReduction.Weights;

/// <summary>Writes files so that a reader finds the old one or the new one, never a part of it.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the target, to the disk, and then puts the new file in the old one's place.</summary>
    /// <param name="path">The file; its folder is made where there is none.</param>
    /// <param name="write">Writes its content; if it throws, the old file stays and no part of a new one is left.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path), beside = full + ".tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, full, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}

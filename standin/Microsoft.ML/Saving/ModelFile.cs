using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// A model as a zip file: <c>Version.txt</c> (this format's name), <c>Schema</c> (the input schema) and, for the model
/// and each sub-model in a folder of its own, <c>Model.bin</c> (the loader's name, then the loader's own bytes).
/// </summary>
internal static class ModelFile
{
    private const string Version = "Microsoft.ML stand-in model 1";
    private const string VersionEntry = "Version.txt";
    private const string SchemaEntry = "Schema";
    private const string Root = "Model";

    public static void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var writer = new StreamWriter(archive.CreateEntry(VersionEntry).Open()))
            writer.Write(Version);
        if (inputSchema is not null)
        {
            using var writer = new BinaryWriter(archive.CreateEntry(SchemaEntry).Open());
            SchemaCodec.Write(writer, inputSchema);
        }
        ModelSaveContext.Save(archive, Root, model);
    }

    public static ITransformer Load(IHostEnvironment env, Stream stream, out DataViewSchema? inputSchema)
    {
        using var archive = Open(stream);
        try
        {
            if (ReadVersion(archive) != Version)
                throw new InvalidOperationException("Could not load legacy format model: not a model of this stand-in");
            inputSchema = ReadSchema(archive);
            return ModelLoadContext.Load(env, archive, Root);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new FormatException("Corrupt model file", error);
        }
    }

    private static ZipArchive Open(Stream stream)
    {
        try
        {
            return new(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException error)
        {
            throw new FormatException("Failed to open a zip archive", error);
        }
    }

    private static string? ReadVersion(ZipArchive archive)
    {
        if (archive.GetEntry(VersionEntry) is not { } entry)
            return null;
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    private static DataViewSchema? ReadSchema(ZipArchive archive)
    {
        if (archive.GetEntry(SchemaEntry) is not { } entry)
            return null;
        using var reader = new BinaryReader(entry.Open());
        return SchemaCodec.Read(reader);
    }
}

using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a model reads itself.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _folder;

    private ModelLoadContext(IHostEnvironment env, ZipArchive archive, string folder)
    {
        Environment = env;
        _archive = archive;
        _folder = folder;
        var entry = archive.GetEntry($"{folder}/{ModelSaveContext.EntryName}")
            ?? throw new FormatException($"Corrupt model file: no entry for '{folder}'");
        Reader = new(new BufferedStream(entry.Open()));
    }

    public IHostEnvironment Environment { get; }

    /// <summary>The model's own bytes.</summary>
    public BinaryReader Reader { get; }

    public static ITransformer Load(IHostEnvironment env, ZipArchive archive, string folder)
    {
        using var ctx = new ModelLoadContext(env, archive, folder);
        return ModelLoaders.Find(ctx.Reader.ReadString())(ctx);
    }

    public ITransformer LoadChild(string name) => Load(Environment, _archive, $"{_folder}/{name}");

    public void Dispose() => Reader.Dispose();
}

using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>Where a model writes itself. As in the real package, only <see cref="Dispose"/> is public.</summary>
public sealed class ModelSaveContext : IDisposable
{
    /// <summary>The entry each model of the file has in its folder.</summary>
    internal const string EntryName = "Model.bin";

    private readonly ZipArchive _archive;
    private readonly string _folder;
    private readonly MemoryStream _body = new();
    private string? _loader;

    private ModelSaveContext(ZipArchive archive, string folder)
    {
        _archive = archive;
        _folder = folder;
        Writer = new(_body);
    }

    /// <summary>The model's own bytes.</summary>
    internal BinaryWriter Writer { get; }

    /// <inheritdoc/>
    public void Dispose() => Writer.Dispose();

    /// <summary>Writes a model, and through it its sub-models, below a folder of the archive.</summary>
    internal static void Save(ZipArchive archive, string folder, ICanSaveModel model)
    {
        using var ctx = new ModelSaveContext(archive, folder);
        model.Save(ctx);
        ctx.Done();
    }

    /// <summary>Says which loader reads the bytes back.</summary>
    internal void Sign(string loader) => _loader = loader;

    internal void SaveChild(string name, ICanSaveModel model) => Save(_archive, $"{_folder}/{name}", model);

    private void Done()
    {
        if (_loader is null)
            throw new InvalidOperationException("ModelSignature not specified!");
        Writer.Flush();
        using var entry = new BinaryWriter(_archive.CreateEntry($"{_folder}/{EntryName}").Open());
        entry.Write(_loader);
        entry.Write(_body.GetBuffer().AsSpan(0, (int)_body.Length));
    }
}

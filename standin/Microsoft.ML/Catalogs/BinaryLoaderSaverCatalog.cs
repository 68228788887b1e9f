using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Binary files.</summary>
public static class BinaryLoaderSaverCatalog
{
    /// <summary>Loads a binary file.</summary>
    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, IMultiStreamSource fileSource)
        => BinaryFile.Load(fileSource);

    /// <summary>Loads a binary file.</summary>
    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, string path)
        => BinaryFile.Load(new MultiFileSource(path));

    /// <summary>Saves the visible columns in binary form.</summary>
    public static void SaveAsBinary(
        this DataOperationsCatalog catalog, IDataView data, Stream stream, bool keepHidden = false)
        => BinaryFile.Save(data, stream);
}

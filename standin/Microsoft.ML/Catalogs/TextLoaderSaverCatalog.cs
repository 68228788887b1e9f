using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Text files.</summary>
public static class TextLoaderSaverCatalog
{
    /// <summary>A loader of these columns.</summary>
    public static TextLoader CreateTextLoader(
        this DataOperationsCatalog catalog,
        TextLoader.Column[] columns,
        char separatorChar = '\t',
        bool hasHeader = false,
        IMultiStreamSource? dataSample = null,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false)
        => new(Of(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    /// <summary>A loader with these options.</summary>
    public static TextLoader CreateTextLoader(
        this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource? dataSample = null)
        => new(options, dataSample);

    /// <summary>A loader of the columns a class names with <see cref="LoadColumnAttribute"/>.</summary>
    public static TextLoader CreateTextLoader<TInput>(
        this DataOperationsCatalog catalog,
        char separatorChar = '\t',
        bool hasHeader = false,
        IMultiStreamSource? dataSample = null,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false)
        => catalog.CreateTextLoader(
            TextLoader.ColumnsOf(typeof(TInput)),
            separatorChar, hasHeader, dataSample, allowQuoting, trimWhitespace, allowSparse);

    /// <summary>Loads these columns of a text file.</summary>
    public static IDataView LoadFromTextFile(
        this DataOperationsCatalog catalog,
        string path,
        TextLoader.Column[] columns,
        char separatorChar = '\t',
        bool hasHeader = false,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false)
        => Load(path, () => Of(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse));

    /// <summary>Loads a text file with these options.</summary>
    public static IDataView LoadFromTextFile(
        this DataOperationsCatalog catalog, string path, TextLoader.Options? options = null)
        => Load(path, () => options ?? new());

    /// <summary>Loads the columns a class names with <see cref="LoadColumnAttribute"/>.</summary>
    public static IDataView LoadFromTextFile<TInput>(
        this DataOperationsCatalog catalog,
        string path,
        char separatorChar = '\t',
        bool hasHeader = false,
        bool allowQuoting = false,
        bool trimWhitespace = false,
        bool allowSparse = false)
        => Load(path, () => Of(
            TextLoader.ColumnsOf(typeof(TInput)), separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse));

    /// <summary>Loads the columns a class names with <see cref="LoadColumnAttribute"/>, with these options.</summary>
    public static IDataView LoadFromTextFile<TInput>(
        this DataOperationsCatalog catalog, string path, TextLoader.Options options)
        => Load(path, () =>
        {
            options.Columns = TextLoader.ColumnsOf(typeof(TInput));
            return options;
        });

    /// <summary>Writes the visible columns as text that can be loaded again.</summary>
    public static void SaveAsText(
        this DataOperationsCatalog catalog,
        IDataView data,
        Stream stream,
        char separatorChar = '\t',
        bool headerRow = true,
        bool schema = true,
        bool keepHidden = false,
        bool forceDense = false)
        => TextSaver.Save(data, stream, separatorChar, headerRow, keepHidden);

    private static IDataView Load(string path, Func<TextLoader.Options> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var source = new MultiFileSource(path);
        source.Open(0).Dispose(); // complain now if the file is not there
        return new TextLoader(options(), source).Load(source);
    }

    private static TextLoader.Options Of(
        TextLoader.Column[] columns, char separator, bool header, bool quoting, bool trim, bool sparse)
        => new()
        {
            Columns = columns,
            Separators = [separator],
            HasHeader = header,
            AllowQuoting = quoting,
            TrimWhitespace = trim,
            AllowSparse = sparse,
        };
}

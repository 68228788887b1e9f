using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Estimators.Evaluation;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML;

/// <summary>Loading, inspecting and evaluating of models with sequence transformers.</summary>
public static class SequenceModelCatalog
{
    /// <summary>
    /// Loads a model that holds sequence transformers of this package, checks the file first, and gives the typed
    /// transformers back, which score in batches. (A plain <c>Model.Load</c> also works: it gives the same bits, row by
    /// row.)
    /// </summary>
    /// <param name="catalog">The model operations.</param>
    /// <param name="path">The file.</param>
    /// <param name="inputSchema">The schema that the model was saved with.</param>
    /// <exception cref="InvalidDataException">
    /// The file is truncated, damaged, foreign, of a newer version, or its weights do not fit its network.
    /// </exception>
    public static ITransformer LoadSequenceModel(
        this ModelOperationsCatalog catalog, string path, out DataViewSchema inputSchema)
    {
        using FileStream stream = File.OpenRead(path);
        return Load(catalog, stream, $"'{path}'", out inputSchema);
    }

    /// <inheritdoc cref="LoadSequenceModel(ModelOperationsCatalog, string, out DataViewSchema)"/>
    /// <param name="catalog">The model operations.</param>
    /// <param name="stream">The file's content; it stays open.</param>
    /// <param name="inputSchema">The schema that the model was saved with.</param>
    public static ITransformer LoadSequenceModel(
        this ModelOperationsCatalog catalog, Stream stream, out DataViewSchema inputSchema)
    {
        if (stream.CanSeek && stream.Position == 0)
            return Load(catalog, stream, "The stream", out inputSchema);
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Load(catalog, copy, "The stream", out inputSchema);
    }

    /// <summary>
    /// The number of the format that a model's sequence transformers were saved in, 1 or more. It changes where what is
    /// saved takes another meaning; a version of this package reads all formats up to its own.
    /// </summary>
    /// <param name="catalog">The model operations.</param>
    /// <param name="path">The file; it is checked, but not loaded.</param>
    /// <exception cref="InvalidDataException">
    /// The file is truncated, damaged, foreign, or of a newer version.
    /// </exception>
    public static int GetSequenceModelFormat(this ModelOperationsCatalog catalog, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        using FileStream stream = File.OpenRead(path);
        return ModelZip.Inspect(stream, $"'{path}'");
    }

    /// <summary>
    /// Makes a transformer from a file that <see cref="SequenceTransformer.SaveSafetensors"/> wrote, whose weights may
    /// have been changed elsewhere since, for instance trained on in PyTorch.
    /// </summary>
    /// <param name="catalog">The model operations.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds no transformer of this package or one of a newer version, or its weights do not fit
    /// its network.
    /// </exception>
    public static SequenceTransformer LoadSafetensors(this ModelOperationsCatalog catalog, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return TypedModel.TransformerOf(SequenceState.Read(bytes));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The reducers in a model, fitted or loaded, in order.</summary>
    /// <exception cref="InvalidDataException">
    /// A transformer of a loaded model is damaged or of a newer version.
    /// </exception>
    public static IReadOnlyList<SequenceReducingTransformer> GetSequenceReducers(this ITransformer model) =>
        All<SequenceReducingTransformer>(model);

    /// <summary>The encoders in a model, fitted or loaded, in order.</summary>
    /// <exception cref="InvalidDataException">
    /// A transformer of a loaded model is damaged or of a newer version.
    /// </exception>
    public static IReadOnlyList<SequenceEncodingTransformer> GetSequenceEncoders(this ITransformer model) =>
        All<SequenceEncodingTransformer>(model);

    /// <summary>The classifiers and regressors of sequences in a model, fitted or loaded, in order.</summary>
    /// <exception cref="InvalidDataException">
    /// A transformer of a loaded model is damaged or of a newer version.
    /// </exception>
    public static IReadOnlyList<SequencePredictingTransformer> GetSequencePredictors(this ITransformer model) =>
        All<SequencePredictingTransformer>(model);

    /// <summary>The labelers of sequences' positions in a model, fitted or loaded, in order.</summary>
    /// <exception cref="InvalidDataException">
    /// A transformer of a loaded model is damaged or of a newer version.
    /// </exception>
    public static IReadOnlyList<SequenceLabelingTransformer> GetSequenceLabelers(this ITransformer model) =>
        All<SequenceLabelingTransformer>(model);

    /// <summary>Compares restored sequences with their originals.</summary>
    /// <param name="context">The context.</param>
    /// <param name="data">A view with both columns.</param>
    /// <param name="originalColumnName">The column of original sequences.</param>
    /// <param name="restoredColumnName">The column of restored ones, of the same kind.</param>
    /// <param name="maxLength">How much of an original counts, as it was cut by the reducer; none: all of it.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing, holds no sequences, or the two are of different kinds.
    /// </exception>
    /// <exception cref="InvalidDataException">There are no rows.</exception>
    public static SequenceRestorationMetrics EvaluateRestoration(
        this MLContext context, IDataView data, string originalColumnName, string restoredColumnName,
        int? maxLength = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(data);
        return RestorationEvaluator.Run(data, originalColumnName, restoredColumnName, maxLength);
    }

    private static TTransformer[] All<TTransformer>(ITransformer model)
        where TTransformer : SequenceTransformer
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. TypedModel.All<TTransformer>(model)];
    }

    private static ITransformer Load(
        ModelOperationsCatalog catalog, Stream stream, string name, out DataViewSchema inputSchema)
    {
        ModelZip.Inspect(stream, name);
        ITransformer model;
        try
        {
            model = catalog.Load(stream, out inputSchema);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException or IOException)
        {
            throw new InvalidDataException($"{name} cannot be loaded by ML.NET: {e.Message}", e);
        }

        try
        {
            return TypedModel.Of(model);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name} cannot be used: {e.Message}", e);
        }
    }
}

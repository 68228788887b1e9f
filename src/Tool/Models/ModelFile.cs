using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;

namespace SequenceReduction.Tool.Models;

/// <summary>A saved model with sequence transformers.</summary>
internal sealed class ModelFile
{
    private readonly MLContext _ml;

    private ModelFile(MLContext ml, string path, ITransformer model, DataViewSchema inputSchema)
    {
        (_ml, Path, Model, InputSchema) = (ml, path, model, inputSchema);
        Steps = [.. Flat(model)];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All of it.</summary>
    public ITransformer Model { get; }

    /// <summary>The columns it was saved with.</summary>
    public DataViewSchema InputSchema { get; }

    /// <summary>Its transformers in order.</summary>
    public IReadOnlyList<ITransformer> Steps { get; }

    /// <summary>Those among them that read sequences.</summary>
    public IReadOnlyList<SequenceTransformer> Sequences => [.. Steps.OfType<SequenceTransformer>()];

    /// <summary>The first sequence transformer of a kind; none if it has none.</summary>
    public T? Find<T>() where T : SequenceTransformer => Steps.OfType<T>().FirstOrDefault();

    /// <summary>The column of labels that a model was trained on; none in reducers and encoders.</summary>
    public string? Label =>
        Find<SequencePredictingTransformer>()?.LabelColumnName ?? Find<SequenceLabelingTransformer>()?.LabelColumnName;

    /// <summary>Checks and loads a model.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, foreign, or of a newer version.</exception>
    public static ModelFile Open(MLContext ml, string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"There is no model '{path}'. Make one by seqred train, or check the path.");
        ITransformer model = ml.Model.LoadSequenceModel(path, out DataViewSchema schema);
        return new ModelFile(ml, path, model, schema);
    }

    /// <summary>The columns of a file that the model reads, and more of them as they are.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">What the file calls the sequences; none: what the model does.</param>
    /// <param name="more">Other columns that are wanted.</param>
    public IDataView Load(RowFile file, string? column, params IEnumerable<WantedColumn> more)
    {
        DataViewSchema.Column[] inputs = [.. InputSchema.Where(c => !c.IsHidden && c.Name != Label)];
        if (column is not null && inputs.Length != 1)
            throw new UsageException(
                $"--column is '{column}', but the model reads {inputs.Length} columns: "
                + $"{string.Join(", ", inputs.Select(c => $"'{c.Name}'"))}. Leave it out and "
                + "name the file's columns so.");
        WantedColumn[] wanted = [.. inputs.Select(i => new WantedColumn(i.Name, column ?? i.Name, KindOf(i, file)))];
        return file.Load([.. wanted, .. more.Where(m => wanted.All(w => w.Name != m.Name))]);
    }

    /// <summary>What a sequence transformer of the model finds as its input.</summary>
    public IDataView Before(SequenceTransformer step, IDataView data) => Steps.TakeWhile(s => !ReferenceEquals(s, step))
        .Aggregate(data, (view, earlier) => earlier.Transform(view));

    /// <summary>Turns latents back into sequences.</summary>
    public IDataView Restore(SequenceReducingTransformer reducer, IDataView latents, string output) =>
        _ml.Transforms.RestoreSequence(output, reducer.OutputColumnName, reducer).Fit(latents).Transform(latents);

    private static IEnumerable<ITransformer> Flat(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flat) : [model];

    private ColumnKind KindOf(DataViewSchema.Column input, RowFile file) => input.Type switch
    {
        TextDataViewType => ColumnKind.Text,
        NumberDataViewType => ColumnKind.Number,
        VectorDataViewType { ItemType: NumberDataViewType } => ColumnKind.Numbers,
        _ when file is BinaryFile => ColumnKind.Text,
        _ => throw new UsageException(
            $"The model '{Path}' reads column '{input.Name}' of type {input.Type}, which '{file.Path}' cannot hold; "
            + "give the rows as .idv."),
    };
}

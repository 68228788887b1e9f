using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;

namespace SequenceReduction.Tool.Models;

/// <summary>A model with an encoder whose weights another one starts from.</summary>
internal sealed class StartingModel
{
    private readonly ModelFile _model;

    private StartingModel(ModelFile model, SequenceEncodingTransformer encoder) => (_model, Encoder) = (model, encoder);

    /// <summary>The encoder.</summary>
    public SequenceEncodingTransformer Encoder { get; }

    /// <summary>The column that the model reads.</summary>
    public string Column => _model.InputSchema.Single(c => !c.IsHidden).Name;

    /// <summary>What comes before the encoder, such as what makes tokens of words; none: nothing.</summary>
    public ITransformer? Before
    {
        get
        {
            ITransformer[] steps = [.. _model.Steps.TakeWhile(s => !ReferenceEquals(s, Encoder))];
            return steps.Length > 0 ? steps.Aggregate((all, step) => all.Append(step)) : null;
        }
    }

    /// <summary>Loads a model to start from.</summary>
    /// <exception cref="UsageException">There is no such file, or it is not the model of an encoder.</exception>
    public static StartingModel Open(MLContext ml, string path)
    {
        ModelFile model = ModelFile.Open(ml, path);
        SequenceEncodingTransformer encoder = model.Find<SequenceEncodingTransformer>() ?? throw new UsageException(
            $"--start-from is '{path}', a {ModelDescription.KindOf(model.Sequences[0])}; only encoders can be started "
            + "from: train one by --task encode.");
        return model.InputSchema.Count(c => !c.IsHidden) == 1
            ? new StartingModel(model, encoder)
            : throw new UsageException(
                $"--start-from is '{path}', which reads several columns; train an encoder of one by --task encode.");
    }

    /// <inheritdoc cref="ModelFile.Load"/>
    public IDataView Load(RowFile file, string? column, IEnumerable<WantedColumn> more) =>
        _model.Load(file, column, more);
}

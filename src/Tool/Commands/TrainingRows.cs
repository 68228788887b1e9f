using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>Which rows a model learns from, and how their columns are read.</summary>
/// <param name="Column">The column of sequences; none: the one of the model to start from, or else "Text".</param>
/// <param name="Label">The column of labels; none for tasks without labels.</param>
/// <param name="Weight">The column of the rows' weights; none: all count alike.</param>
/// <param name="Task">What is learnt.</param>
/// <param name="Words">Whether tokens are words between blanks rather than bytes.</param>
/// <param name="Reading">How files are read.</param>
/// <param name="Start">A model whose encoder, and what comes before it, is started from; none: all is learnt.</param>
internal sealed record TrainingRows(
    string? Column, string? Label, string? Weight, TaskKind Task, bool Words, ReadingOptions Reading,
    StartingModel? Start)
{
    /// <summary>The column of a file as the model knows it.</summary>
    public string Name => Start?.Column ?? Column ?? "Text";

    /// <summary>The column that the network reads.</summary>
    public string Sequence => Start?.Encoder.InputColumnName ?? (Words ? $"{Name}.Words" : Name);

    /// <summary>The rows of a file.</summary>
    /// <exception cref="UsageException">It lacks a column, or has no rows.</exception>
    public IDataView Load(MLContext ml, string path, string option)
    {
        RowFile file = RowFile.Open(ml, path, option, Reading);
        IDataView rows = Load(file);
        file.RequireRows(rows, option);
        return rows;
    }

    /// <summary>What makes tokens of words; none where it is not needed.</summary>
    public ITransformer? FitWords(MLContext ml, IDataView data)
    {
        if (Start is not null || !Words)
            return Start?.Before;
        if (data.Schema[Name].Type is not TextDataViewType)
            throw new UsageException(
                $"Column '{Name}' is of type {data.Schema[Name].Type}; --read-as words reads text. Leave it out.");
        return ml.Transforms.Text.TokenizeIntoWords(Sequence, Name, [' '])
            .Append(ml.Transforms.Conversion.MapValueToKey(Sequence)).Fit(data);
    }

    /// <summary>What makes the labels such as the task needs; none where they are so already.</summary>
    public ITransformer? FitLabels(MLContext ml, IDataView data) => (Task, Label) switch
    {
        (_, null) => null,
        (TaskKind.Regress, _) when data.Schema[Label].Type.RawType == typeof(float) => null,
        (TaskKind.Regress, _) => ml.Transforms.Conversion.ConvertType(Label, outputKind: DataKind.Single).Fit(data),
        _ => LabelKeys.Fit(ml, data, Label, positions: Task == TaskKind.Label),
    };

    private IDataView Load(RowFile file)
    {
        List<WantedColumn> more = [];
        if (Label is not null)
            more.Add(new(Label, Task == TaskKind.Regress ? ColumnKind.Number : ColumnKind.Text));
        if (Weight is not null)
            more.Add(new(Weight, ColumnKind.Number));
        if (Start is not null)
            return Start.Load(file, Column, more);
        bool numbers = Name.Contains(WantedColumn.RangeMark, StringComparison.Ordinal);
        if (numbers && Words)
            throw new UsageException($"--column is '{Name}', a range of numbers, which --read-as words cannot read.");
        return file.Load([new(Name, numbers ? ColumnKind.Numbers : ColumnKind.Text), .. more]);
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>Which rows a model learns from, and how their columns are read.</summary>
/// <param name="Column">The column of sequences.</param>
/// <param name="Label">The column of labels; none for tasks without labels.</param>
/// <param name="Weight">The column of the rows' weights; none: all count alike.</param>
/// <param name="Task">What is learnt.</param>
/// <param name="Words">Whether tokens are words between blanks rather than bytes.</param>
/// <param name="Reading">How files are read.</param>
internal sealed record TrainingRows(
    string Column, string? Label, string? Weight, TaskKind Task, bool Words, ReadingOptions Reading)
{
    /// <summary>The column that the network reads.</summary>
    public string Sequence => Words ? $"{Column}.Words" : Column;

    /// <summary>The rows of a file.</summary>
    public IDataView Load(MLContext ml, string path, string option)
    {
        bool numbers = Column.Contains(WantedColumn.RangeMark, StringComparison.Ordinal);
        if (numbers && Words)
            throw new UsageException($"--column is '{Column}', a range of numbers, which --read-as words cannot read.");
        List<WantedColumn> wanted = [new(Column, numbers ? ColumnKind.Numbers : ColumnKind.Text)];
        if (Label is not null)
            wanted.Add(new(Label, Task == TaskKind.Regress ? ColumnKind.Number : ColumnKind.Text));
        if (Weight is not null)
            wanted.Add(new(Weight, ColumnKind.Number));
        return RowFile.Open(ml, path, option, Reading).Load(wanted);
    }

    /// <summary>What makes tokens of words; none where it is not needed.</summary>
    public ITransformer? FitWords(MLContext ml, IDataView data)
    {
        if (!Words)
            return null;
        if (data.Schema[Column].Type is not TextDataViewType)
            throw new UsageException(
                $"Column '{Column}' is of type {data.Schema[Column].Type}; --read-as words reads text. Leave it out.");
        return ml.Transforms.Text.TokenizeIntoWords(Sequence, Column, [' '])
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
}

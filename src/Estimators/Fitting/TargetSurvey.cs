using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>
/// What a trainer's data teaches before the training: how its sequences are read, and what its labels are.
/// </summary>
internal sealed class TargetSurvey
{
    private readonly SequencePredictingOptions _options;
    private readonly IDataView _data;
    private readonly SequenceFit _fit;

    /// <summary>Reads all rows once.</summary>
    public TargetSurvey(SequencePredictingOptions options, IDataView data, SequenceFit fit)
    {
        (_options, _data, _fit) = (options, data, fit);
        string label = options.Names.Label!;
        SequenceColumn unread = Unread();
        Columns = new TargetColumns(data.Schema, label, options.ExampleWeightColumnName, options.Target);
        if (Columns.Keys?.Count > Blocks.LargestSize)
            throw new ArgumentException(
                $"Column '{label}' is of type {data.Schema[label].Type}: a classifier can have at most "
                + $"{Blocks.LargestSize} classes. Make the keys by MapValueToKey.", label);
        Targets = new TargetTally(Columns);
        SequenceColumn learnt = fit.Learn(data, unread, Targets);
        Column = options.Encoder is null ? learnt : unread;
        Targets.CheckClasses();
    }

    /// <summary>How the sequences are read.</summary>
    public SequenceColumn Column { get; }

    /// <summary>The columns of labels and weights.</summary>
    public TargetColumns Columns { get; }

    /// <summary>What the labels are.</summary>
    public TargetTally Targets { get; }

    /// <summary>The rows to learn from.</summary>
    public ColumnSource Training => new(_data, _options.Names.Input, Column, Columns);

    /// <summary>Checks the make of a network, and the rows to validate on; gives the latter if there are any.</summary>
    public ColumnSource? Check(SupervisedNetworkOptions make)
    {
        make.Validate(Column.Form);
        NetworkSize.Of(make.Encoder).Check(Column.Form, _fit.Training.BatchSize);
        return _fit.Validation(Column, Columns);
    }

    private SequenceColumn Unread()
    {
        if (_options.Encoder is not { } encoder)
            return _fit.Unread(_data);
        encoder.State.Column.Check(ColumnTypes.Find(_data.Schema, _options.Names.Input));
        return encoder.State.Column;
    }
}

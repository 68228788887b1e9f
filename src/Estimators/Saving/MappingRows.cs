using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

// The rows that the custom mappings of a saved model read and write. ML.NET fills them by their public fields.

/// <summary>A row of which nothing is read.</summary>
internal sealed class NoColumns;

/// <summary>The key under which the value mapping holds the state.</summary>
internal sealed class StateKey
{
    [ColumnName(Contract.KeyColumn)]
    public int Key;
}

/// <summary>The state, and a value that is a sequence.</summary>
internal sealed class SequenceIn<TRaw>
{
    [ColumnName(Contract.StateColumn)]
    public ReadOnlyMemory<char> State;

    [ColumnName(Contract.InputColumn)]
    public TRaw Value = default!;
}

/// <summary>The state, and latents.</summary>
internal sealed class LatentsIn
{
    [ColumnName(Contract.StateColumn)]
    public ReadOnlyMemory<char> State;

    [ColumnName(Contract.LatentsColumn)]
    public VBuffer<float> Latents;
}

/// <summary>Latents alone.</summary>
internal sealed class LatentsOut
{
    [ColumnName(Contract.LatentsColumn)]
    public VBuffer<float> Latents;
}

/// <summary>A reconstruction error.</summary>
internal sealed class ErrorOut
{
    [ColumnName(Contract.ErrorColumn)]
    public float Error;
}

/// <summary>A restored value.</summary>
internal sealed class RestoredOut<TRaw>
{
    [ColumnName(Contract.RestoredColumn)]
    public TRaw Value = default!;
}

/// <summary>What restored keys stand for.</summary>
internal sealed class NamesOut<TName>
{
    [ColumnName(Contract.NamesColumn)]
    public VBuffer<TName> Names;
}

/// <summary>What a predicted label stands for.</summary>
internal sealed class LabelOut<TName>
{
    [ColumnName(Contract.LabelColumn)]
    public TName Label = default!;
}

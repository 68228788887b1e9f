using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>What there is to choose wherever a network learns from a column of sequences.</summary>
public abstract record SequenceLearningOptions
{
    private protected SequenceLearningOptions() { }

    /// <summary>
    /// Longest sequence in bytes of text, keys, integers or frames, 2 or more; what is longer is cut.
    /// </summary>
    public int MaxLength { get; init; } = 64;

    /// <summary>
    /// How the network is trained. Where its seed is left at 1, the environment's seed is used, if there is one.
    /// </summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>
    /// Numbers in one frame of a time series. None: the product of the column's dimensions but the first, or 1 where it
    /// has only one.
    /// </summary>
    public int? FrameWidth { get; init; }

    /// <summary>
    /// How many different integers are tokens of their own, the most frequent ones; all others are one unknown token.
    /// Also for keys, where their type allows more of them than this.
    /// </summary>
    public int MaximumVocabulary { get; init; } = 8191;

    /// <summary>What to do with missing keys and frames that hold NaN.</summary>
    public MissingValues MissingValues { get; init; } = MissingValues.Mask;

    /// <summary>
    /// Where seed, log and GPU settings come from; none: seed and log of the catalog's own, as far as they can be read.
    /// </summary>
    public MLContext? Context { get; init; }

    /// <summary>The GPU to train and score on; none: that of <see cref="Context"/>, or the processor.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>
    /// Whether to use the processor where there is no such GPU; none: as <see cref="Context"/> says, or yes.
    /// </summary>
    public bool? FallbackToCpu { get; init; }

    /// <summary>
    /// Rows to validate on, with the same columns as the training data; none: a share of the training data, if the
    /// training says so.
    /// </summary>
    public IDataView? ValidationSet { get; init; }

    /// <summary>Who is told after every step of training.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Ends the training; by default the best weights so far are kept (<see cref="TrainingOptions.KeepOnCancel"/>).
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    internal abstract ColumnNames Names { get; }

    /// <summary>Checks every option that does not depend on the data.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the range.
    /// </exception>
    public virtual void Validate()
    {
        Names.Validate();
        ArgumentNullException.ThrowIfNull(Training);
        Require(MaxLength is >= 2 and <= 1 << 24, nameof(MaxLength), MaxLength, "from 2 to 16777216");
        Require(
            MaximumVocabulary is >= 1 and <= 1 << 24, nameof(MaximumVocabulary), MaximumVocabulary,
            "from 1 to 16777216");
        Require(FrameWidth is null or (>= 1 and <= 1 << 20), nameof(FrameWidth), FrameWidth, "from 1 to 1048576");
        Require(GpuDeviceId is null or >= 0, nameof(GpuDeviceId), GpuDeviceId, "0 or more");
        Require(Enum.IsDefined(MissingValues), nameof(MissingValues), MissingValues, "Mask or Error");
        Training.Validate();
    }

    private protected static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be {range}.");
    }
}

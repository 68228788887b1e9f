namespace Microsoft.ML.Trainers;

/// <summary>The columns a trainer reads.</summary>
public abstract class TrainerInputBase
{
    private protected TrainerInputBase()
    {
    }

    /// <summary>The features.</summary>
    public string FeatureColumnName = "Features";
}

/// <summary>The columns a trainer with a label reads.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    private protected TrainerInputBaseWithLabel()
    {
    }

    /// <summary>The label.</summary>
    public string LabelColumnName = "Label";
}

/// <summary>The columns a trainer with label and weight reads.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    private protected TrainerInputBaseWithWeight()
    {
    }

    /// <summary>The weight of each row, if any.</summary>
    public string? ExampleWeightColumnName;
}

/// <summary>The options of the Sdca trainers that this stand-in obeys.</summary>
public abstract class SdcaOptionsBase : TrainerInputBaseWithWeight
{
    private protected SdcaOptionsBase()
    {
    }

    /// <summary>Ignored: this stand-in has no L1 term.</summary>
    public float? L1Regularization;

    /// <summary>The weight of the L2 term.</summary>
    public float? L2Regularization;

    /// <summary>How many iterations at most.</summary>
    public int? MaximumNumberOfIterations;

    /// <summary>Ignored: this stand-in trains on one thread.</summary>
    public int? NumberOfThreads;

    /// <summary>Ignored: this stand-in uses all rows at once.</summary>
    public bool Shuffle = true;

    /// <summary>When to stop.</summary>
    public float ConvergenceTolerance = 1e-6f;

    internal LinearFit.Settings Settings(double defaultL2)
        => new(L2Regularization ?? defaultL2, L2IsPerRow: true, MaximumNumberOfIterations ?? 100, ConvergenceTolerance);
}

/// <summary>A loss a regression can be trained with.</summary>
public interface ISupportSdcaRegressionLoss
{
}

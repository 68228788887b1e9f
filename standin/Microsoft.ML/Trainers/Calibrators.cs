namespace Microsoft.ML.Calibrators;

/// <summary>Turns a score into a probability.</summary>
public interface ICalibrator
{
    /// <summary>The probability of a score.</summary>
    float PredictProbability(float output);
}

/// <summary>A logistic function of the score.</summary>
public sealed class PlattCalibrator : ICalibrator, ICanSaveModel
{
    internal PlattCalibrator(double slope, double offset)
    {
        Slope = slope;
        Offset = offset;
    }

    /// <summary>The slope.</summary>
    public double Slope { get; }

    /// <summary>The offset.</summary>
    public double Offset { get; }

    /// <inheritdoc/>
    public float PredictProbability(float output) => (float)(1 / (1 + Math.Exp((Slope * output) + Offset)));

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => throw new NotSupportedException("This stand-in for Microsoft.ML saves transformers, not bare calibrators");
}

/// <summary>A model and what turns its scores into probabilities.</summary>
public abstract class CalibratedModelParametersBase<TSubModel, TCalibrator>
    where TSubModel : class
    where TCalibrator : class, ICalibrator
{
    private protected CalibratedModelParametersBase(TSubModel subModel, TCalibrator calibrator)
    {
        SubModel = subModel;
        Calibrator = calibrator;
    }

    /// <summary>The model.</summary>
    public TSubModel SubModel { get; }

    /// <summary>The calibrator.</summary>
    public TCalibrator Calibrator { get; }
}

/// <inheritdoc/>
internal sealed class CalibratedModelParameters<TSubModel, TCalibrator>(TSubModel subModel, TCalibrator calibrator)
    : CalibratedModelParametersBase<TSubModel, TCalibrator>(subModel, calibrator)
    where TSubModel : class
    where TCalibrator : class, ICalibrator;

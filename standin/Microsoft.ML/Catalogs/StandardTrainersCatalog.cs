using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>The trainers.</summary>
public static class StandardTrainersCatalog
{
    /// <summary>Multinomial logistic regression.</summary>
    public static SdcaMaximumEntropyMulticlassTrainer SdcaMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        float? l2Regularization = null,
        float? l1Regularization = null,
        int? maximumNumberOfIterations = null)
        => catalog.SdcaMaximumEntropy(Set(
            new SdcaMaximumEntropyMulticlassTrainer.Options(), labelColumnName, featureColumnName,
            exampleWeightColumnName, l2Regularization, l1Regularization, maximumNumberOfIterations));

    /// <summary>Multinomial logistic regression.</summary>
    public static SdcaMaximumEntropyMulticlassTrainer SdcaMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        SdcaMaximumEntropyMulticlassTrainer.Options options)
        => new(options);

    /// <summary>Multinomial logistic regression.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        float l1Regularization = 1,
        float l2Regularization = 1,
        float optimizationTolerance = 1E-07f,
        int historySize = 20,
        bool enforceNonNegativity = false)
        => catalog.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L1Regularization = l1Regularization,
            L2Regularization = l2Regularization,
            OptimizationTolerance = optimizationTolerance,
        });

    /// <summary>Multinomial logistic regression.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        LbfgsMaximumEntropyMulticlassTrainer.Options options)
        => new(options);

    /// <summary>Logistic regression.</summary>
    public static SdcaLogisticRegressionBinaryTrainer SdcaLogisticRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        float? l2Regularization = null,
        float? l1Regularization = null,
        int? maximumNumberOfIterations = null)
        => catalog.SdcaLogisticRegression(Set(
            new SdcaLogisticRegressionBinaryTrainer.Options(), labelColumnName, featureColumnName,
            exampleWeightColumnName, l2Regularization, l1Regularization, maximumNumberOfIterations));

    /// <summary>Logistic regression.</summary>
    public static SdcaLogisticRegressionBinaryTrainer SdcaLogisticRegression(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        SdcaLogisticRegressionBinaryTrainer.Options options)
        => new(options);

    /// <summary>Linear regression; of the loss functions only the squared one, the default.</summary>
    public static SdcaRegressionTrainer Sdca(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        ISupportSdcaRegressionLoss? lossFunction = null,
        float? l2Regularization = null,
        float? l1Regularization = null,
        int? maximumNumberOfIterations = null)
        => lossFunction is null
            ? catalog.Sdca(Set(
                new SdcaRegressionTrainer.Options(), labelColumnName, featureColumnName,
                exampleWeightColumnName, l2Regularization, l1Regularization, maximumNumberOfIterations))
            : throw new NotSupportedException("This stand-in for Microsoft.ML has the squared loss only");

    /// <summary>Linear regression.</summary>
    public static SdcaRegressionTrainer Sdca(
        this RegressionCatalog.RegressionTrainers catalog, SdcaRegressionTrainer.Options options)
        => new(options);

    private static TOptions Set<TOptions>(
        TOptions options, string label, string feature, string? weight, float? l2, float? l1, int? iterations)
        where TOptions : SdcaOptionsBase
    {
        options.LabelColumnName = label;
        options.FeatureColumnName = feature;
        options.ExampleWeightColumnName = weight;
        options.L2Regularization = l2;
        options.L1Regularization = l1;
        options.MaximumNumberOfIterations = iterations;
        return options;
    }
}

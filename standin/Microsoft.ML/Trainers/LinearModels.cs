using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>What training learnt.</summary>
public abstract class ModelParametersBase<TOutput> : ICanSaveModel
{
    private protected ModelParametersBase()
    {
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => throw new NotSupportedException("This stand-in for Microsoft.ML saves transformers, not bare parameters");
}

/// <summary>A weight for each feature and a bias.</summary>
public abstract class LinearModelParameters : ModelParametersBase<float>
{
    private readonly float[] _weights;

    private protected LinearModelParameters(float[] weights, float bias)
    {
        _weights = weights;
        Bias = bias;
    }

    /// <summary>The weights.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>The bias.</summary>
    public float Bias { get; protected set; }

    internal float Score(in VBuffer<float> features) => Bias + LinearScore.Dot(_weights, features);

    internal void Write(BinaryWriter writer)
    {
        ValueCodec.WriteArray(writer, _weights);
        writer.Write(Bias);
    }
}

/// <summary>A linear model of a number.</summary>
public abstract class RegressionModelParameters : LinearModelParameters
{
    private protected RegressionModelParameters(float[] weights, float bias) : base(weights, bias)
    {
    }
}

/// <summary>A linear model of a number.</summary>
public sealed class LinearRegressionModelParameters : RegressionModelParameters
{
    internal LinearRegressionModelParameters(float[] weights, float bias) : base(weights, bias)
    {
    }
}

/// <summary>A linear model of two classes.</summary>
public sealed class LinearBinaryModelParameters : LinearModelParameters
{
    internal LinearBinaryModelParameters(float[] weights, float bias) : base(weights, bias)
    {
    }
}

/// <summary>A linear score for each class.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>
{
    private readonly float[][] _weights;
    private readonly float[] _biases;

    private protected LinearMulticlassModelParametersBase(float[][] weights, float[] biases)
    {
        _weights = weights;
        _biases = biases;
    }

    internal int NumberOfClasses => _biases.Length;

    /// <summary>The biases.</summary>
    public IEnumerable<float> GetBiases() => _biases;

    /// <summary>The weights of each class.</summary>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = _weights.Length;
        weights = _weights.Select(w => new VBuffer<float>(w.Length, (float[])w.Clone())).ToArray();
    }

    internal void Score(in VBuffer<float> features, Span<float> scores)
    {
        for (var k = 0; k < scores.Length; k++)
            scores[k] = _biases[k] + LinearScore.Dot(_weights[k], features);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_weights.Length);
        foreach (var weights in _weights)
            ValueCodec.WriteArray(writer, weights);
        ValueCodec.WriteArray(writer, _biases);
    }
}

/// <summary>A multinomial logistic regression.</summary>
public sealed class MaximumEntropyModelParameters : LinearMulticlassModelParametersBase
{
    internal MaximumEntropyModelParameters(float[][] weights, float[] biases) : base(weights, biases)
    {
    }

    internal static MaximumEntropyModelParameters Read(BinaryReader reader)
    {
        var weights = new float[reader.ReadInt32()][];
        for (var k = 0; k < weights.Length; k++)
            weights[k] = ValueCodec.ReadArray<float>(reader);
        return new(weights, ValueCodec.ReadArray<float>(reader));
    }
}

/// <summary>The product of weights and a feature vector.</summary>
internal static class LinearScore
{
    public static float Dot(float[] weights, in VBuffer<float> features)
    {
        var values = features.GetValues();
        var indices = features.GetIndices();
        float sum = 0;
        for (var i = 0; i < values.Length; i++)
            sum += weights[indices.IsEmpty ? i : indices[i]] * values[i];
        return sum;
    }
}

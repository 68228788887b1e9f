using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Support;

/// <summary>
/// Checks an operation wholly: its gradient on the reference device against central differences, and value and gradients
/// on the tested device against the reference device. The only place with default tolerances.
/// </summary>
internal static class FunctionCheck
{
    public delegate Tensor Function(Graph graph, Tensor[] inputs);

    /// <summary>How far a device may be from the reference device, as a share of the largest number.</summary>
    public const double DeviceTolerance = 1e-5;

    private const double Step = 1e-5, DifferenceTolerance = 1e-6;

    /// <summary>Runs all checks of a function of inputs of the given shapes, drawn from a normal distribution.</summary>
    public static void Run(Function function, params Shape[] shapes) => Run(function, shapes, differences: true);

    /// <summary>Runs only the checks against the reference device: for gradients that are no derivatives.</summary>
    public static void Compare(Function function, params Shape[] shapes) => Run(function, shapes, differences: false);

    private static void Run(Function function, Shape[] shapes, bool differences)
    {
        var random = new RandomSource(shapes.Sum(s => s.Count));
        float[][] inputs = [.. shapes.Select(s => Normal(random, s.Count))];
        using var reference = new ReferenceDevice();
        (double[] value, double[][] gradients, float[] weights) = Evaluate(reference, function, shapes, inputs, random);
        if (differences)
            CheckDifferences(reference, function, shapes, inputs, weights, gradients);
        using Device tested = TestedDevices.New(2);
        (double[] testedValue, double[][] testedGradients, _) = Evaluate(tested, function, shapes, inputs, null, weights);
        AssertClose(value, testedValue, DeviceTolerance, "value on the tested device");
        for (int i = 0; i < shapes.Length; i++)
            AssertClose(gradients[i], testedGradients[i], DeviceTolerance, $"gradient of input {i} on the tested device");
    }

    public static float[] Normal(RandomSource random, long count)
    {
        var values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)random.NextNormal();
        return values;
    }

    /// <summary>Fails where two lists differ by more than a share of the largest magnitude.</summary>
    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double share, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 1e-3;
        foreach (double value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= share * largest,
                $"{what}: element {i} is {actual[i]:G9}, expected {expected[i]:G9} (largest {largest:G3})");
    }

    private static (double[] Value, double[][] Gradients, float[] Weights) Evaluate(
        Device device, Function function, Shape[] shapes, float[][] inputs, RandomSource? random, float[]? weights = null)
    {
        using var graph = new Graph(device, recording: true, seed: 7);
        Tensor[] variables = [.. inputs.Select((values, i) => graph.Variable(values, shapes[i]))];
        Tensor output = function(graph, variables);
        weights ??= Normal(random!, output.Shape.Count);
        graph.Backward(output, graph.Constant(weights, output.Shape));
        return (Read(output), [.. variables.Select(v => Read(Graph.Gradient(v)!))], weights);
    }

    private static void CheckDifferences(
        ReferenceDevice device, Function function, Shape[] shapes, float[][] inputs, float[] weights, double[][] gradients)
    {
        double WeightedSum(int nudged, int element, double by)
        {
            using var graph = new Graph(device, recording: true, seed: 7);
            Tensor[] variables = [.. inputs.Select((values, i) => graph.Constant(values, shapes[i]))];
            ReferenceDevice.Values(variables[nudged])[element] += by;
            double[] output = Read(function(graph, variables));
            double sum = 0;
            for (int i = 0; i < output.Length; i++)
                sum += output[i] * weights[i];
            return sum;
        }

        for (int input = 0; input < inputs.Length; input++)
        {
            var differences = new double[inputs[input].Length];
            for (int i = 0; i < differences.Length; i++)
                differences[i] = (WeightedSum(input, i, Step) - WeightedSum(input, i, -Step)) / (2 * Step);
            AssertClose(differences, gradients[input], DifferenceTolerance, $"gradient of input {input}");
        }
    }

    private static double[] Read(Tensor tensor) => tensor.Device is ReferenceDevice
        ? ReferenceDevice.Values(tensor).ToArray()
        : [.. tensor.ToArray().Select(v => (double)v)];
}

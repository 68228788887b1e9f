using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Support;

/// <summary>What must hold for the gradients of every network.</summary>
internal static class NetworkCheck
{
    /// <summary>
    /// Fails unless every weight that is trained has a finite gradient somewhere above or below zero.
    /// </summary>
    public static void EveryWeightGetsAGradient(SequenceNetwork network, SequenceBatch batch, string make)
    {
        using (var graph = new Graph(network.Device, recording: true))
            graph.Backward(network.Loss(graph, batch).Loss);
        foreach (Parameter parameter in network.Parameters.Parameters.Where(p => p.Gradient is not null))
        {
            float[] gradient = parameter.Gradient!.ToArray();
            Assert.True(gradient.All(float.IsFinite), $"{make}: {parameter.Name} has a gradient that is not finite");
            Assert.True(gradient.Any(g => g != 0), $"{make}: {parameter.Name} has no gradient");
        }
    }

    /// <summary>Fails unless one element of each weight's gradient equals the finite difference of the loss.</summary>
    /// <param name="make">Makes the network on the reference device.</param>
    /// <param name="batch">What the loss is taken of.</param>
    /// <param name="name">What to call the network in messages.</param>
    public static void GradientsEqualDifferences(Func<Device, SequenceNetwork> make, SequenceBatch batch, string name)
    {
        using var reference = new ReferenceDevice();
        using SequenceNetwork network = make(reference);
        double LossNow(bool backward)
        {
            using var graph = new Graph(reference, recording: true);
            Tensor loss = network.Loss(graph, batch).Loss;
            if (backward)
                graph.Backward(loss);
            return ReferenceDevice.Values(loss)[0];
        }

        LossNow(backward: true);
        foreach (Parameter parameter in network.Parameters.Parameters)
        {
            const double step = 1e-5;
            int element = (int)(parameter.Value.Shape.Count * 5 / 7);
            double gradient = ReferenceDevice.Values(parameter.Gradient!)[element];
            Span<double> values = ReferenceDevice.Values(parameter.Value);
            values[element] += step;
            double above = LossNow(backward: false);
            values[element] -= 2 * step;
            double below = LossNow(backward: false);
            values[element] += step;
            double difference = (above - below) / (2 * step);
            Assert.True(
                Math.Abs(difference - gradient) <= 1e-7 + 1e-5 * Math.Abs(difference),
                $"{name}: {parameter.Name} has the gradient {gradient}, the difference is {difference}");
        }
    }
}

using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Tests.Training;

public class AllocationTests
{
    [Fact]
    public void A_warm_training_step_allocates_next_to_nothing()
    {
        var form = new SequenceForm { MaxLength = 64, TokenCount = 256 };
        using var device = new CpuDevice(2);
        using var network = new ReducingAutoencoder(form, new() { Width = 64, Substitution = 0 }, device, training: true);
        using var optimiser = new Optimiser(network.Parameters);
        SequenceRow row = SequenceRow.OfTokens(new int[64]);
        var batch = new SequenceBatch([.. Enumerable.Repeat(row, 32)], form);
        int steps = 0;
        long activations = 0;
        void Step()
        {
            optimiser.ClearGradients();
            using var graph = new Graph(device, recording: true, seed: ++steps);
            (Tensor loss, _) = network.Loss(graph, batch);
            graph.Backward(loss);
            activations = graph.ElementsMade;
            optimiser.Step(1e-3, steps);
        }

        for (int i = 0; i < 3; i++)
            Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            allocated < activations * sizeof(float) / 200,
            $"{allocated:N0} bytes on the heap beside {activations * sizeof(float):N0} in tensors");
    }
}

using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Benchmarks;

/// <summary>Forward, backward and an AdamW step, with the PyTorch program's settings.</summary>
internal sealed class TrainingStep(ParameterSet parameters, Func<Graph, Tensor> loss) : IDisposable
{
    private const double Rate = 1e-3;

    private readonly Optimiser _optimiser = new(parameters) { Beta2 = 0.999, WeightDecay = 0.01 };
    private int _steps;

    public void Run()
    {
        _optimiser.ClearGradients();
        using var graph = new Graph(parameters.Device, recording: true);
        graph.Backward(loss(graph));
        _optimiser.Step(Rate, ++_steps);
    }

    public void Dispose() => _optimiser.Dispose();
}

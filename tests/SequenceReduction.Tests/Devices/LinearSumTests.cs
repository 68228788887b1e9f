using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Devices;

/// <summary>Linear maps, and their gradients, whose result is added to something.</summary>
public sealed class LinearSumTests : IDisposable
{
    private readonly RandomSource _random = new(5);
    private readonly CpuDevice _device = new(2);

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(5, 9, 35)]
    [InlineData(200, 600, 70)]
    public void A_residual_is_what_the_sum_starts_from(int rows, int depth, int columns)
    {
        using var graph = new Graph(_device);
        Tensor x = Draw(graph, rows, depth), w = Draw(graph, columns, depth), residual = Draw(graph, rows, columns);
        Tensor bias = graph.Constant(FunctionCheck.Normal(_random, columns), new Shape(columns));
        Tensor zeros = graph.Constant(new float[rows * columns], residual.Shape), y = graph.New(residual.Shape);
        _device.Linear(x, w, bias, null, y);
        float[] alone = y.ToArray();
        _device.Linear(x, w, bias, zeros, y);
        Assert.Equal(alone, y.ToArray());
        _device.Linear(x, w, bias, residual, y);
        AssertSum(alone, residual.ToArray(), y);
    }

    [Fact]
    public void A_row_with_its_residual_gets_the_same_bits_alone_and_on_any_number_of_threads()
    {
        const int rows = 200, depth = 600, columns = 70, row = 137;
        using var graph = new Graph(_device);
        using var one = new CpuDevice(1);
        Tensor x = Draw(graph, rows, depth), w = Draw(graph, columns, depth), residual = Draw(graph, rows, columns);
        Tensor y = graph.New(residual.Shape), alone = graph.New(new Shape(1, columns));
        _device.Linear(x, w, null, residual, y);
        float[] all = y.ToArray();
        one.Linear(x, w, null, residual, y);
        Assert.Equal(all, y.ToArray());
        _device.Linear(Row(graph, x, row), w, null, Row(graph, residual, row), alone);
        Assert.Equal(all.AsSpan(row * columns, columns).ToArray(), alone.ToArray());
    }

    [Fact]
    public void The_gradient_of_the_input_adds_where_asked_to()
    {
        const int rows = 40, depth = 33, columns = 300;
        using var graph = new Graph(_device);
        Tensor dy = Draw(graph, rows, columns), w = Draw(graph, columns, depth), before = Draw(graph, rows, depth);
        Tensor dx = graph.New(before.Shape);
        _device.LinearBackwardInput(dy, w, dx, adds: false);
        float[] alone = dx.ToArray();
        _device.LinearBackwardInput(dy, w, before, adds: false);
        _device.LinearBackwardInput(dy, w, before, adds: true);
        AssertSum(alone, alone, before);
    }

    private static void AssertSum(float[] a, float[] b, Tensor sum) => FunctionCheck.AssertClose(
        [.. a.Zip(b, (x, y) => (double)x + y)], [.. sum.ToArray().Select(v => (double)v)], FunctionCheck.DeviceTolerance,
        "sum");

    private static Tensor Row(Graph graph, Tensor x, int row) => graph.Constant(
        x.ToArray().AsSpan(row * x.Shape.Last, x.Shape.Last), new Shape(1, x.Shape.Last));

    private Tensor Draw(Graph graph, int rows, int columns) =>
        graph.Constant(FunctionCheck.Normal(_random, (long)rows * columns), new Shape(rows, columns));
}

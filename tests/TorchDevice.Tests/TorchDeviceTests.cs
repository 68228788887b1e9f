using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Devices.Torch;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Devices;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests;

/// <summary>What is the torch device's own.</summary>
public sealed class TorchDeviceTests
{
    [Xunit.Fact]
    public void Without_native_libraries_the_error_names_the_packages_to_add()
    {
        if (TorchLibrary.Missing is null)
            return;
        string message = Assert.Throws<InvalidOperationException>(() => TorchDevice.Cpu()).Message;
        foreach (string package in new[] { "TorchSharp-cpu", "TorchSharp-cuda-linux", "TorchSharp-cuda-windows" })
            Assert.Contains(package, message, StringComparison.Ordinal);
        Assert.Equal(message, new TorchDeviceProvider().WhyNot(0));
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_named_with_the_remedy()
    {
        string message = Assert.Throws<InvalidOperationException>(() => TorchDevice.Cuda(99)).Message;
        Assert.Contains("99", message, StringComparison.Ordinal);
        Assert.Equal(
            TorchLibrary.CudaDevices == 0, message.Contains("TorchSharp-cuda-linux", StringComparison.Ordinal));
        Assert.Equal(message, new TorchDeviceProvider().WhyNot(99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TorchDevice.Cuda(-1));
    }

    [Fact]
    public void The_assembly_names_its_provider_of_gpus() =>
        Assert.IsType<TorchDeviceProvider>(GpuProvider.Of(typeof(TorchDevice).Assembly));

    [Fact]
    public void Names_are_those_of_libtorch()
    {
        using TorchDevice device = TorchDevice.Cpu();
        Assert.Equal("torch:cpu", device.Name);
        Assert.Equal(TorchPrecision.Single, device.Precision);
    }

    [Fact]
    public void Dropout_drops_what_the_processor_drops()
    {
        foreach (float rate in new[] { 0.1f, 0.5f, 0.9f })
        {
            float[] Dropped(Device device) => Assert.Single(KernelTrial.Run(
                device, t => device.Dropout(t.Input(_ => 1, 100_003), rate, 0xFEDC_BA98_7654_3210, t.Result(100_003))));
            using var cpu = new CpuDevice(2);
            using Device torch = TestedDevices.New();
            Assert.Equal(Dropped(cpu), Dropped(torch));
        }
    }

    [Fact]
    public void AdamW_is_that_of_the_reference()
    {
        foreach (double scale in new[] { 1.0, 0.25 })
            foreach (int decaying in new[] { 0, 700, 1003 })
                KernelTrial.Compare(t =>
                {
                    Tensor p = t.Changed(1003), m = t.Changed(1003), v = t.Changed(1003);
                    t.Device.Fill(m, 0.01);
                    t.Device.Fill(v, 0.02);
                    for (int step = 1; step <= 3; step++)
                        t.Device.AdamW(
                            p, t.Input(1003), m, v, new AdamWStep(1e-2, 0.9, 0.98, 1e-8, 0.1, decaying, scale, step));
                });
    }

    [Fact]
    public void Sums_are_those_of_the_numbers()
    {
        foreach (int length in new[] { 1, 1000, 1024, 300_001 })
        {
            using Device device = TestedDevices.New();
            using var graph = new Graph(device);
            float[] values = FunctionCheck.Normal(new RandomSource(length), length);
            Tensor x = graph.Constant(values, new Shape(length));
            Assert.Equal(values.Sum(v => (double)v), device.Sum(x), 1e-12 * length);
            Assert.Equal(values.Sum(v => (double)v * v), device.SumOfSquares(x), 1e-12 * length);
        }
    }

    [Fact]
    public void Cross_entropy_of_more_rows_than_are_taken_at_once_is_that_of_the_reference() =>
        KernelTrial.Compare(t => t.Device.CrossEntropy(
            t.Input(130, 8192), t.Integers(130, -1, 8192), default, 0.1f, 0.5f, t.Result(130), t.Result(130, 8192)));

    [Theory]
    [InlineData(2, 256, 9, 64, 5)]
    [InlineData(1, 700, 12, 16, 3)]
    public void Sampled_gradients_of_long_rows_are_those_of_the_processor(
        int heads, int tokens, int bits, int width, int hashes)
    {
        // Pairs in the first case, buckets in the second.
        int all = heads * width;
        float[] values = FunctionCheck.Normal(new RandomSource(tokens), 2 * tokens * 3 * all);
        (float[] Y, float[] Gradient) Run(Device device)
        {
            using var graph = new Graph(device, recording: true);
            Tensor x = graph.Variable(values, new Shape(2, tokens, 3 * all));
            Tensor y = graph.Yoso(new YosoCall(
                new Columns(x, 0, all), new Columns(x, all, all), new Columns(x, 2 * all, all), heads, bits,
                new HashFunctions(HashKind.Hadamard, hashes, bits, 5ul, true), YosoGradient.Sampled));
            graph.Backward(y, graph.Constant(values.AsSpan(0, 2 * tokens * all), y.Shape));
            return (y.ToArray(), Graph.Gradient(x)!.ToArray());
        }

        using var cpu = new CpuDevice(2);
        using Device torch = TestedDevices.New();
        ((float[] y, float[] gradient), (float[] torchY, float[] torchGradient)) = (Run(cpu), Run(torch));
        KernelTrial.AssertClose(y, torchY);
        KernelTrial.AssertClose(gradient, torchGradient);
    }

    [Fact]
    public void Mixed_precision_rounds_factors_and_keeps_sums()
    {
        const int width = 64;
        using TorchDevice exact = TorchDevice.Cpu(), mixed = TorchDevice.Cpu(TorchPrecision.BFloat16);
        float[] Product(Device device) => Assert.Single(KernelTrial.Run(
            device, t => device.Linear(
                t.Input(37, width), t.Input(width, width), t.Input(width), null, t.Result(37, width))));
        (float[] single, float[] half) = (Product(exact), Product(mixed));
        Assert.NotEqual(single, half);
        KernelTrial.AssertClose(single, half, tolerance: 1e-2); // bfloat16 has 8 bits of mantissa
    }

    [Fact]
    public void A_disposed_device_and_sizes_that_do_not_fit_are_refused()
    {
        TorchDevice device = TorchDevice.Cpu();
        using (var graph = new Graph(device))
            Assert.Throws<ShapeException>(() => device.Upload([1, 2, 3], graph.New(new Shape(2))));
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new Graph(device).New(new Shape(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TorchDevice.Cpu((TorchPrecision)7));
    }

    [Fact]
    public void Large_blocks_are_kept_for_the_next_pass_never_more_than_were_in_use_and_go_with_the_device()
    {
        long before = TestedDevices.LiveTensors();
        using (TorchDevice device = TorchDevice.Cpu())
        {
            long KeptAfter(int blocks, long length)
            {
                using (var graph = new Graph(device))
                    for (int block = 0; block < blocks; block++)
                        device.Fill(graph.New(new Shape((int)length)), 1);
                return TestedDevices.LiveTensors() - before;
            }

            Assert.Equal(0, KeptAfter(9, SpareBlocks.Least - 1));
            Assert.Equal(1, KeptAfter(1, SpareBlocks.Least));
            Assert.Equal(3, KeptAfter(3, SpareBlocks.Least));
            Assert.Equal(3, KeptAfter(2, SpareBlocks.Least));
            Assert.Equal(2, KeptAfter(2, SpareBlocks.Least + 1));
        }

        Assert.Equal(before, TestedDevices.LiveTensors());
    }

    [Fact]
    public void No_tensor_outlives_its_graph()
    {
        using Device device = TestedDevices.New();
        void Pass()
        {
            using var graph = new Graph(device, recording: true, seed: 3);
            Tensor x = graph.Variable(FunctionCheck.Normal(new RandomSource(1), 2 * 9 * 12), new Shape(2, 9, 12));
            Columns all = Columns.All(x);
            Tensor attended = graph.Attention(new AttentionCall(all, all, all, 3, 0.5f, null, true, null));
            var functions = new HashFunctions(HashKind.Hadamard, 3, 4, 5ul, false);
            Tensor hashed = graph.Yoso(new YosoCall(all, all, all, 3, 4, functions, YosoGradient.Sampled));
            Tensor y = graph.Dropout(graph.Add(attended, hashed), 0.1f);
            graph.Backward(y, graph.Constant(new float[2 * 9 * 12], y.Shape));
        }

        Pass();
        long before = TestedDevices.LiveTensors();
        for (int i = 0; i < 20; i++)
            Pass();
        Assert.Equal(before, TestedDevices.LiveTensors());
    }
}

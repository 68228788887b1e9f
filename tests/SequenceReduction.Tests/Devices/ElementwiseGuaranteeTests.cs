using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Devices;

/// <summary>What the processor's element-wise kernels promise beyond being right.</summary>
public class ElementwiseGuaranteeTests
{
    private const int Rows = 211, Width = 97;

    private static readonly int[] _labels = [.. Enumerable.Range(0, Rows).Select(i => i * 31 % Width)];

    public static TheoryData<string> RowKernels =>
        ["LayerNorm", "Softmax", "Normalize", "CrossEntropy", "Gelu", "GeluTanh"];

    [Theory, MemberData(nameof(RowKernels))]
    public void ARowAloneHasTheSameBits(string kernel)
    {
        using var cpu = new CpuDevice(3);
        Tensor x = NewTensor(cpu, Rows * Width), y = NewTensor(cpu, Rows * Width), alone = NewTensor(cpu, Width);
        RunRows(cpu, kernel, x, y, 0, Rows);
        float[] together = y.ToArray();
        for (int row = 0; row < Rows; row += 7)
        {
            var part = new Tensor(x.Storage, row * Width, new Shape(1, Width));
            RunRows(cpu, kernel, part, alone, row, 1);
            Assert.Equal(together.AsSpan(row * Width, Width), alone.ToArray().AsSpan());
        }
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    public void DropoutZeroesItsShareAndKeepsTheMean(float rate)
    {
        const int count = 200_000;
        using var cpu = new CpuDevice(3);
        Tensor x = NewTensor(cpu, count), y = NewTensor(cpu, count);
        cpu.Fill(x, 1);
        var earlier = new bool[count];
        for (ulong seed = 0; seed < 4; seed++)
        {
            cpu.Dropout(x, rate, seed << 32 | 5, y);
            bool[] dropped = [.. y.ToArray().Select(value => value == 0)];
            double deviation = Math.Sqrt(rate * (1 - rate) / count);
            Assert.InRange(dropped.Count(d => d) / (double)count, rate - 5 * deviation, rate + 5 * deviation);
            Assert.InRange(y.ToArray().Average(), 1 - 0.02, 1 + 0.02);
            Assert.InRange(
                dropped.Zip(earlier).Count(pair => pair.First && pair.Second) / (double)count, 0, rate * rate + 0.01);
            earlier = dropped;
        }
    }

    [Fact]
    public void NotANumberIsNotHidden()
    {
        using var cpu = new CpuDevice(1);
        foreach (int place in (int[])[0, 5, 40])
        {
            float[] values = new float[41];
            values[place] = float.NaN;
            Tensor x = NewTensor(cpu, 41), y = NewTensor(cpu, 41), loss = NewTensor(cpu, 1);
            cpu.Upload(values, x);
            foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
            {
                cpu.Activate(kind, x, y);
                Assert.True(float.IsNaN(y.ToArray()[place]), $"{kind}");
            }

            cpu.Softmax(x, null, y);
            Assert.All(y.ToArray(), value => Assert.True(float.IsNaN(value)));
            cpu.CrossEntropy(Rowed(x, 1), new int[] { 3 }, default, 0, 1, loss, null);
            Assert.True(float.IsNaN(loss.ToArray()[0]));
        }
    }

    [Fact]
    public void LargeLogitsAndInfinitiesStayFinite()
    {
        using var cpu = new CpuDevice(1);
        Tensor x = NewTensor(cpu, 4), y = NewTensor(cpu, 4), loss = NewTensor(cpu, 1);
        cpu.Upload([3e38f, -3e38f, float.NegativeInfinity, 3e38f], x);
        cpu.Softmax(x, null, y);
        Assert.Equal([0.5f, 0, 0, 0.5f], y.ToArray());
        cpu.CrossEntropy(Rowed(x, 1), new int[] { 0 }, default, 0, 1, loss, y);
        Assert.Equal(MathF.Log(2), loss.ToArray()[0], 1e-6f);
        cpu.Upload([1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity], x);
        cpu.Activate(ActivationKind.Gelu, x, y);
        Assert.Equal([1e30f, 0, float.PositiveInfinity, 0], y.ToArray());
    }

    [Theory, MemberData(nameof(RowKernels))]
    public void WarmKernelsAllocateNothing(string kernel)
    {
        using var cpu = new CpuDevice(1);
        Tensor x = NewTensor(cpu, Rows * Width), y = NewTensor(cpu, Rows * Width), rowed = Rowed(x, Rows);
        Tensor gain = NewTensor(cpu, Width), statistics = NewTensor(cpu, 2 * Rows);
        void Run()
        {
            RunRows(cpu, kernel, x, y, 0, Rows);
            cpu.LayerNormBackward(rowed, rowed, gain, statistics, y, adds: true, gain, gain);
            cpu.Dropout(x, 0.1f, 3, y);
            cpu.Add(x, y, y);
        }

        // A loop may be compiled anew while it runs, and the runtime then allocate on this thread: so many runs first.
        for (int warmUp = 0; warmUp < 20; warmUp++)
            Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000); // the tensors made in RunRows
    }

    private static void RunRows(CpuDevice cpu, string kernel, Tensor x, Tensor y, int first, int rows)
    {
        Tensor xr = Rowed(x, rows), yr = Rowed(y, rows), gain = new(x.Storage, 0, new Shape(Width));
        switch (kernel)
        {
            case "LayerNorm": cpu.LayerNorm(xr, gain, gain, 1e-5f, yr, null); break;
            case "Softmax": cpu.Softmax(xr, null, yr); break;
            case "Normalize": cpu.Normalize(xr, 1e-12f, yr); break;
            case "Gelu": cpu.Activate(ActivationKind.Gelu, xr, yr); break;
            case "GeluTanh": cpu.Activate(ActivationKind.GeluTanh, xr, yr); break;
            default:
                Storage loss = cpu.Allocate(rows);
                cpu.CrossEntropy(xr, _labels.AsMemory(first, rows), default, 0.1f, 1, new Tensor(loss, 0, new Shape(rows)), yr);
                cpu.Free(loss);
                break;
        }
    }

    private static Tensor Rowed(Tensor tensor, int rows) =>
        new(tensor.Storage, tensor.Offset, new Shape(rows, (int)tensor.Shape.Count / rows));

    private static Tensor NewTensor(CpuDevice cpu, int count)
    {
        var tensor = new Tensor(cpu.Allocate(count), 0, new Shape(count));
        var random = new RandomSource(count);
        cpu.Upload([.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())], tensor);
        return tensor;
    }
}

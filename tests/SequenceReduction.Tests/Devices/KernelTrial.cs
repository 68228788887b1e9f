using System.Runtime.InteropServices;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Devices;

/// <summary>
/// Tensors for one call of a kernel on one device. One seed draws the same numbers on every device. Tensors begin at an
/// odd place in memory, with guard numbers before and after.
/// </summary>
internal sealed class KernelTrial(Device device, long seed)
{
    private const int Guard = 19;
    private const float GuardValue = -54321;

    private readonly RandomSource _random = new(seed);
    private readonly List<(Tensor Whole, Tensor Part, bool IsResult)> _tensors = [];

    public Device Device => device;

    /// <summary>
    /// Runs a kernel on the reference device and on the tested one, with each number of threads it is tested with.
    /// Results must have the same bits for all and lie within the tolerance, relative to the largest number of a result.
    /// </summary>
    public static void Compare(Action<KernelTrial> kernel, double tolerance = 1e-5, long seed = 7)
    {
        using var reference = new ReferenceDevice();
        List<float[]> expected = Run(reference, kernel, seed);
        Assert.NotEmpty(expected);
        List<float[]>? first = null;
        foreach (int threads in TestedDevices.Threads)
        {
            using Device tested = TestedDevices.New(threads);
            List<float[]> actual = Run(tested, kernel, seed);
            first ??= actual;
            for (int i = 0; i < expected.Count; i++)
                Assert.True(
                    MemoryMarshal.AsBytes<float>(first[i]).SequenceEqual(MemoryMarshal.AsBytes<float>(actual[i])),
                    "More threads gave other bits.");
        }

        for (int i = 0; i < expected.Count; i++)
            AssertClose(expected[i], first![i], tolerance);
    }

    /// <summary>Runs a kernel and gives its results.</summary>
    public static List<float[]> Run(Device device, Action<KernelTrial> kernel, long seed = 7)
    {
        var trial = new KernelTrial(device, seed);
        kernel(trial);
        return trial.Results();
    }

    public static void AssertClose(float[] expected, float[] actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        double allowed = tolerance * expected.Select(Math.Abs).DefaultIfEmpty(0).Max() + 1e-7;
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= allowed,
                $"Element {i} of {expected.Length} is {actual[i]}, expected {expected[i]} ± {allowed:G3}.");
    }

    /// <summary>Normally distributed numbers that the kernel reads.</summary>
    public Tensor Input(params int[] axes) => Place(axes, isResult: false, _ => Normal());

    /// <summary>Numbers by their index.</summary>
    public Tensor Input(Func<int, float> value, params int[] axes) => Place(axes, isResult: false, value);

    /// <summary>Memory that the kernel overwrites; holds NaN.</summary>
    public Tensor Result(params int[] axes) => Place(axes, isResult: true, _ => float.NaN);

    /// <summary>Normally distributed numbers that the kernel adds to or changes in place.</summary>
    public Tensor Changed(params int[] axes) => Place(axes, isResult: true, _ => Normal());

    /// <summary>Whole numbers from the first bound to below the second.</summary>
    public int[] Integers(int count, int from, int below)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++)
            values[i] = from + _random.Next(below - from);
        return values;
    }

    /// <summary>One byte per row, 0 for about a quarter.</summary>
    public byte[] Valid(int count) => [.. Integers(count, 0, 4).Select(i => (byte)(i == 0 ? 0 : 1))];

    /// <summary>One weight per row, 0 for about a quarter.</summary>
    public float[] Weights(int count) => [.. Integers(count, 0, 4).Select(i => i / 2f)];

    /// <summary>A mask with holes and, if there are several rows, one row without any valid token.</summary>
    public TokenMask Mask(int batch, int tokens)
    {
        byte[] valid = Valid(batch * tokens);
        if (batch > 1)
            valid.AsSpan(tokens, tokens).Clear();
        return new TokenMask(valid, batch, tokens);
    }

    private float Normal() => (float)_random.NextNormal();

    private Tensor Place(int[] axes, bool isResult, Func<int, float> value)
    {
        Shape shape = Shape.Of(axes);
        var all = new float[shape.Count + 2 * Guard];
        Array.Fill(all, GuardValue);
        for (int i = 0; i < shape.Count; i++)
            all[Guard + i] = value(i);
        Storage storage = device.Allocate(all.Length);
        var whole = new Tensor(storage, 0, new Shape(all.Length));
        device.Upload(all, whole);
        var part = new Tensor(storage, Guard, shape);
        _tensors.Add((whole, part, isResult));
        return part;
    }

    private List<float[]> Results()
    {
        var results = new List<float[]>();
        foreach ((Tensor whole, Tensor part, bool isResult) in _tensors)
        {
            float[] all = whole.ToArray();
            Assert.True(
                all.AsSpan(0, Guard).IndexOfAnyExcept(GuardValue) < 0
                && all.AsSpan(all.Length - Guard).IndexOfAnyExcept(GuardValue) < 0,
                $"A kernel wrote outside a tensor of shape {part.Shape}.");
            if (isResult)
                results.Add(part.ToArray());
        }

        return results;
    }
}

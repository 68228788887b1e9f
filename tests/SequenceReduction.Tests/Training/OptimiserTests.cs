using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Training;

public class OptimiserTests
{
    public static TheoryData<string> Files => Fixtures.Files("optim_*");

    [FixtureTheory]
    [MemberData(nameof(Files))]
    public void AdamW_Fixture(string file) => Follow(file, "adamw", 1e-2, parameters => new Optimiser(parameters)
    {
        Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0.1,
    });

    [FixtureTheory]
    [MemberData(nameof(Files))]
    public void AdamW_with_torchs_defaults_Fixture(string file) =>
        Follow(file, "adamw_default", 1e-3, parameters => new Optimiser(parameters)
        {
            Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, WeightDecay = 0.01,
        });

    [FixtureTheory]
    [MemberData(nameof(Files))]
    public void Adam_with_clipped_gradients_Fixture(string file) =>
        Follow(file, "adam_clip", 1e-2, parameters => new Optimiser(parameters)
        {
            Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, ClipNorm = 1,
        });

    [Fact]
    public void Gradients_summed_over_batches_count_as_their_mean()
    {
        using var device = new ReferenceDevice();
        float[] Stepped(float gradient, int batches)
        {
            using ParameterSet parameters = Parameters(device, ("p", new float[] { 1, 2 }, true));
            using var optimiser = new Optimiser(parameters) { ClipNorm = 1 };
            device.Upload([gradient, -gradient], parameters["p"].Gradient!);
            Assert.Equal(Math.Sqrt(2) * gradient / batches, optimiser.Step(0.1, 1, batches), 6);
            return parameters.Values.ToArray();
        }

        Assert.Equal(Stepped(0.25f, 1), Stepped(1, 4));
        Assert.Equal(Stepped(8, 1), Stepped(32, 4));
    }

    [Fact]
    public void Only_decaying_parameters_decay()
    {
        using var device = new CpuDevice(1);
        using ParameterSet parameters = Parameters(device, ("bias", [1f, 2], false), ("matrix", [4f, 8], true));
        using var optimiser = new Optimiser(parameters) { WeightDecay = 0.5 };
        optimiser.Step(0.5, 1);
        Assert.Equal([1, 2], parameters["bias"].Value.ToArray());
        Assert.Equal([3, 6], parameters["matrix"].Value.ToArray());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_changes_nothing(float gradient)
    {
        using var device = new CpuDevice(1);
        using ParameterSet parameters = Parameters(device, ("p", [1f, 2], true));
        using var optimiser = new Optimiser(parameters) { ClipNorm = 1 };
        device.Upload([0, gradient], parameters["p"].Gradient!);
        Assert.False(double.IsFinite(optimiser.Step(0.1, 1)));
        Assert.Equal([1, 2], parameters["p"].Value.ToArray());
        Assert.All(optimiser.M.ToArray(), m => Assert.Equal(0, m));
    }

    private static void Follow(string file, string kind, double rate, Func<ParameterSet, Optimiser> make)
    {
        using var cpu = new CpuDevice(1);
        using var reference = new ReferenceDevice();
        foreach (Device device in new Device[] { cpu, reference })
            Follow(device, file, kind, rate, make);
    }

    private static void Follow(
        Device device, string file, string kind, double rate, Func<ParameterSet, Optimiser> make)
    {
        using var fixture = new Fixture(file);
        using ParameterSet parameters = Parameters(
            device, ("p0", fixture.Floats("p0"), true), ("p1", fixture.Floats("p1"), true));
        using Optimiser optimiser = make(parameters);
        for (int step = 0; step < fixture.Number("steps"); step++)
        {
            foreach (Parameter parameter in parameters.Parameters)
                device.Upload(fixture.Floats($"grad{step}.{parameter.Name}"), parameter.Gradient!);
            double norm = optimiser.Step(rate, step + 1);
            if (fixture.Has($"{kind}.norm{step}"))
                fixture.AssertClose($"{kind}.norm{step}", [(float)norm]);
            foreach (Parameter parameter in parameters.Parameters)
                fixture.AssertClose($"{kind}.step{step}.{parameter.Name}", parameter.Value.ToArray());
        }

        foreach (Parameter parameter in parameters.Parameters)
        {
            fixture.AssertClose($"{kind}.m.{parameter.Name}", Part(optimiser.M, parameter));
            fixture.AssertClose($"{kind}.v.{parameter.Name}", Part(optimiser.V, parameter));
        }
    }

    private static float[] Part(Tensor vector, Parameter parameter) =>
        vector.ToArray().AsSpan((int)parameter.Value.Offset, (int)parameter.Value.Shape.Count).ToArray();

    private static ParameterSet Parameters(
        Device device, params (string Name, float[] Values, bool Decays)[] parameters) => new(
        device,
        [
            .. parameters.Select(
                p => new ParameterDeclaration(p.Name, new Shape(p.Values.Length), (_, _) => p.Values, p.Decays)),
        ],
        seed: 1, training: true);
}

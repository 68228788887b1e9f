using Microsoft.ML.SequenceReduction.Devices.Cpu;

namespace SequenceReduction.Tests.Devices;

public unsafe class FloatMathTests
{
    [Fact]
    public void Nearness_is_the_definition_within_three_units_in_the_last_place()
    {
        Check<Floats4>();
        Check<Floats8>();
        Check<Floats16>();
    }

    private static void Check<TFloats>() where TFloats : unmanaged, IFloats<TFloats>
    {
        float* lanes = stackalloc float[TFloats.Count];
        double[] sizes = [
            .. Enumerable.Range(0, 20001).Select(i => i / 20000.0),
            .. Enumerable.Range(1, 24).Select(i => 1 - Math.Pow(2, -i))];
        foreach (double size in sizes)
            foreach (float cosine in new[] { (float)size, -(float)size })
            {
                FloatMath.Nearness(TFloats.Of(cosine)).Store(lanes);
                double expected = cosine < 0 ? Math.Acos(-(double)cosine) / Math.PI : 1 - Math.Acos(cosine) / Math.PI;
                double unit = MathF.BitIncrement((float)expected) - (float)expected;
                for (int lane = 0; lane < TFloats.Count; lane++)
                    Assert.True(
                        Math.Abs(lanes[lane] - expected) <= 3 * unit,
                        $"{cosine:R}: {lanes[lane]:R} instead of {expected:R}");
            }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(-1.5f, 0)]
    [InlineData(0, 0.5f)]
    [InlineData(1, 1)]
    [InlineData(1.0000001f, 1)]
    [InlineData(float.NaN, float.NaN)]
    public void Nearness_is_exact_at_the_ends_and_in_the_middle(float cosine, float expected)
    {
        float* lanes = stackalloc float[16];
        FloatMath.Nearness(Floats4.Of(cosine)).Store(lanes);
        Assert.Equal(expected, lanes[0]);
    }
}

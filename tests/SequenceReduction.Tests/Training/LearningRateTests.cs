using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Training;

public class LearningRateTests
{
    public static TheoryData<string> Files => Fixtures.Files("schedules_*");

    [FixtureTheory]
    [MemberData(nameof(Files))]
    public void Schedules_Fixture(string file)
    {
        using var fixture = new Fixture(file);
        double peak = fixture.Real("base_lr"), final = fixture.Real("min_ratio");
        var cosine = new LearningRate(peak, fixture.Number("warmup"), fixture.Number("total")) { FinalShare = final };
        Check(fixture, "warmup_cosine", cosine);
        Check(fixture, "torch_sequential", cosine);
        Check(fixture, "warmup_cosine_from0", cosine with { FromZero = true });
        Check(fixture, "warmup_linear", cosine with { Fall = LearningRateFall.Linear, FinalShare = 0 });
        Check(fixture, "warmup_constant", cosine with { Fall = LearningRateFall.Constant });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    public void A_very_short_run_has_rates_too(int warmUp, int total)
    {
        var rate = new LearningRate(2, warmUp, total);
        for (int step = -1; step <= total + 1; step++)
            Assert.InRange(rate.At(step), 0, 2);
        Assert.Equal(rate.At(total - 1), rate.At(total + 100));
    }

    private static void Check(Fixture fixture, string name, LearningRate rate) => fixture.AssertClose(
        name, [.. Enumerable.Range(0, fixture.Number("total")).Select(step => (float)rate.At(step))]);
}

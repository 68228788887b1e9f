namespace SequenceReduction.Tests.Support;

/// <summary>A test that needs the numeric fixtures; skipped, with the reason, where they are not.</summary>
public sealed class FixtureFactAttribute : FactAttribute
{
    public FixtureFactAttribute() => Skip = Fixtures.Missing;
}

/// <summary>A test over the numeric fixtures of <see cref="Fixtures.Files"/>; skipped where they are not.</summary>
public sealed class FixtureTheoryAttribute : TheoryAttribute
{
    public FixtureTheoryAttribute() => Skip = Fixtures.Missing;
}

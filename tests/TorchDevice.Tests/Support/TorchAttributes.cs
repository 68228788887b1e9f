using SequenceReduction.Tests.Support;

// libtorch's threads are shared, and tests count its tensors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SequenceReduction.Tests;

/// <summary>
/// Takes the place of xunit's attribute in the tests of this project, so that they are skipped, with the reason, where
/// TorchSharp or its native libraries are missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public class FactAttribute : Xunit.FactAttribute
{
    public FactAttribute() => Skip = TestedDevices.Missing;
}

/// <inheritdoc cref="FactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public class TheoryAttribute : Xunit.TheoryAttribute
{
    public TheoryAttribute() => Skip = TestedDevices.Missing;
}

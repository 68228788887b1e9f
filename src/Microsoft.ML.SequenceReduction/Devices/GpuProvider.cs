using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>
/// Makes devices on GPUs. The library has none itself: an assembly that does names its provider by a
/// <see cref="GpuProviderAttribute"/>.
/// </summary>
public abstract class GpuProvider
{
    /// <summary>Why the GPU of a number, 0 or more, cannot be used, and the remedy; none where it can.</summary>
    public abstract string? WhyNot(int id);

    /// <summary>A device on the GPU of a number.</summary>
    /// <exception cref="InvalidOperationException">There is no such GPU; see <see cref="WhyNot"/>.</exception>
    public abstract Device Create(int id);

    /// <summary>The provider that an assembly names; none if it names none.</summary>
    public static GpuProvider? Of(Assembly assembly) =>
        assembly.GetCustomAttribute<GpuProviderAttribute>() is { } named
            ? (GpuProvider)Activator.CreateInstance(named.Provider)!
            : null;
}

/// <summary>Names an assembly's provider of GPUs.</summary>
/// <param name="provider">A <see cref="GpuProvider"/> with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GpuProviderAttribute(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type provider)
    : Attribute
{
    /// <summary>A <see cref="GpuProvider"/> with a constructor without parameters.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Provider => provider;
}

using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>
/// The environment behind a catalog, which ML.NET hides from other packages. Read by reflection, for the seed and the
/// log alone; where that fails, all works without.
/// </summary>
internal static class CatalogEnvironment
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The environment of a catalog, if it can be read.</summary>
    public static IHostEnvironment? Of(object catalog) => Property<IHostEnvironment>(catalog, "Environment");

    /// <summary>The seed of an environment, if it has one and it can be read.</summary>
    public static int? SeedOf(IHostEnvironment environment) => Property<int?>(environment, "Seed");

    private static T? Property<T>(object target, string name)
    {
        try
        {
            PropertyInfo? property = target.GetType().GetInterfaces()
                .Select(i => i.GetProperty(name, Any))
                .FirstOrDefault(p => p is not null && typeof(T).IsAssignableFrom(p.PropertyType));
            return property?.GetValue(target) is T value ? value : default;
        }
        catch (Exception e) when (e is TargetInvocationException or MemberAccessException or NotSupportedException)
        {
            return default;
        }
    }
}

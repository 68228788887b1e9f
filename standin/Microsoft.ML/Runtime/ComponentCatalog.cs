using System.Reflection;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Runtime;

/// <summary>The custom mapping factories found in registered assemblies, by contract name.</summary>
public sealed class ComponentCatalog
{
    private readonly Dictionary<string, Type> _factories = [];
    private readonly HashSet<Assembly> _registered = [];

    internal ComponentCatalog()
    {
    }

    /// <summary>Makes the factories of an assembly known.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_registered)
        {
            if (!_registered.Add(assembly))
                return;
            foreach (var type in TypesOf(assembly, throwOnError))
            {
                foreach (var attribute in type.GetCustomAttributes<CustomMappingFactoryAttributeAttribute>())
                    Add(attribute.ContractName, type, throwOnError);
            }
        }
    }

    internal ICustomMappingFactory CreateFactory(string contractName)
    {
        lock (_registered)
        {
            return _factories.TryGetValue(contractName, out var type)
                ? (ICustomMappingFactory)Activator.CreateInstance(type)!
                : throw new InvalidOperationException(
                    $"Unable to locate extension: no custom mapping factory with contract name '{contractName}'");
        }
    }

    private void Add(string contractName, Type type, bool throwOnError)
    {
        var isFactory = typeof(ICustomMappingFactory).IsAssignableFrom(type);
        if (isFactory && type.GetConstructor(Type.EmptyTypes) is not null && _factories.TryAdd(contractName, type))
            return;
        if (throwOnError)
            throw new InvalidOperationException(
                $"'{type}' cannot be registered under '{contractName}': "
                + (isFactory ? "the name is taken or the type has no default constructor" : "not a factory"));
    }

    private static Type[] TypesOf(Assembly assembly, bool throwOnError)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error) when (!throwOnError)
        {
            return error.Types.OfType<Type>().ToArray();
        }
    }
}

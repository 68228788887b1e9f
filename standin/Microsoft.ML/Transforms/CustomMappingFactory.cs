using System.Reflection;

namespace Microsoft.ML.Transforms;

/// <summary>Gives the function of a saved custom mapping when the model is loaded.</summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    /// <summary>The function.</summary>
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.CreateTransformer(string contractName)
        => new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName);
}

/// <summary>Names the contract a factory fulfils.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    /// <summary>Names the contract.</summary>
    public CustomMappingFactoryAttributeAttribute(string contractName) : base(contractName)
    {
    }
}

/// <summary>What a model file needs of a factory.</summary>
internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(string contractName);
}

/// <summary>Loads a custom mapping: the assembly, then its factory, then its function.</summary>
internal static class CustomMappingLoading
{
    public const string LoaderName = "CustomMapping";

    public static ITransformer Load(ModelLoadContext ctx)
    {
        var contractName = ctx.Reader.ReadString();
        var assembly = Assembly.Load(ctx.Reader.ReadString());
        var catalog = ctx.Environment.ComponentCatalog;
        catalog.RegisterAssembly(assembly, throwOnError: false);
        return catalog.CreateFactory(contractName).CreateTransformer(contractName);
    }
}

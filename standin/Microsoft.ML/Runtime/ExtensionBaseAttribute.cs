namespace Microsoft.ML;

/// <summary>Marks a class that is found by its contract name.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public abstract class ExtensionBaseAttribute : Attribute
{
    private protected ExtensionBaseAttribute(string contractName) => ContractName = contractName;

    /// <summary>The name it is found by.</summary>
    public string ContractName { get; }
}

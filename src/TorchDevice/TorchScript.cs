using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>
/// Operations written in TorchScript: one call each, in which temporaries live and die, and in which every kernel of
/// libtorch can be named, also those that TorchSharp has no method for.
/// </summary>
internal sealed class TorchScript(string source)
{
    private readonly Lazy<torch.jit.CompilationUnit> _unit = new(() => torch.jit.compile(source + "\n"));

    /// <summary>Runs a function that gives one tensor.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no room left.</exception>
    public torch.Tensor Run(string function, params object?[] arguments) =>
        (torch.Tensor)Invoke(function, arguments);

    /// <summary>Runs a function that gives two tensors.</summary>
    /// <inheritdoc cref="Run"/>
    public (torch.Tensor, torch.Tensor) RunTwo(string function, params object?[] arguments) =>
        ((torch.Tensor, torch.Tensor))Invoke(function, arguments);

    /// <summary>Runs a function that gives three tensors.</summary>
    /// <inheritdoc cref="Run"/>
    public (torch.Tensor, torch.Tensor, torch.Tensor) RunThree(string function, params object?[] arguments) =>
        ((torch.Tensor, torch.Tensor, torch.Tensor))Invoke(function, arguments);

    /// <summary>Whether a function runs on this machine's libtorch.</summary>
    public bool Runs(string function, params object?[] arguments)
    {
        try
        {
            Invoke(function, arguments);
            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    private object Invoke(string function, object?[] arguments)
    {
        // Scalars are held here until the call is over: those that TorchSharp would make could be collected during it.
        var passed = new object?[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
            passed[i] = arguments[i] is float or double
                ? (Scalar)Convert.ToDouble(arguments[i], null) : arguments[i];
        try
        {
            return _unit.Value.invoke(function, passed!);
        }
        catch (ExternalException exception) when (
            exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase))
        {
            throw new InsufficientMemoryException(
                "The torch device has no room left. Choose a smaller batch, width or length.", exception);
        }
        finally
        {
            foreach (object? argument in passed)
                (argument as Scalar)?.Dispose();
        }
    }
}

using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The transforms; most are extension methods.</summary>
public sealed class TransformsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal TransformsCatalog(IHostEnvironment env)
    {
        _env = env;
        Conversion = new(env);
        Text = new(env);
    }

    /// <summary>Conversions between types, keys and values.</summary>
    public ConversionTransforms Conversion { get; }

    /// <summary>Transforms of text.</summary>
    public TextTransforms Text { get; }

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>Conversions between types, keys and values.</summary>
    public sealed class ConversionTransforms : IInternalCatalog
    {
        private readonly IHostEnvironment _env;

        internal ConversionTransforms(IHostEnvironment env) => _env = env;

        IHostEnvironment IInternalCatalog.Environment => _env;
    }

    /// <summary>Transforms of text.</summary>
    public sealed class TextTransforms : IInternalCatalog
    {
        private readonly IHostEnvironment _env;

        internal TextTransforms(IHostEnvironment env) => _env = env;

        IHostEnvironment IInternalCatalog.Environment => _env;
    }
}

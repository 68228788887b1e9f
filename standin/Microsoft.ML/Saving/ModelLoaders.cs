using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML;

/// <summary>Which loader name reads which transformer.</summary>
internal static class ModelLoaders
{
    private static readonly Dictionary<string, Func<ModelLoadContext, ITransformer>> _loaders = new()
    {
        [TransformerChainFormat.Loader] = TransformerChainFormat.Load,
        [ColumnCopyingTransformer.LoaderName] = ctx => new ColumnCopyingTransformer(ctx),
        [ColumnSelectingTransformer.LoaderName] = ctx => new ColumnSelectingTransformer(ctx),
        [ColumnConcatenatingTransformer.LoaderName] = ctx => new ColumnConcatenatingTransformer(ctx),
        [CustomMappingLoading.LoaderName] = CustomMappingLoading.Load,
        [ValueToKeyMappingTransformer.LoaderName] = ctx => new ValueToKeyMappingTransformer(ctx),
        [ValueMappingTransformer.LoaderName] = ctx => new ValueMappingTransformer(ctx),
        [KeyToValueMappingTransformer.LoaderName] = ctx => new KeyToValueMappingTransformer(ctx),
        [KeyToVectorMappingTransformer.LoaderName] = ctx => new KeyToVectorMappingTransformer(ctx),
        [TypeConvertingTransformer.LoaderName] = ctx => new TypeConvertingTransformer(ctx),
        [NormalizingTransformer.LoaderName] = ctx => new NormalizingTransformer(ctx),
        [MissingValueReplacingTransformer.LoaderName] = ctx => new MissingValueReplacingTransformer(ctx),
        [TokenizingByCharactersTransformer.LoaderName] = ctx => new TokenizingByCharactersTransformer(ctx),
        [WordTokenizingTransformer.LoaderName] = ctx => new WordTokenizingTransformer(ctx),
        [TextNormalizingTransformer.LoaderName] = ctx => new TextNormalizingTransformer(ctx),
        [TextHashingTransformer.LoaderName] = ctx => new TextHashingTransformer(ctx),
        [MulticlassFormat.LoaderName] = MulticlassFormat.Load,
        [BinaryFormat.LoaderName] = BinaryFormat.Load,
        [RegressionFormat.LoaderName] = RegressionFormat.Load,
    };

    public static Func<ModelLoadContext, ITransformer> Find(string loader)
        => _loaders.TryGetValue(loader, out var load)
            ? load
            : throw new FormatException($"Corrupt model file: unknown loader '{loader}'");
}

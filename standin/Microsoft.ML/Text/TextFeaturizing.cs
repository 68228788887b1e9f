using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>
/// Turns text into a vector of known size. This stand-in hashes words and runs of three characters into
/// 4096 slots, where the real package learns a dictionary of n-grams.
/// </summary>
public sealed class TextFeaturizingEstimator : IEstimator<ITransformer>
{
    private readonly string _output;
    private readonly string[] _inputs;
    private readonly Options _options;

    internal TextFeaturizingEstimator(string output, string[] inputs, Options options)
    {
        _output = output;
        _inputs = inputs;
        _options = options;
    }

    /// <summary>How the vector is scaled.</summary>
    public enum NormFunction
    {
        /// <summary>Not at all.</summary>
        None = 0,

        /// <summary>To a sum of absolute values of 1.</summary>
        L1 = 1,

        /// <summary>To length 1.</summary>
        L2 = 2,

        /// <summary>To a largest absolute value of 1.</summary>
        Infinity = 3,
    }

    /// <inheritdoc/>
    public ITransformer Fit(IDataView input)
    {
        GetOutputSchema(SchemaShape.Create(input.Schema));
        return new TextHashingTransformer(_output, _inputs, _options.Normalizer, _options.Norm);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        foreach (var name in _inputs)
            TextShapes.RequireText(inputSchema.Find(name));
        return inputSchema.With([
            new(_output, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false)]);
    }

    /// <summary>How text becomes a vector; only what this stand-in obeys.</summary>
    public sealed class Options
    {
        /// <summary>What happens to case.</summary>
        public TextNormalizingEstimator.CaseMode CaseMode = TextNormalizingEstimator.CaseMode.Lower;

        /// <summary>Whether diacritics stay.</summary>
        public bool KeepDiacritics;

        /// <summary>Whether digits stay.</summary>
        public bool KeepNumbers = true;

        /// <summary>Whether punctuation stays.</summary>
        public bool KeepPunctuations = true;

        /// <summary>How the vector is scaled.</summary>
        public NormFunction Norm = NormFunction.L2;

        internal TextNormalizer Normalizer => new(CaseMode, KeepDiacritics, KeepPunctuations, KeepNumbers);
    }
}

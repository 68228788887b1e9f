using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// Built-in transformers one after the other, each fitted to what the one before gives. They are not fitted as a chain
/// of estimators, whose check of shapes takes no keys for numbers.
/// </summary>
internal sealed class SurrogateSteps(IDataView input)
{
    private readonly List<ITransformer> _steps = [];
    private readonly HashSet<string> _between = [];
    private IDataView _view = input;

    public TransformsCatalog Transforms { get; } = new MLContext().Transforms;

    public void Add(IEstimator<ITransformer> step, params ReadOnlySpan<string> between)
    {
        ITransformer fitted = step.Fit(_view);
        _view = fitted.Transform(_view);
        _steps.Add(fitted);
        foreach (string column in between)
            _between.Add(column);
    }

    public void Map<TSource, TResult>(Action<TSource, TResult> mapping, string contract, string between)
        where TSource : class, new()
        where TResult : class, new() => Add(Transforms.CustomMapping(mapping, contract), between);

    /// <summary>The chain, with all columns dropped that were only in between.</summary>
    public TransformerChain<ITransformer> Finish()
    {
        Add(Transforms.DropColumns([.. _between]));
        return new TransformerChain<ITransformer>([.. _steps]);
    }
}

/// <summary>Cuts latents into blocks; see <see cref="IBlock"/>.</summary>
internal sealed class CuttingBlocks(SurrogateSteps steps) : IBlockUse
{
    private readonly List<string> _columns = [];

    /// <summary>Adds the blocks of so many numbers, largest first.</summary>
    /// <returns>Their columns.</returns>
    public string[] Cut(int size)
    {
        if (size > Blocks.LargestSize)
            throw new NotSupportedException(
                $"Vectors of {size} numbers cannot be saved in a model; at most {Blocks.LargestSize} can. Lower "
                + "LatentLength or LatentWidth.");
        for (int power = Blocks.Count - 1; power >= 0; power--)
        {
            if ((size & (1 << power)) == 0)
                continue;
            _columns.Add($"{Contract.BlockColumn}{power}");
            Blocks.Use(power, this);
        }

        return [.. _columns];
    }

    void IBlockUse.Run<TBlock>()
    {
        static void Fill(LatentsOut latents, TBlock block) => block.Fill(latents);
        string column = _columns[^1];
        steps.Map<LatentsOut, TBlock>(Fill, Contract.Block + column[Contract.BlockColumn.Length..], column);
    }
}

/// <summary>Turns names of keys into keys that carry those names.</summary>
/// <param name="steps">Where to add the steps.</param>
/// <param name="keys">The keys.</param>
/// <param name="output">The column between that gets the keys.</param>
internal abstract class NamingKeys(SurrogateSteps steps, KeyDescription keys, string output) : IKeyNamesUse
{
    /// <summary>Adds the steps.</summary>
    public void Run() => keys.StandingNames().Use(this);

    void IKeyNamesUse.Run<T>(T[] names, PrimitiveDataViewType type)
    {
        string named = Name<T>(steps);
        IDataView keyData = new MLContext().Data.LoadFromEnumerable(names.Select(n => new KeyName<T> { Value = n }));
        steps.Add(
            steps.Transforms.Conversion.MapValueToKey(
                output, named, maximumNumberOfKeys: names.Length, keyData: keyData),
            output);
        if (Enum.Parse<DataKind>(keys.Item) is var kind && kind != DataKind.UInt32)
            steps.Add(steps.Transforms.Conversion.ConvertType(output, output, kind));
    }

    /// <summary>Adds the step that writes the names.</summary>
    /// <returns>The column of names.</returns>
    protected abstract string Name<T>(SurrogateSteps steps);

    private sealed class KeyName<T>
    {
        public T Value { get; set; } = default!;
    }
}

/// <summary>Latents to restored keys.</summary>
internal sealed class NamingRestoredKeys(SurrogateSteps steps, KeyDescription keys)
    : NamingKeys(steps, keys, Contract.RestoredColumn)
{
    protected override string Name<T>(SurrogateSteps steps)
    {
        steps.Map<LatentsIn, NamesOut<T>>(
            Mappings.Names, Contract.Names + Contract.NameOf(typeof(T)), Contract.NamesColumn);
        return Contract.NamesColumn;
    }
}

/// <summary>Scores to the predicted label.</summary>
internal sealed class NamingPredictedLabel(SurrogateSteps steps, KeyDescription keys)
    : NamingKeys(steps, keys, Contract.PredictedColumn)
{
    protected override string Name<T>(SurrogateSteps steps)
    {
        steps.Map<LatentsIn, LabelOut<T>>(
            Mappings.Label, Contract.Label + Contract.NameOf(typeof(T)), Contract.LabelColumn);
        return Contract.LabelColumn;
    }
}

/// <summary>Scores of positions to their predicted labels.</summary>
internal sealed class NamingPredictedLabels(SurrogateSteps steps, KeyDescription keys)
    : NamingKeys(steps, keys, Contract.PredictedColumn)
{
    protected override string Name<T>(SurrogateSteps steps)
    {
        steps.Map<LatentsIn, NamesOut<T>>(
            Mappings.Labels, Contract.Labels + Contract.NameOf(typeof(T)), Contract.NamesColumn);
        return Contract.NamesColumn;
    }
}

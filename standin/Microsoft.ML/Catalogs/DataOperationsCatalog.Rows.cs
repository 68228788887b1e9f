using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>The two parts of a split.</summary>
    public readonly struct TrainTestData
    {
        /// <summary>The part to train on.</summary>
        public readonly IDataView TrainSet;

        /// <summary>The part to test on.</summary>
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }

    /// <summary>Splits rows at random into a train and a test set; equal sampling keys stay together.</summary>
    public TrainTestData TrainTestSplit(
        IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(testFraction), testFraction, "Must be between 0 and 1 exclusive");
        return Split(data, samplingKeyColumnName, SeedOf(seed), 0, testFraction);
    }

    /// <summary>Splits rows at random into folds, each the test set once.</summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        var common = SeedOf(seed);
        return Enumerable.Range(0, numberOfFolds)
            .Select(fold => Split(
                data, samplingKeyColumnName, common, (double)fold / numberOfFolds, (fold + 1.0) / numberOfFolds))
            .ToArray();
    }

    /// <summary>Keeps columns in memory once they have been read, the prefetched ones now.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
        => new CacheDataView(input, columnsToPrefetch ?? []);

    /// <summary>Shuffles rows through a pool.</summary>
    public IDataView ShuffleRows(
        IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shufflePoolSize);
        return new ShuffleDataView(input, (int)SeedOf(seed), shufflePoolSize, shuffleSource);
    }

    /// <summary>The first rows.</summary>
    public IDataView TakeRows(IDataView input, long count) => new RangeDataView(input, 0, count);

    /// <summary>The rows after the first.</summary>
    public IDataView SkipRows(IDataView input, long count) => new RangeDataView(input, count, long.MaxValue);

    /// <summary>Drops the rows in which one of the columns has a missing value.</summary>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        var tested = columns.Select(input.Schema.Require).ToArray();
        return new FilterDataView(input, tested, RowTests.NothingMissing(tested));
    }

    /// <summary>Keeps the rows whose number lies in [lower, upper).</summary>
    public IDataView FilterRowsByColumn(
        IDataView input,
        string columnName,
        double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        var column = input.Schema.Require(columnName);
        return new FilterDataView(input, [column], RowTests.InRange(column, lowerBound, upperBound));
    }

    private static TrainTestData Split(IDataView data, string? samplingKey, ulong seed, double lower, double upper)
    {
        DataViewSchema.Column? key = samplingKey is null ? null : data.Schema.Require(samplingKey);
        DataViewSchema.Column[] tested = key is { } column ? [column] : [];
        return new(
            new FilterDataView(data, tested, RowTests.InShare(key, seed, lower, upper, inside: false)),
            new FilterDataView(data, tested, RowTests.InShare(key, seed, lower, upper, inside: true)));
    }

    private ulong SeedOf(int? seed)
        => (ulong)(seed ?? ((IHostEnvironmentInternal)_env).Seed ?? _env.Register("split").Rand.Next());
}

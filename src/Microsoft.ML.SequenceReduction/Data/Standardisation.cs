namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>Brings each feature of a time series to mean 0 and deviation 1, and back. Frozen once made.</summary>
public sealed class Standardisation
{
    private readonly double[] _means, _deviations;

    /// <summary>A standardisation by known statistics, one pair per feature.</summary>
    /// <exception cref="ArgumentException">The counts differ, or a number is not finite, or a deviation not above 0.</exception>
    public Standardisation(IEnumerable<double> means, IEnumerable<double> deviations)
    {
        (_means, _deviations) = ([.. means], [.. deviations]);
        if (_means.Length == 0 || _means.Length != _deviations.Length)
            throw new ArgumentException(
                $"There are {_means.Length} means and {_deviations.Length} deviations; each feature needs one of both.");
        if (!_means.All(double.IsFinite) || !_deviations.All(d => double.IsFinite(d) && d > 0))
            throw new ArgumentException("Means must be finite, and deviations finite and above 0.");
    }

    /// <summary>Number of features.</summary>
    public int Width => _means.Length;

    /// <summary>Each feature's mean.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>Each feature's deviation; 1 for a constant one.</summary>
    public IReadOnlyList<double> Deviations => _deviations;

    /// <summary>The standardised value of a feature; NaN stays NaN.</summary>
    public float Apply(double value, int feature) => (float)((value - _means[feature]) / _deviations[feature]);

    /// <summary>What a standardised value was.</summary>
    public double Undo(float value, int feature) => value * _deviations[feature] + _means[feature];
}

/// <summary>Learns means and deviations in one pass (Welford 1962), feature by feature; NaN is left out.</summary>
public sealed class StandardisationBuilder
{
    private readonly long[] _counts;
    private readonly double[] _means, _squares;

    /// <summary>Learns the statistics of so many features, 1 or more.</summary>
    public StandardisationBuilder(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_counts, _means, _squares) = (new long[width], new double[width], new double[width]);
    }

    /// <summary>Takes one value of a feature into account.</summary>
    public void Add(double value, int feature)
    {
        if (double.IsNaN(value))
            return;
        double distance = value - _means[feature];
        _means[feature] += distance / ++_counts[feature];
        _squares[feature] += distance * (value - _means[feature]);
    }

    /// <summary>What was learnt; a feature without two distinct values keeps its scale.</summary>
    public Standardisation Build() => new(_means, _squares.Select((square, feature) => Deviation(square, _counts[feature])));

    private static double Deviation(double square, long count)
    {
        double deviation = Math.Sqrt(square / Math.Max(count, 1));
        return deviation > 0 && double.IsFinite(deviation) ? deviation : 1;
    }
}

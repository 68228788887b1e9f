using System.Globalization;
using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>How much rows of each class count in training: by the classes' frequency, or as given.</summary>
public sealed class ClassWeights
{
    private readonly IReadOnlyDictionary<string, float>? _given;

    private ClassWeights(IReadOnlyDictionary<string, float>? given) => _given = given;

    /// <summary>
    /// All classes count alike, however rare: a class of r out of n rows, among k classes that occur, weighs n / (k r);
    /// where positions are labelled, of r out of n positions.
    /// </summary>
    public static ClassWeights Balanced { get; } = new(null);

    /// <summary>
    /// Weights by what the label's keys stand for, as text ("spam", "3"); classes that are not named weigh 1.
    /// </summary>
    /// <param name="weights">Numbers above 0.</param>
    /// <exception cref="ArgumentException">There is no weight, or one is not a finite number above 0.</exception>
    public static ClassWeights Of(IReadOnlyDictionary<string, float> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count == 0)
            throw new ArgumentException(
                "ClassWeights names no class; leave it unset where all rows count alike.", nameof(weights));
        foreach ((string name, float weight) in weights)
            if (!(weight > 0 && float.IsFinite(weight)))
                throw new ArgumentException(
                    $"ClassWeights has {weight.ToString(CultureInfo.InvariantCulture)} for '{name}'; a weight is a "
                    + "finite number above 0.", nameof(weights));
        return new ClassWeights(weights.ToDictionary(w => w.Key, w => w.Value));
    }

    /// <inheritdoc cref="Of(IReadOnlyDictionary{string, float})"/>
    public static ClassWeights Of(params (string Name, float Weight)[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Of(weights.ToDictionary(w => w.Name, w => w.Weight));
    }

    /// <summary>One weight per class.</summary>
    /// <exception cref="ArgumentException">A weight is given for something that is no class.</exception>
    internal float[] For(TargetTally targets)
    {
        KeyDescription keys = targets.Columns.Keys!;
        IReadOnlyList<long> counts = targets.Classes;
        if (_given is null)
        {
            double rows = counts.Sum(), present = counts.Count(c => c > 0);
            return [.. counts.Select(c => c > 0 ? (float)(rows / (present * c)) : 1)];
        }

        string[] names = [.. Enumerable.Range(0, counts.Count).Select(keys.NameOf)];
        string[] unknown = [.. _given.Keys.Except(names)];
        if (unknown.Length > 0)
            throw new ArgumentException(
                $"ClassWeights names '{unknown[0]}', which is no class of column '{targets.Columns.Label}'; its "
                + "classes are "
                + $"{string.Join(", ", names.Take(20).Select(n => $"'{n}'"))}{(names.Length > 20 ? ", …" : "")}.");
        return [.. names.Select(n => _given.GetValueOrDefault(n, 1))];
    }
}

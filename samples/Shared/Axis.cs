using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

/// <summary>One axis of a <see cref="Chart"/>: its name, its range, and where its ticks stand.</summary>
/// <param name="name">What is measured, with its unit.</param>
/// <param name="logarithm">Base of a logarithmic axis, 2 or more; 0: a linear one.</param>
/// <param name="format">How numbers at ticks are written.</param>
public sealed class Axis(string name, int logarithm = 0, string format = "#,0.####")
{
    private const int MostTicks = 8;

    private double _least = double.PositiveInfinity, _most = double.NegativeInfinity;
    private double? _roundedTo;

    /// <summary>What is measured, with its unit.</summary>
    public string Name => name;

    /// <summary>A text for each of the numbers 0, 1, …, in place of numbers at ticks; none: numbers.</summary>
    public string[]? Labels { get; init; }

    /// <summary>Widens the range, so that it holds these numbers; those that are not finite are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, and the axis is logarithmic.</exception>
    public Axis Include(params IEnumerable<double> values)
    {
        foreach (double value in values.Where(double.IsFinite))
        {
            if (logarithm > 0)
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _least = Math.Min(_least, value);
            _most = Math.Max(_most, value);
            _roundedTo = null;
        }

        return this;
    }

    /// <summary>Makes the range one of some length, also where few numbers or none were included.</summary>
    public void Settle()
    {
        if (double.IsInfinity(_least))
            (_least, _most) = logarithm > 0 ? (1, logarithm) : (0, 1);
        else if (_least == _most)
            _most = logarithm > 0 ? _least * logarithm : _least + 1;
    }

    /// <summary>Rounds the range outwards to ticks.</summary>
    public void Round()
    {
        if (_roundedTo is not null)
            return;
        Settle();
        double step = Step;
        _roundedTo = step;
        double least = Math.Floor(Scaled(_least) / step + 1e-9), most = Math.Ceiling(Scaled(_most) / step - 1e-9);
        (_least, _most) = (Unscaled(least * step), Unscaled(most * step));
    }

    /// <summary>Where a number lies in the range: 0 at its beginning, 1 at its end.</summary>
    public double Place(double value) => (Scaled(value) - Scaled(_least)) / (Scaled(_most) - Scaled(_least));

    /// <summary>Numbers at which a tick stands, and what is written there.</summary>
    public IEnumerable<(double Value, string Text)> Ticks()
    {
        if (Labels is not null)
            return Labels.Select((text, i) => ((double)i, text));
        double step = _roundedTo ?? Step;
        int first = (int)Math.Ceiling(Scaled(_least) / step - 1e-9);
        int last = (int)Math.Floor(Scaled(_most) / step + 1e-9);
        return Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(i => Unscaled(i * step)).Select(value =>
            (value, (Math.Abs(value) < 1e-12 ? 0 : value).ToString(format, CultureInfo.InvariantCulture)));
    }

    private double Step
    {
        get
        {
            double range = Math.Max(Scaled(_most) - Scaled(_least), 1e-9);
            if (logarithm > 0)
                return Math.Max(1, Math.Ceiling(range / MostTicks));
            double size = Math.Pow(10, Math.Floor(Math.Log10(range / 5)));
            return new[] { 1, 2, 5, 10 }.Select(factor => factor * size).First(step => range / step <= MostTicks - 1);
        }
    }

    private double Scaled(double value) => logarithm > 0 ? Math.Log(value, logarithm) : value;

    private double Unscaled(double value) => logarithm > 0 ? Math.Round(Math.Pow(logarithm, value), 9) : value;
}

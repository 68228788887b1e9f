using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Weights;

namespace SequenceReduction.Tests.Support;

/// <summary>
/// Numbers that reference implementations gave, as safetensors in the folder that the environment variable
/// SEQRED_FIXTURES names.
/// </summary>
public static class Fixtures
{
    public static string? Folder { get; } =
        Environment.GetEnvironmentVariable("SEQRED_FIXTURES") is { Length: > 0 } folder ? folder : null;

    /// <summary>Why fixture tests are skipped; none where they run.</summary>
    public static string? Missing => Folder is null
        ? "The numeric fixtures are not here: set SEQRED_FIXTURES to their folder." : null;

    /// <summary>One data row per file that fits a pattern such as <c>optim_*</c>; where there is none, a row that fails.</summary>
    public static TheoryData<string> Files(string pattern)
    {
        IEnumerable<string> names = Folder is null ? [] : Directory.EnumerateFiles(Folder, pattern + ".safetensors")
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        return [.. names.DefaultIfEmpty($"{pattern}.safetensors")];
    }
}

/// <summary>One file of fixtures.</summary>
public sealed class Fixture(string name) : IDisposable
{
    private readonly SafetensorsReader _reader = SafetensorsReader.Open(Path.Combine(Fixtures.Folder!, name));

    public IEnumerable<SafetensorsEntry> Entries => _reader.Entries;

    public bool Has(string tensor) => _reader.Find(tensor) is not null;

    public Shape Shape(string tensor) => _reader.Find(tensor)!.Shape;

    public float[] Floats(string tensor) => _reader.ReadFloats(tensor);

    public int[] Ints(string tensor) => _reader.ReadInts(tensor);

    public string Text(string key) => _reader.Metadata[key];

    public int Number(string key) => int.Parse(Text(key));

    public double Real(string key) => double.Parse(Text(key));

    /// <summary>
    /// The fixtures' own rule, max|got − expected| ≤ 1e-5·max + 1e-7, without the part that follows from torch's own
    /// error, which is not in the files.
    /// </summary>
    /// <param name="tensor">Name of the expected tensor.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="slack">Factor of the tolerance; above 1 only with a reason beside it.</param>
    public void AssertClose(string tensor, ReadOnlySpan<float> actual, double slack = 1)
    {
        float[] expected = Floats(tensor);
        Assert.True(expected.Length == actual.Length, $"{tensor}: {actual.Length} numbers instead of {expected.Length}");
        double largest = 0, worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)actual[i] - expected[i]);
            largest = Math.Max(largest, Math.Abs(expected[i]));
            if (!(difference <= worst))
                (worst, at) = (difference, i);
        }

        double tolerance = (1e-5 * largest + 1e-7) * slack;
        Assert.True(
            worst <= tolerance,
            $"{name}, {tensor}[{at}]: {actual[at]:R} instead of {expected[at]:R}, off by {worst:G3}, allowed {tolerance:G3}");
    }

    public void Dispose() => _reader.Dispose();
}

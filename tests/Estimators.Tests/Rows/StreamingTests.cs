using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Rows;

/// <summary>Ten times the rows take no more memory, neither to train on nor to score.</summary>
[Collection(nameof(MeasuringMemory))]
public class StreamingTests
{
    private const int Rows = 6000, Between = 2000;

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_rows()
    {
        LargestHeap(Rows);
        long few = LargestHeap(Rows), many = LargestHeap(10 * Rows);
        Assert.True(many < few * 1.1, $"{many:N0} bytes for {10 * Rows} rows, {few:N0} for {Rows}");
    }

    /// <summary>
    /// The most that lives on the managed heap at any time of a fit over all rows and of scoring them.
    /// </summary>
    private static long LargestHeap(int rows)
    {
        long largest = 0;
        IEnumerable<Line> Lines()
        {
            for (int i = 0; i < rows; i++)
            {
                if (i % Between == Between - 1)
                    largest = Math.Max(largest, GC.GetTotalMemory(forceFullCollection: true));
                yield return new Line { Text = $"{i:D12}" };
            }
        }

        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Lines());
        SequenceReducingOptions options =
            Tiny.Options("Text") with { Training = new() { Epochs = 1, BatchSize = 512 } };
        SequenceReducingTransformer reducer = ml.Transforms.ReduceSequence(options).Fit(data);
        int scored = ml.Data.CreateEnumerable<Scored>(reducer.Transform(data), reuseRowObject: true).Count();
        Assert.Equal(rows, scored);
        return largest;
    }

    private sealed class Line
    {
        public string Text { get; set; } = "";
    }

    private sealed class Scored
    {
        public float[] Reduced { get; set; } = [];
    }
}

/// <summary>Tests that run alone, since they look at the whole heap.</summary>
[CollectionDefinition(nameof(MeasuringMemory), DisableParallelization = true)]
public sealed class MeasuringMemory;

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Start values with which a reduction and the expansion that mirrors it nearly copy: the values' map and the output's map
/// of the reduction are random rotations; head h attends to place h (mod window) of its window, so a latent starts as the
/// sum of its tokens, each rotated into its own heads; and the expansion's map for place p is the transpose of what heads
/// of that place did. Our choice; no paper has it.
/// </summary>
internal sealed class CopyingStart(int width, int heads, int window)
{
    private float[]? _values, _output;

    /// <summary>Keys' map as PyTorch starts it, above the values' map, a rotation: <c>[2D, D]</c>.</summary>
    public float[] KeyValueMap(Shape shape, RandomSource random)
    {
        float[] keys = Initial.Linear(new Shape(width, width), random);
        _values = Initial.Orthogonal(new Shape(width, width), random);
        return [.. keys, .. _values];
    }

    /// <summary>Output map, a rotation: <c>[D, D]</c>.</summary>
    public float[] OutputMap(Shape shape, RandomSource random) =>
        _output = Initial.Orthogonal(new Shape(width, width), random);

    /// <summary>The expansion's map, <c>[window·D, D]</c>: block p is the transpose of Σ over heads h of place p of O_h V_h.</summary>
    public float[] UnfoldMap(Shape shape, RandomSource random)
    {
        if (_values is null || _output is null)
            throw new InvalidOperationException("The reduction must be declared before the expansion that mirrors it.");
        var map = new float[shape.Count];
        int headWidth = width / heads;
        for (int column = 0; column < width; column++)
        {
            // One column of the rotated values belongs to one head, and so to one place of the window.
            int place = column / headWidth % window;
            for (int e = 0; e < width; e++)
            {
                float output = _output[e * width + column];
                for (int d = 0; d < width; d++)
                    map[(place * width + d) * width + e] += _values[column * width + d] * output;
            }
        }

        return map;
    }

    /// <summary>
    /// The reduction's bias table, <c>[H, 2n − 1]</c> with relative place 0 at column n − 1: head h starts at place h (mod
    /// window), with a weight of e³/(e³ + 1) against all other tokens together.
    /// </summary>
    public float[] BiasTable(Shape shape, RandomSource random)
    {
        int columns = shape.Last, tokens = (columns + 1) / 2;
        var table = new float[shape.Count];
        for (int head = 0; head < heads; head++)
            table[head * columns + tokens - 1 + head % window] = Peak(tokens);
        return table;
    }

    /// <summary>Bias that outweighs so many tokens without one by e³.</summary>
    public static float Peak(int tokens) => MathF.Log(tokens) + 3;
}

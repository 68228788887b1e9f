using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Devices;

/// <summary>Random operands of one call, and what the processor makes of them.</summary>
internal sealed class YosoCase
{
    private readonly int _batch, _heads, _queries, _keys;

    public YosoCase(int batch, int heads, int queries, int keys, int headWidth)
    {
        (_batch, _heads, _queries, _keys, Width) = (batch, heads, queries, keys, heads * headWidth);
        var random = new RandomSource(batch + 3 * heads + 5 * queries + 7 * keys + 11 * headWidth);
        float[] Draw(int tokens) => FunctionCheck.Normal(random, batch * tokens * Width);
        (Q, DY, K, V) = (Draw(queries), Draw(queries), Draw(keys), Draw(keys));
        (QueryMask, KeyMask) = (All(batch, queries), All(batch, keys));
    }

    public int Width { get; }

    public bool Normalizes { get; init; } = true;

    public float[] Q { get; init; }

    public float[] K { get; init; }

    public float[] V { get; init; }

    public float[] DY { get; init; }

    public TokenMask QueryMask { get; init; }

    public TokenMask KeyMask { get; init; }

    public YosoCall Call(Graph graph)
    {
        Shape queries = new(_batch, _queries, Width), keys = new(_batch, _keys, Width);
        return new YosoCall(
            Columns.All(graph.Constant(Q, queries)), Columns.All(graph.Constant(K, keys)),
            Columns.All(graph.Constant(V, keys)), _heads, 8, null, YosoGradient.Exact, QueryMask, KeyMask)
        {
            Normalizes = Normalizes,
        };
    }

    /// <summary>Runs both passes into memory that holds NaN.</summary>
    public YosoResult Run(int? threads = null)
    {
        using Device device = TestedDevices.New(threads);
        using var graph = new Graph(device);
        YosoCall call = Call(graph);
        Tensor Poison(Shape shape)
        {
            Tensor tensor = graph.New(shape);
            device.Fill(tensor, double.NaN);
            return tensor;
        }

        Shape queries = call.Queries.Source.Shape, keys = call.Keys.Source.Shape;
        Tensor y = Poison(queries), lengths = Poison(device.KeptByYoso(call));
        Tensor dq = Poison(queries), dk = Poison(keys), dv = Poison(keys);
        device.Yoso(call, y, lengths);
        device.YosoBackward(
            call, y, lengths, graph.Constant(DY, queries), Columns.All(dq), Columns.All(dk), Columns.All(dv));
        return new YosoResult(y.ToArray(), lengths.ToArray(), dq.ToArray(), dk.ToArray(), dv.ToArray());
    }

    private static TokenMask All(int batch, int tokens)
    {
        var valid = new byte[batch * tokens];
        valid.AsSpan().Fill(1);
        return new TokenMask(valid, batch, tokens);
    }
}

internal sealed record YosoResult(float[] Y, float[] Lengths, float[] DQ, float[] DK, float[] DV);

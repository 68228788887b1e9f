using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Devices;

/// <summary>Random operands of one attention call, and what a device makes of them.</summary>
internal sealed class AttentionCase
{
    public AttentionCase(
        int batch, int heads, int queries, int keys, int headWidth, bool causal = false, bool bias = false,
        int distances = 0)
    {
        (Batch, Heads, Queries, Keys, HeadWidth, Causal) = (batch, heads, queries, keys, headWidth, causal);
        var random = new Random(batch + 3 * heads + 5 * queries + 7 * keys + 11 * headWidth);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
        Scale = 2 / MathF.Sqrt(headWidth);
        (Q, DY) = (Draw(batch * queries * Width), Draw(batch * queries * Width));
        (K, V) = (Draw(batch * keys * Width), Draw(batch * keys * Width));
        (Distances, RelativeKeys) = (distances, Draw(distances * headWidth));
        if (!bias)
            return;
        Starts = [.. Enumerable.Range(0, queries).Select(i => i * keys / queries)];
        Origin = Starts[^1];
        BiasLength = Origin + keys;
        Bias = Draw(heads * BiasLength);
    }

    public int Batch { get; init; }

    public int Heads { get; }

    public int Queries { get; }

    public int Keys { get; }

    public int HeadWidth { get; }

    public bool Causal { get; }

    public int Width => Heads * HeadWidth;

    public float Scale { get; }

    public float[] Q { get; init; }

    public float[] K { get; init; }

    public float[] V { get; init; }

    public float[] DY { get; init; }

    public float[] Bias { get; } = [];

    public int[] Starts { get; } = [];

    public int Origin { get; }

    public int BiasLength { get; }

    /// <summary>Rows of the relative keys; 0 for none.</summary>
    public int Distances { get; }

    public float[] RelativeKeys { get; } = [];

    public byte[]? Valid { get; set; }

    /// <summary>Whether queries, keys and values share one tensor; needs as many queries as keys.</summary>
    public bool Packed { get; init; }

    /// <summary>One row of a case alone, with its bias and relative keys.</summary>
    public static AttentionCase RowOf(AttentionCase whole, int row)
    {
        T[] Part<T>(T[] values, int tokens) => values[(row * tokens)..((row + 1) * tokens)];
        (int queries, int keys) = (whole.Queries * whole.Width, whole.Keys * whole.Width);
        return new AttentionCase(
            whole.Batch, whole.Heads, whole.Queries, whole.Keys, whole.HeadWidth, whole.Causal, whole.BiasLength > 0,
            whole.Distances)
        {
            Batch = 1,
            Q = Part(whole.Q, queries),
            DY = Part(whole.DY, queries),
            K = Part(whole.K, keys),
            V = Part(whole.V, keys),
            Valid = whole.Valid is null ? null : Part(whole.Valid, whole.Keys),
        };
    }

    /// <summary>Runs both passes and returns y, log-sum-exp and all gradients.</summary>
    public AttentionResult Run(int? threads = null)
    {
        using Device device = TestedDevices.New(threads);
        using var graph = new Graph(device);
        AttentionCall call = Call(graph);
        Tensor y = graph.New(new Shape(Batch, Queries, Width)), kept = graph.New(new Shape(Batch, Heads, Queries));
        device.Attention(call, y, kept);
        Columns dq = Like(graph, call.Queries), dk = Like(graph, call.Keys), dv = Like(graph, call.Values);
        if (Packed)
            (dk, dv) = (dk with { Source = dq.Source }, dv with { Source = dq.Source });
        Tensor? dBias = call.Bias is null ? null : graph.Constant(new float[Bias.Length], call.Bias.Table.Shape);
        Tensor? dRelative = call.RelativeKeys is { } table
            ? graph.Constant(new float[RelativeKeys.Length], table.Shape)
            : null;
        Tensor dy = graph.Constant(DY, y.Shape);
        device.AttentionBackward(call, y, kept, dy, dq, dk, dv, dBias, dRelative);
        return new AttentionResult(
            y.ToArray(), kept.ToArray(), Read(dq), Read(dk), Read(dv), dBias?.ToArray() ?? [],
            dRelative?.ToArray() ?? []);
    }

    public AttentionCall Call(Graph graph)
    {
        Columns q, k, v;
        if (Packed)
        {
            var rows = new float[Batch * Queries * 3 * Width];
            for (int row = 0; row < Batch * Queries; row++)
            {
                Q.AsSpan(row * Width, Width).CopyTo(rows.AsSpan((3 * row) * Width));
                K.AsSpan(row * Width, Width).CopyTo(rows.AsSpan((3 * row + 1) * Width));
                V.AsSpan(row * Width, Width).CopyTo(rows.AsSpan((3 * row + 2) * Width));
            }

            Tensor all = graph.Constant(rows, new Shape(Batch, Queries, 3 * Width));
            (q, k, v) = (new(all, 0, Width), new(all, Width, Width), new(all, 2 * Width, Width));
        }
        else
        {
            q = Columns.All(graph.Constant(Q, new Shape(Batch, Queries, Width)));
            k = Columns.All(graph.Constant(K, new Shape(Batch, Keys, Width)));
            v = Columns.All(graph.Constant(V, new Shape(Batch, Keys, Width)));
        }

        TokenMask? mask = Valid is null ? null : new TokenMask(Valid, Batch, Keys);
        RelativeBias? bias = BiasLength == 0
            ? null
            : new RelativeBias(graph.Constant(Bias, new Shape(Heads, BiasLength)), Starts, Origin);
        Tensor? relativeKeys = Distances == 0
            ? null
            : graph.Constant(RelativeKeys, new Shape(Distances, HeadWidth));
        return new AttentionCall(q, k, v, Heads, Scale, mask, Causal, bias, relativeKeys);
    }

    private static Columns Like(Graph graph, Columns columns)
    {
        var poison = new float[columns.Source.Shape.Count];
        Array.Fill(poison, float.NaN);
        return columns with { Source = graph.Constant(poison, columns.Source.Shape) };
    }

    private static float[] Read(Columns columns)
    {
        float[] all = columns.Source.ToArray();
        int stride = columns.Source.Shape.Last;
        return [.. all.Where((_, i) => i % stride >= columns.Start && i % stride < columns.Start + columns.Width)];
    }
}

internal sealed record AttentionResult(
    float[] Y, float[] LogSumExp, float[] DQ, float[] DK, float[] DV, float[] DBias, float[] DRelativeKeys);

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Some queries of a head, a row each, by <see cref="AttentionProblem.KeyTile"/> keys.</summary>
/// <param name="Batch">Batch row.</param>
/// <param name="Head">Head.</param>
/// <param name="First">The first query.</param>
/// <param name="Last">One past the last query.</param>
/// <param name="Row">The first query's place in its group.</param>
/// <param name="Key">The first key.</param>
internal readonly record struct AttentionTile(int Batch, int Head, int First, int Last, int Row, int Key)
{
    public int Rows => Last - First;
}

/// <summary>
/// What stands between a tile's products and its logits: relative keys, biases, keys that are not visible.
/// </summary>
internal static unsafe class AttentionLogits<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    private const int Stride = AttentionProblem.KeyTile;

    /// <summary>Makes logits of products; puts <paramref name="nothing"/> where a key is not visible.</summary>
    public static void Prepare(
        in AttentionProblem problem, in AttentionTile tile, in RelativeProducts<TFloats> relative, int columns,
        float nothing, float* mask, float* logits)
    {
        if (mask is null && problem.Bias is null && !relative.Any
            && problem.SeesAll(tile.Batch, tile.First, tile.Key + columns))
            return;
        float* bias = problem.Bias is null ? null : problem.Bias + (long)tile.Head * problem.BiasLength + tile.Key;
        for (int i = 0; i < tile.Rows; i++, logits += Stride)
        {
            int query = tile.First + i, visible = problem.VisibleInTile(tile.Batch, query, tile.Key);
            if (relative.Any)
                relative.AddTo(tile.Row + i, query, tile.Key, visible, logits);
            AttentionSoftmax<TFloats>.Prepare(logits, columns, visible, nothing, mask, problem.BiasOf(bias, query));
        }
    }

    /// <summary>Adds logits' gradients to those of biases, unless null, and of products with relative keys.</summary>
    public static void AddGradients(
        in AttentionProblem problem, in AttentionTile tile, in RelativeProducts<TFloats> relative, float* gradients,
        float* dBiasRow)
    {
        if (dBiasRow is null && !relative.Any)
            return;
        for (int i = 0; i < tile.Rows; i++, gradients += Stride)
        {
            int query = tile.First + i, visible = problem.VisibleInTile(tile.Batch, query, tile.Key);
            if (relative.Any)
                relative.AddGradients(tile.Row + i, query, tile.Key, visible, gradients);
            if (dBiasRow is not null)
                AttentionSoftmax<TFloats>.Add(
                    gradients, AttentionSoftmax<TFloats>.Log2E, visible, problem.BiasOf(dBiasRow + tile.Key, query));
        }
    }
}

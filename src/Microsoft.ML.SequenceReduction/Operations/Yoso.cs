using System.Numerics;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>YOSO attention (Zeng et al. 2021, arXiv 2111.09714) and what belongs to it.</summary>
public static class YosoOperations
{
    /// <summary>
    /// Attention of queries <c>[B, Tq, H·K]</c> over keys and values <c>[B, Tk, H·K]</c> by the share of hash functions
    /// in which query and key collide, or its expectation; each may be some columns of a wider tensor. Result
    /// <c>[B, Tq, H·K]</c>; a query that is not valid, or collides with no valid key, gives zeros.
    /// </summary>
    /// <param name="graph">The pass.</param>
    /// <param name="call">Queries, keys, values and settings.</param>
    /// <exception cref="ShapeException">
    /// Batches, token counts or widths do not fit, or heads do not divide the width.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Bits are not from 1 to 16 or not the functions', or no functions are there to sample.
    /// </exception>
    public static Tensor Yoso(this Graph graph, YosoCall call)
    {
        Check(call);
        Tensor y = graph.New(new Shape(call.Batch, call.Queries.Tokens, call.Values.Width));
        bool wanted = graph.Wants(call.Queries.Source, call.Keys.Source, call.Values.Source);
        Tensor? kept = wanted ? graph.New(graph.Device.KeptByYoso(call)) : null;
        graph.Device.Yoso(call, y, kept);
        if (wanted)
        {
            graph.Record(y, () =>
            {
                using var gradients = new ColumnGradients(graph, call.Queries, call.Keys, call.Values);
                graph.Device.YosoBackward(
                    call, y, kept!, Graph.OutputGradient(y), gradients.Queries, gradients.Keys, gradients.Values);
            });
        }

        return y;
    }

    /// <summary>
    /// A convolution over the token axis with one filter per head: x <c>[B, T, H·K]</c>, some columns of a tensor,
    /// filter <c>[H, w]</c> with odd w, zeros outside the sequence and where the mask <c>[B, T]</c> says so. Result
    /// <c>[B, T, H·K]</c>.
    /// </summary>
    /// <exception cref="ShapeException">Shapes do not fit, or w is even.</exception>
    public static Tensor ConvolveTokens(this Graph graph, Columns x, int heads, Tensor filter, TokenMask? mask = null)
    {
        Tensor source = x.Source;
        ShapeException.Require(
            source.Shape.Rank == 3 && heads >= 1 && x.Width % heads == 0
            && filter.Shape.Rank == 2 && filter.Shape[0] == heads && filter.Shape[1] % 2 == 1,
            "ConvolveTokens", $"x [B, T, H·K] and a filter [{heads}, odd]", source, filter);
        CheckMask("ConvolveTokens", mask, source.Shape[0], x.Tokens);
        Tensor y = graph.New(new Shape(source.Shape[0], x.Tokens, x.Width));
        graph.Device.ConvolveTokens(x, heads, filter, mask, y);
        if (graph.Wants(source, filter))
        {
            graph.Record(y, () =>
            {
                using var gradients = new ColumnGradients(graph, x);
                using GradientTarget dFilter = graph.GradientOf(filter, cleared: true);
                graph.Device.ConvolveTokensBackward(
                    x, heads, filter, mask, Graph.OutputGradient(y), gradients.Values, dFilter.Target);
            });
        }

        return y;
    }

    /// <summary>The unnormalised Walsh-Hadamard transform, in natural order, of each row of x <c>[.., D]</c>.</summary>
    /// <exception cref="ShapeException">D is no power of two.</exception>
    public static Tensor WalshHadamard(this Graph graph, Tensor x)
    {
        ShapeException.Require(BitOperations.IsPow2(x.Shape.Last), "WalshHadamard", "rows of a power of two", x);
        Tensor y = graph.New(x.Shape);
        graph.Device.WalshHadamard(x, y);
        return graph.RecordFrom(x, y, graph.Device.WalshHadamard);
    }

    /// <summary>The codes <c>[B, H, T, m]</c> that hash functions give the heads of x <c>[B, T, H·K]</c>.</summary>
    /// <exception cref="ShapeException">Heads do not divide the width, or given functions do not fit.</exception>
    public static int[] HashCodes(this Graph graph, Columns x, int heads, HashFunctions functions)
    {
        ShapeException.Require(
            x.Source.Shape.Rank == 3 && heads >= 1 && x.Width % heads == 0, "HashCodes", "x [B, T, H·K]", x.Source);
        var codes = new int[x.Source.Shape[0] * heads * x.Tokens * functions.Count];
        graph.Device.HashCodes(x, heads, functions, codes);
        return codes;
    }

    private static void Check(in YosoCall call)
    {
        ColumnGradients.Check("Yoso", call.Queries, call.Keys, call.Values, call.Heads);
        CheckMask("Yoso", call.QueryMask, call.Batch, call.Queries.Tokens);
        CheckMask("Yoso", call.KeyMask, call.Batch, call.Keys.Tokens);
        if (call.Bits is < 1 or > HashFunctions.MostBits)
            throw new ArgumentException(
                $"YOSO attention's Bits are {call.Bits}; they must be from 1 to {HashFunctions.MostBits}.");
        if (call.Hashes is { } functions && functions.Bits != call.Bits)
            throw new ArgumentException(
                $"YOSO attention's Bits are {call.Bits}, but its hash functions have {functions.Bits}.");
        if (call.Hashes is null && call.Gradient == YosoGradient.Sampled)
            throw new ArgumentException(
                "YOSO attention's Gradient is Sampled, but there are no hash functions; take Surrogate or Exact.");
    }

    private static void CheckMask(string operation, TokenMask? mask, int batch, int tokens)
    {
        if (mask is not null && (mask.Batch != batch || mask.Tokens != tokens))
            throw new ShapeException(
                $"{operation} needs a mask of {batch}×{tokens} tokens, not {mask.Batch}×{mask.Tokens}.");
    }
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void HashCodes(Columns x, int heads, HashFunctions functions, Span<int> codes)
    {
        int batch = x.Source.Shape[0], width = x.Width / heads;
        if (codes.Length == 0)
            return;
        fixed (float* numbers = functions.Draw(batch, heads, width).Span)
        fixed (int* first = codes)
        {
            var problem = new HashProblem(functions, numbers, batch, heads, width);
            RunRows(
                (long)batch * heads, (long)x.Tokens * functions.Count * width,
                new HashingWork(problem, AttentionRows.Of(x), heads, first));
        }
    }

    /// <inheritdoc/>
    protected internal override void WalshHadamard(Tensor x, Tensor y) =>
        RunRows(x.Shape.Rows, x.Shape.Last, new WalshHadamardWork(Pointer(x), Pointer(y), x.Shape.Last));

    /// <summary>Codes of whole heads, as integers, token by token.</summary>
    private readonly struct HashingWork(HashProblem problem, AttentionRows x, int heads, int* codes) : IRowWork
    {
        private const int MostLanes = 16;

        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            ushort* tile = stackalloc ushort[problem.Functions * MostLanes];
            for (long unit = from; unit < to; unit++)
                for (int token = 0; token < x.Tokens; token += TFloats.Count)
                {
                    (int batch, int head) = ((int)(unit / heads), (int)(unit % heads));
                    int count = Math.Min(TFloats.Count, x.Tokens - token);
                    HashTile<TFloats>.Codes(
                        problem, problem.Of(batch, head), x.At(batch, token, head * problem.Width), x.Stride, count,
                        tile, MostLanes);
                    for (int i = 0; i < count * problem.Functions; i++)
                        codes[(unit * x.Tokens + token) * problem.Functions + i] =
                            tile[i % problem.Functions * MostLanes + i / problem.Functions];
                }
        }
    }

    private readonly struct WalshHadamardWork(float* x, float* y, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            int padded = AttentionPacking<TFloats>.Padded(width);
            float* copy = MatrixProductScratch.Own((nuint)(2 * padded * TFloats.Count));
            float* tile = copy + padded * TFloats.Count;
            for (long row = from; row < to; row += TFloats.Count)
            {
                int rows = (int)Math.Min(TFloats.Count, to - row);
                AttentionPacking<TFloats>.ReadTransposed(x + row * width, width, rows, width, null, copy, tile);
                WalshHadamard<TFloats>.Transform(tile, width, tile);
                for (int i = 0; i < rows; i++)
                    for (int column = 0; column < width; column++)
                        y[(row + i) * width + column] = tile[column * TFloats.Count + i];
            }
        }
    }
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void ConvolveTokens(Columns x, int heads, Tensor filter, TokenMask? mask, Tensor y)
    {
        var blocks = new ConvolutionBlocks(x, heads, filter);
        fixed (byte* valid = mask is null ? default : mask.Valid.Span)
            RunRows(blocks.Count, blocks.Work, new ConvolutionWork(
                blocks, AttentionRows.Of(x), valid, AttentionRows.Of(Columns.All(y))));
    }

    /// <inheritdoc/>
    protected internal override void ConvolveTokensBackward(
        Columns x, int heads, Tensor filter, TokenMask? mask, Tensor dy, Columns dX, Tensor? dFilter)
    {
        var blocks = new ConvolutionBlocks(x, heads, filter);
        if (blocks.Count == 0)
            return;
        Storage? partials = dFilter is null ? null : Allocate(blocks.Count * blocks.Taps);
        fixed (byte* valid = mask is null ? default : mask.Valid.Span)
            RunRows(blocks.Count, 2 * blocks.Work, new ConvolutionBackwardWork(
                blocks, AttentionRows.Of(x), valid, AttentionRows.Of(Columns.All(dy)), AttentionRows.Of(dX),
                partials is null ? null : ((CpuStorage)partials).Pointer));
        if (partials is null)
            return;
        int count = (int)(blocks.Count / heads), taps = blocks.Taps;
        RunRows(heads, (long)count * taps, new AttentionPartials(
            ((CpuStorage)partials).Pointer, taps, heads * taps, count, Pointer(dFilter!), taps, taps, adds: true));
        Free(partials);
    }

    /// <summary>How a convolution falls into blocks of neighbouring tokens of one head, whatever the threads.</summary>
    private readonly struct ConvolutionBlocks(Columns x, int heads, Tensor filter)
    {
        private const int MostTokens = 96;

        private readonly float* _filter = Pointer(filter);
        private readonly int _batch = x.Source.Shape[0], _heads = heads, _tokens = x.Tokens;
        private readonly int _perRow = (x.Tokens + MostTokens - 1) / MostTokens;

        public readonly int Taps = filter.Shape.Last, Width = x.Width / heads;

        public long Count => (long)_batch * _perRow * _heads;

        /// <summary>Products of one block.</summary>
        public long Work => (long)Math.Min(MostTokens, _tokens) * Width * Taps;

        public (int Batch, int Head, int First, int Tokens) At(long block)
        {
            int first = (int)(block / _heads % _perRow) * MostTokens;
            int tokens = Math.Min(MostTokens, _tokens - first);
            return ((int)(block / _heads / _perRow), (int)(block % _heads), first, tokens);
        }

        public float* FilterOf(int head) => _filter + (long)head * Taps;

        public ConvolutionKernel<TFloats> Kernel<TFloats>() where TFloats : unmanaged, IFloats<TFloats> =>
            new(Taps, Width, Math.Min(MostTokens, _tokens));
    }

    private readonly struct ConvolutionWork(
        ConvolutionBlocks blocks, AttentionRows x, byte* valid, AttentionRows y) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            ConvolutionKernel<TFloats> kernel = blocks.Kernel<TFloats>();
            for (long block = from; block < to; block++)
            {
                (int batch, int head, int first, int tokens) = blocks.At(block);
                int column = head * blocks.Width;
                kernel.ReadFilter(blocks.FilterOf(head), backwards: false);
                kernel.ReadTokens(x, valid, batch, first, tokens, column, kernel.Inputs);
                kernel.Convolve(tokens, y.At(batch, first, column), y.Stride);
            }
        }
    }

    /// <summary>A block writes the gradients of its own tokens, and a partial sum of the filter's.</summary>
    private readonly struct ConvolutionBackwardWork(
        ConvolutionBlocks blocks, AttentionRows x, byte* valid, AttentionRows dy, AttentionRows dX, float* dFilters)
        : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            ConvolutionKernel<TFloats> kernel = blocks.Kernel<TFloats>();
            for (long block = from; block < to; block++)
            {
                (int batch, int head, int first, int tokens) = blocks.At(block);
                int column = head * blocks.Width;
                kernel.ReadFilter(blocks.FilterOf(head), backwards: true);
                kernel.ReadTokens(dy, null, batch, first, tokens, column, kernel.Inputs);
                kernel.Convolve(tokens, dX.At(batch, first, column), dX.Stride);
                for (int token = first; valid is not null && token < first + tokens; token++)
                    if (valid[(long)batch * x.Tokens + token] == 0)
                        new Span<float>(dX.At(batch, token, column), blocks.Width).Clear();
                if (dFilters is null)
                    continue;
                kernel.ReadTokens(x, valid, batch, first, tokens, column, kernel.Others);
                kernel.Correlate(tokens, dFilters + block * blocks.Taps);
            }
        }
    }
}

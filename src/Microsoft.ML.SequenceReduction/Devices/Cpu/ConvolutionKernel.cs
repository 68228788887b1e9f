using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The convolution of one head's tokens, some neighbouring ones at a time, in a thread's own memory, where rows are
/// padded to whole vectors.
/// </summary>
/// <remarks>
/// For 6 tokens it is a product with a matrix whose rows are the filter, each one place further on; what lies outside
/// the filter adds exact zeros.
/// </remarks>
internal readonly unsafe struct ConvolutionKernel<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    private const int TokensAtOnce = 6;

    private readonly int _taps, _width, _padded;
    private readonly float* _filter, _mask;

    /// <summary>Takes this thread's memory for so many tokens at a time.</summary>
    public ConvolutionKernel(int taps, int width, int tokens)
    {
        (_taps, _width, _padded) = (taps, width, AttentionPacking<TFloats>.Padded(width));
        int around = tokens + taps - 1, room = around * _padded;
        Inputs = MatrixProductScratch.Own((nuint)(2 * room + around + taps + 2 * (TokensAtOnce - 1)));
        Others = Inputs + room;
        _mask = Others + room;
        _filter = _mask + around;
    }

    /// <summary>Memory for tokens and half a filter before and after them.</summary>
    public float* Inputs { get; }

    /// <summary>The same again.</summary>
    public float* Others { get; }

    /// <summary>Takes a filter, or the same backwards.</summary>
    public void ReadFilter(float* filter, bool backwards)
    {
        new Span<float>(_filter, _taps + 2 * (TokensAtOnce - 1)).Clear();
        for (int tap = 0; tap < _taps; tap++)
            _filter[TokensAtOnce - 1 + tap] = filter[backwards ? _taps - 1 - tap : tap];
    }

    /// <summary>
    /// Reads tokens and half a filter before and after them; zeros where there are none or <paramref name="valid"/>,
    /// which may be null, is 0.
    /// </summary>
    public void ReadTokens(AttentionRows rows, byte* valid, int batch, int first, int tokens, int column, float* to)
    {
        first -= _taps / 2;
        tokens += _taps - 1;
        byte* validRow = valid is null ? null : valid + (long)batch * rows.Tokens;
        for (int i = 0, token = first; i < tokens; i++, token++)
            _mask[i] = token >= 0 && token < rows.Tokens && (validRow is null || validRow[token] != 0) ? 1 : 0;
        AttentionPacking<TFloats>.Read(rows.At(batch, first, column), rows.Stride, tokens, _width, 1, _mask, to);
    }

    /// <summary>Others[t] = Σ_i filter[i] · Inputs[t + i], written to y.</summary>
    public void Convolve(int tokens, float* y, nint stride)
    {
        for (int t = 0; t < tokens; t += TokensAtOnce)
        {
            int rows = Math.Min(TokensAtOnce, tokens - t);
            AttentionKernel<TFloats>.Product(
                rows, _padded, _taps + rows - 1, _filter + TokensAtOnce - 1, -1, 1, Inputs + t * _padded, _padded,
                Others + t * _padded, _padded, adds: false);
        }

        AttentionPacking<TFloats>.Write(Others, tokens, _width, y, stride);
    }

    /// <summary>dFilter[i] = Σ_t dy[t]·x[t + i], dy being Inputs in their middle, x Others.</summary>
    public void Correlate(int tokens, float* dFilter)
    {
        float* dy = Inputs + _taps / 2 * _padded;
        nint count = tokens * _padded;
        int tap = 0;
        for (; tap <= _taps - 6; tap += 6)
            Sums<Six>(dy, Others + tap * _padded, _padded, count, dFilter + tap);
        for (; tap <= _taps - 2; tap += 2)
            Sums<Two>(dy, Others + tap * _padded, _padded, count, dFilter + tap);
        if (tap < _taps)
            Sums<One>(dy, Others + tap * _padded, _padded, count, dFilter + tap);
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Sums<TTaps>(float* dy, float* x, nint step, nint count, float* sums)
        where TTaps : struct, ICompiledSize
    {
        TFloats s0 = TFloats.Of(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
        float* x3 = x + 3 * step;
        for (nint i = 0; i < count; i += TFloats.Count)
        {
            TFloats d = TFloats.Load(dy + i);
            s0 = TFloats.MultiplyAdd(d, TFloats.Load(x + i), s0);
            if (TTaps.Count > 1)
                s1 = TFloats.MultiplyAdd(d, TFloats.Load(x + step + i), s1);
            if (TTaps.Count > 2)
            {
                s2 = TFloats.MultiplyAdd(d, TFloats.Load(x + 2 * step + i), s2);
                s3 = TFloats.MultiplyAdd(d, TFloats.Load(x3 + i), s3);
                s4 = TFloats.MultiplyAdd(d, TFloats.Load(x3 + step + i), s4);
                s5 = TFloats.MultiplyAdd(d, TFloats.Load(x3 + 2 * step + i), s5);
            }
        }

        sums[0] = s0.Sum();
        if (TTaps.Count > 1)
            sums[1] = s1.Sum();
        if (TTaps.Count > 2)
            (sums[2], sums[3], sums[4], sums[5]) = (s2.Sum(), s3.Sum(), s4.Sum(), s5.Sum());
    }
}

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Rows that are the sums of partial rows, always in the same order.</summary>
internal readonly unsafe struct AttentionPartials(
    float* partials, long partialRow, long partialStep, int count, float* sums, long sumRow, int width, bool adds)
    : IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long row = from; row < to; row++)
        {
            float* source = partials + row * partialRow, target = sums + row * sumRow;
            int column = 0;
            for (; column <= width - TFloats.Count; column += TFloats.Count)
            {
                TFloats sum = adds ? TFloats.Load(target + column) : TFloats.Of(0);
                for (int part = 0; part < count; part++)
                    sum += TFloats.Load(source + part * partialStep + column);
                sum.Store(target + column);
            }

            for (; column < width; column++)
            {
                float sum = adds ? target[column] : 0;
                for (int part = 0; part < count; part++)
                    sum += source[part * partialStep + column];
                target[column] = sum;
            }
        }
    }
}

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Whole heads of sampled attention, each by one thread from reading to results, so that what a head is made of stays
/// in that thread's caches. A row is a head in memory.
/// </summary>
internal readonly unsafe struct SampledUnits<TRows, TCrowded>(
    SampledReading reading, SampledSorting sorting, SampledCounting counting, TRows rows, int rowsPerUnit,
    TCrowded crowded)
    : IRowWork where TRows : unmanaged, IRowWork where TCrowded : unmanaged, IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long unit = from; unit < to; unit++)
        {
            reading.Rows<TFloats>(unit * reading.TilesPerUnit, (unit + 1) * reading.TilesPerUnit);
            sorting.Rows<TFloats>(unit * sorting.SortsPerUnit, (unit + 1) * sorting.SortsPerUnit);
            counting.Rows<TFloats>(unit, unit + 1);
            rows.Rows<TFloats>(unit * rowsPerUnit, (unit + 1) * rowsPerUnit);
            crowded.Rows<TFloats>(unit, unit + 1);
        }
    }
}

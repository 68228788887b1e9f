using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Dropout(Tensor x, float rate, ulong seed, Tensor y)
    {
        double share = Math.Round(rate * 4294967296.0);
        for (int i = 0; i < x.Shape.Count; i++)
            Values(y)[i] = DropoutHash(seed, i) < share ? 0 : Values(x)[i] / (1 - (double)rate);
    }

    /// <summary>
    /// A number from 0 to 2³² − 1 for each element. All devices draw this one, so that they drop the same elements.
    /// Mixer: lowbias32 (Wellons 2018, public domain), once over each half of the seed.
    /// </summary>
    internal static uint DropoutHash(ulong seed, long index)
    {
        uint low = Mix((uint)index ^ (uint)seed);
        return Mix(low ^ (uint)(seed >> 32) ^ Mix((uint)(index >> 32)));
    }

    private static uint Mix(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352D;
        x = (x ^ (x >> 15)) * 0x846CA68B;
        return x ^ (x >> 16);
    }
}

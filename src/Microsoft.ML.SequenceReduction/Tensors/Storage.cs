using Microsoft.ML.SequenceReduction.Devices;

namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>A block of numbers in a device's memory, shared by the tensors that view it and given back by the last.</summary>
public abstract class Storage
{
    private int _holders = 1;

    /// <summary>A block of <paramref name="length"/> elements on <paramref name="device"/>.</summary>
    protected Storage(Device device, long length) => (Device, Length) = (device, length);

    /// <summary>The device whose memory this is.</summary>
    public Device Device { get; }

    /// <summary>Number of elements that fit.</summary>
    public long Length { get; }

    internal bool Shared => _holders > 1;

    internal Storage Share()
    {
        _holders++;
        return this;
    }

    internal void Release()
    {
        if (--_holders == 0)
            Device.Free(this);
    }

    /// <summary>Makes a pooled block ready for its next owner.</summary>
    protected internal void Reuse() => _holders = 1;
}

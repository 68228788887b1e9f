using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>
/// Large blocks of the processor's memory, kept from one pass to the next. The system's allocator cuts them up for smaller
/// results and then asks for new ones in each step, whose pages are cleared first: for the logits of a large vocabulary
/// that takes longer than what is computed from them. CUDA's own allocator does not.
/// </summary>
/// <remarks>
/// What is kept and what is in use are together never more than was in use at once: blocks that were not asked for since go
/// first.
/// </remarks>
internal sealed class SpareBlocks
{
    /// <summary>Fewest numbers of a block that is kept: 16 MiB.</summary>
    internal const long Least = 1 << 22;

    private readonly List<torch.Tensor> _kept = [];
    private long _inUse, _mostInUse;
    private bool _closed;

    /// <summary>A block of exactly so many numbers; none where none is kept.</summary>
    public torch.Tensor? Take(long length)
    {
        if (length < Least)
            return null;
        lock (_kept)
        {
            _inUse += length;
            _mostInUse = Math.Max(_mostInUse, _inUse);
            int at = _kept.FindLastIndex(block => block.NumberOfElements == length);
            if (at >= 0)
            {
                torch.Tensor found = _kept[at];
                _kept.RemoveAt(at);
                return found;
            }

            while (_kept.Count > 0 && _kept.Sum(block => block.NumberOfElements) + _inUse > _mostInUse)
            {
                _kept[0].Dispose();
                _kept.RemoveAt(0);
            }

            return null;
        }
    }

    /// <summary>Keeps a block that is no longer in use, or gives it back to the system where it is small.</summary>
    public void Keep(torch.Tensor block)
    {
        lock (_kept)
        {
            bool large = block.NumberOfElements >= Least;
            if (large)
                _inUse -= block.NumberOfElements;
            if (large && !_closed)
                _kept.Add(block);
            else
                block.Dispose();
        }
    }

    /// <summary>Gives all blocks back to the system; none is kept from now on.</summary>
    public void Close()
    {
        lock (_kept)
        {
            _closed = true;
            _kept.ForEach(block => block.Dispose());
            _kept.Clear();
        }
    }
}

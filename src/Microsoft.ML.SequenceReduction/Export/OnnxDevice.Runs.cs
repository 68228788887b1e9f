using Microsoft.ML.SequenceReduction.Devices;
using static Microsoft.ML.SequenceReduction.Export.OnnxMessages;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>The hash of <see cref="NGramRows"/> in nodes, on whole numbers of 64 bits that wrap around.</summary>
internal sealed partial class OnnxDevice
{
    private const long LowHalf = 0xFFFFFFFF, HalfRange = 1L << 32;

    /// <inheritdoc/>
    protected internal override ReadOnlyMemory<int> HashRuns(
        ReadOnlyMemory<int> ids, int tokens, int length, int rows)
    {
        OnnxValue given = Ids(ids), count = given.Length(1), zero = _graph.Constant(0L);
        OnnxValue longer = _graph.Node(
            "Pad", [given, _graph.Constants(0, length - 1, 0, 0), _graph.Constant(-1L)]);
        OnnxValue hash = zero, least = zero;
        for (int i = 0; i < length; i++)
        {
            OnnxValue token = longer.Slice(1, i, count + i);
            hash = hash * _graph.Constant(unchecked((long)NGramRows.Factor)) + token + 1L;
            least = least.Min(token);
        }

        foreach ((int shift, ulong factor) in NGramRows.MixingSteps)
            hash = hash.With("BitwiseXor", Shifted(hash, shift)) * _graph.Constant(unchecked((long)factor));
        var stand = new int[ids.Length];
        Array.Fill(stand, -1);
        _ids[stand] = (least < zero).Where(_graph.Constant(-1L), Scaled(hash, rows));
        return stand;
    }

    /// <summary>The tensor in the ONNX graph that stands for ids of the sample.</summary>
    private OnnxValue Ids(ReadOnlyMemory<int> ids) => _ids.TryGetValue(ids, out OnnxValue known)
        ? known
        : throw new InvalidOperationException("Ids are used that do not follow from the model's input.");

    /// <summary>Bits moved down, zeros from above.</summary>
    private OnnxValue Shifted(OnnxValue bits, int places) => bits.As(OnnxType.UInt64)
        .With("BitShift", _graph.Constant((ulong)places), Attribute("direction", "RIGHT")).As(OnnxType.Int64);

    /// <summary>The upper 64 bits of a hash times the rows, which are below 2³¹, by way of halves.</summary>
    private OnnxValue Scaled(OnnxValue hash, long rows)
    {
        OnnxValue factor = _graph.Constant(rows), range = _graph.Constant(HalfRange);
        OnnxValue low = hash.With("BitwiseAnd", _graph.Constant(LowHalf)) * factor / range;
        return (Shifted(hash, 32) * factor + low) / range;
    }
}

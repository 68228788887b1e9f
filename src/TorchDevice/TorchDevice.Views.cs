using System.Runtime.InteropServices;
using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>How tensors and host memory are seen by libtorch, and how results come back.</summary>
public sealed partial class TorchDevice
{
    /// <summary>A tensor's elements under other axes, row-major.</summary>
    private static torch.Tensor View(Tensor tensor, params long[] axes)
    {
        var strides = new long[axes.Length];
        long stride = 1;
        for (int axis = axes.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= axes[axis];
        }

        return ((TorchStorage)tensor.Storage).Numbers.as_strided(axes, strides, tensor.Offset);
    }

    private static torch.Tensor View(Tensor tensor) =>
        View(tensor, Array.ConvertAll(tensor.Shape.ToArray(), axis => (long)axis));

    /// <summary>All axes but the last taken together, <c>[R, D]</c>.</summary>
    private static torch.Tensor Rows(Tensor tensor) => View(tensor, tensor.Shape.Rows, tensor.Shape.Last);

    private static torch.Tensor? RowsOrNone(Tensor? tensor) => tensor is null ? null : Rows(tensor);

    private static torch.Tensor? ViewOrNone(Tensor? tensor) => tensor is null ? null : View(tensor);

    /// <summary>Columns by head, <c>[B, H, T, K]</c>.</summary>
    private static torch.Tensor Heads(Columns columns, int heads)
    {
        (long batch, long tokens, long all) = (columns.Source.Shape[0], columns.Tokens, columns.Source.Shape.Last);
        long width = columns.Width / heads;
        return ((TorchStorage)columns.Source.Storage).Numbers.as_strided(
            [batch, heads, tokens, width], [tokens * all, width, all, 1], columns.Source.Offset + columns.Start);
    }

    private static torch.Tensor Heads(Tensor tensor, int heads) => Heads(Columns.All(tensor), heads);

    /// <summary>Whole numbers on the device, as 64-bit ones.</summary>
    private torch.Tensor Integers(ReadOnlySpan<int> values)
    {
        torch.Tensor numbers = torch.empty(values.Length, torch.ScalarType.Int64);
        Span<long> to = MemoryMarshal.Cast<byte, long>(numbers.bytes);
        for (int i = 0; i < to.Length; i++)
            to[i] = values[i];
        return IsCuda ? numbers.to(_device) : numbers;
    }

    /// <summary>Reads 64-bit whole numbers into 32-bit ones.</summary>
    private static void ReadIntegers(torch.Tensor numbers, Span<int> to)
    {
        ReadOnlySpan<long> from = MemoryMarshal.Cast<byte, long>(numbers.cpu().contiguous().bytes);
        for (int i = 0; i < to.Length; i++)
            to[i] = (int)from[i];
    }

    private torch.Tensor Numbers(ReadOnlySpan<float> values)
    {
        torch.Tensor numbers = OnHost(values, torch.ScalarType.Float32);
        return IsCuda ? numbers.to(_device) : numbers;
    }

    /// <summary>
    /// Which tokens are not valid, as truth values of the given axes; none where all are, so that nothing is spent.
    /// </summary>
    private torch.Tensor? Closed(TokenMask? mask, params long[] axes)
    {
        if (mask is null || mask.IsFull)
            return null;
        torch.Tensor valid = OnHost(mask.Valid.Span, torch.ScalarType.Byte);
        return (IsCuda ? valid.to(_device) : valid).eq(0).view(axes);
    }

    private torch.Tensor? ClosedTokens(TokenMask? mask) =>
        mask is null ? null : Closed(mask, mask.Batch, 1, mask.Tokens, 1);

    private torch.Tensor? ClosedKeys(TokenMask? mask) =>
        mask is null ? null : Closed(mask, mask.Batch, 1, 1, mask.Tokens);

    private static torch.Tensor OnHost<T>(ReadOnlySpan<T> values, torch.ScalarType type) where T : unmanaged
    {
        torch.Tensor numbers = torch.empty(values.Length, type);
        MemoryMarshal.AsBytes(values).CopyTo(numbers.bytes);
        return numbers;
    }

    private static Span<float> Floats(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>
    /// Makes a fresh result a tensor's numbers: by handing it over where it is the whole block, else by a copy.
    /// </summary>
    private static void Write(Tensor tensor, torch.Tensor result)
    {
        var storage = (TorchStorage)tensor.Storage;
        if (tensor.Offset != 0 || tensor.Shape.Count != storage.Length)
            View(tensor, result.shape).copy_(result);
        else if (result.is_contiguous() && result.storage_offset() == 0)
            storage.Adopt(result);
        else
            storage.Adopt(result.is_contiguous() ? result.clone() : result.contiguous());
    }

    /// <summary>Writes <c>[B, T, H, K]</c> to columns.</summary>
    private static void Write(Columns columns, torch.Tensor result)
    {
        if (columns.Width == columns.Source.Shape.Last)
            Write(columns.Source, result);
        else
            Heads(columns, (int)result.size(2)).transpose(1, 2).copy_(result);
    }
}

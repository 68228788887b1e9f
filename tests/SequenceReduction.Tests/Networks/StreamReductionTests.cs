using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

/// <summary>Streams reduced to latents and restored from them, chunk by chunk.</summary>
public sealed class StreamReductionTests : IDisposable
{
    private const int Chunk = 8;
    private const int ChunkLatents = 2;

    private static readonly SequenceForm _form = new() { MaxLength = 1000, TokenCount = 11 };

    private readonly CpuDevice _device = new(2);
    private readonly StreamReducer _reducer;

    public StreamReductionTests() => _reducer = Reducer(StaircaseKind.Staircase(Chunk, 2 * Chunk));

    public static TheoryData<StaircaseKind> Kinds =>
    [
        StaircaseKind.Staircase(Chunk, 3 * Chunk),
        StaircaseKind.Cached(Chunk, 2 * Chunk, Chunk),
        StaircaseKind.GlobalCached(Chunk, 2 * Chunk),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stream_gives_the_latents_and_tokens_of_the_whole(StaircaseKind kind)
    {
        using StreamReducer reducer = Reducer(kind);
        foreach (int length in new[] { 0, 1, 7, 8, 9, 45 })
        {
            SequenceRow row = Sequences.Row(_form, length, length);
            using var graph = new Graph(_device);
            Tensor whole = reducer.Reduce(graph, new SequenceBatch([row], _form));
            float[] expected = whole.ToArray();
            float[][] stream = [.. reducer.Reduce(row.Tokens.ToArray())];
            Assert.Equal((length / Chunk + 1) * ChunkLatents, stream.Length);
            Assert.All(stream, latent => Assert.Equal(reducer.LatentWidth, latent.Length));
            float[] numbers = [.. stream.SelectMany(latent => latent)];
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], numbers[i], 1e-5f);

            var best = new int[(length / Chunk + 1) * Chunk];
            _device.ArgMax(reducer.Restore(graph, whole), best);
            int end = Array.IndexOf(best, _form.EndToken, length / Chunk * Chunk);
            Assert.Equal(best[..(end < 0 ? best.Length : end)], reducer.Restore(stream));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(203)]
    public void A_fresh_reducer_nearly_restores_a_stream(int length)
    {
        int[] tokens = Sequences.Row(_form, length, 5).Tokens.ToArray();
        int[] restored = [.. _reducer.Restore(_reducer.Reduce(tokens))];
        Assert.Equal(length, restored.Length);
        Assert.True(
            tokens.Zip(restored).Count(pair => pair.First == pair.Second) >= 0.9 * length,
            $"{string.Join(' ', tokens)} became {string.Join(' ', restored)}");
    }

    [Fact]
    public async Task Asynchronous_streams_give_the_same()
    {
        int[] tokens = Sequences.Row(_form, 45, 1).Tokens.ToArray();
        float[][] latents = [.. _reducer.Reduce(tokens)];
        Assert.Equal(latents, await Gathered(_reducer.Reduce(Later(tokens))));
        Assert.Equal(_reducer.Restore(latents), await Gathered(_reducer.Restore(Later(latents))));
    }

    [Fact]
    public async Task Waiting_for_tokens_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        IAsyncEnumerable<float[]> latents = _reducer.Reduce(Later([1, 2, 3]), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => Gathered(latents));
    }

    [Fact]
    public void Latents_and_tokens_come_as_soon_as_a_chunk_is_full()
    {
        int taken = 0;
        IEnumerable<int> Tokens()
        {
            for (; ; taken++)
                yield return taken % 11;
        }

        using IEnumerator<int> restored = _reducer.Restore(_reducer.Reduce(Tokens())).GetEnumerator();
        for (int place = 0; place < 3 * Chunk; place++)
        {
            Assert.True(restored.MoveNext());
            Assert.Equal((place / Chunk + 1) * Chunk - 1, taken);
        }
    }

    [Fact]
    public void Latents_cut_off_after_a_chunk_restore_what_they_stand_for()
    {
        float[][] latents = [.. _reducer.Reduce(Sequences.Row(_form, 45, 1).Tokens.ToArray())];
        int[] all = [.. _reducer.Restore(latents)];
        Assert.Equal(all[..(3 * Chunk)], _reducer.Restore(latents[..(3 * ChunkLatents)]));
    }

    [Fact]
    public void An_end_marker_that_latents_follow_is_a_mistake()
    {
        // Logits of two tokens, of which 2 is the end marker: it is likeliest in the second place.
        float[] logits = [5, 0, 1, 0, 4, 6];
        using var stream = new LatentStream(1, 1, 2, _ => logits);
        Assert.Empty(stream.Push([0]));
        Assert.Equal([0, 1], stream.Push([0]));
        Assert.Equal([0], stream.End());
    }

    [Fact]
    public void A_token_out_of_range_is_named_with_its_place()
    {
        IEnumerable<float[]> latents = _reducer.Reduce([1, 2, 11]);
        Assert.Contains("token 11 at 2", Assert.Throws<InvalidDataException>(() => latents.ToList()).Message);
    }

    [Fact]
    public void A_latent_of_the_wrong_width_is_named_with_its_place()
    {
        IEnumerable<int> tokens = _reducer.Restore([new float[128], new float[31]]);
        Assert.Contains(
            "latent at 1 has 31 numbers; this network's have 128",
            Assert.Throws<InvalidDataException>(() => tokens.ToList()).Message);
    }

    [Fact]
    public void Latents_that_end_inside_a_chunk_are_refused()
    {
        IEnumerable<int> tokens = _reducer.Restore(_reducer.Reduce([1, 2, 3]).Take(1));
        Assert.Contains("1 of a chunk's 2", Assert.Throws<InvalidDataException>(() => tokens.ToList()).Message);
    }

    [Fact]
    public void A_long_stream_takes_no_more_memory_of_the_device_than_a_short_one()
    {
        using var device = new CpuDevice(1);
        using StreamReducer reducer = Reducer(StaircaseKind.Cached(48, 96, 96), device, width: 16);
        long MemoryAfter(int length)
        {
            Assert.NotEmpty(reducer.Restore(reducer.Reduce(Enumerable.Range(0, length).Select(t => t % 11))).ToList());
            return device.AllocatedBytes;
        }

        // Both streams end inside a chunk at the same place; the first fills the device's pool with blocks.
        MemoryAfter(2000);
        long shortly = MemoryAfter(2000);
        Assert.Equal(shortly, MemoryAfter(20_000));
    }

    public void Dispose()
    {
        _reducer.Dispose();
        _device.Dispose();
    }

    private StreamReducer Reducer(StaircaseKind kind, CpuDevice? device = null, int width = 128) => new(
        _form,
        new()
        {
            Staircase = kind,
            Reduction = new() { LatentLength = ChunkLatents, Width = width, EncoderBlocks = 0 },
        },
        device ?? _device, seed: 5);

    private static async Task<List<T>> Gathered<T>(IAsyncEnumerable<T> items)
    {
        var gathered = new List<T>();
        await foreach (T item in items)
            gathered.Add(item);
        return gathered;
    }

    private static async IAsyncEnumerable<T> Later<T>(
        T[] items, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (T item in items)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}

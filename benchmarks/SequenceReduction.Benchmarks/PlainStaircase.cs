using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>
/// The staircase that the PyTorch program trains: as published, zeros before the stream's first token.
/// </summary>
internal sealed class PlainStaircase : PlainLanguageNetwork
{
    private readonly StaircaseKind _kind;
    private readonly StaircaseStack _stack;
    private readonly StaircaseMemory _memory;
    private readonly TokenMask _mask;

    public PlainStaircase(LanguageSizes sizes, int size, int forward, Device device) : base(sizes)
    {
        _kind = StaircaseKind.Staircase(forward, size, sizes.Tokens) with { AsPublished = true };
        var builder = new LayerBuilder();
        _stack = new StaircaseStack(
            builder.In("staircase"), _kind, sizes.D, sizes.Heads, sizes.Ffn, sizes.Layers, dropout: 0, branchScale: 1);
        _memory = _stack.NewMemory();
        _mask = TokenMask.AllValid(sizes.Batch, sizes.Tokens);
        Build(builder, device);
    }

    public override object Facts => new { Sizes, Size = _kind.StaircaseSize, Forward = _kind.ChunkSize };

    public override void Dispose()
    {
        _memory.Dispose();
        base.Dispose();
    }

    protected override Tensor States(Graph graph, Tensor x) => _stack.Forward(graph, x, _mask, _memory);
}

using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

// After loading, the size of a vector is known only by an attribute. So latents, and all other vectors, are cut into
// blocks whose sizes are powers of two, one contract for each, and put together again: n numbers are the blocks of the
// ones in n's binary digits.

/// <summary>A row with one block of latents.</summary>
internal interface IBlock
{
    /// <summary>Writes the block from the whole latents.</summary>
    void Fill(LatentsOut latents);
}

/// <summary>Cuts one block out of the latents.</summary>
internal abstract class BlockFactory<TBlock> : CustomMappingFactory<LatentsOut, TBlock>
    where TBlock : class, IBlock, new()
{
    public sealed override Action<LatentsOut, TBlock> GetMapping() => Cut;

    private static void Cut(LatentsOut latents, TBlock block) => block.Fill(latents);
}

internal sealed class Block0 : IBlock
{
    [ColumnName(Contract.BlockColumn + "0"), VectorType(1 << 0)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 0);
}

[CustomMappingFactoryAttribute(Contract.Block + "0")]
internal sealed class BlockFactory0 : BlockFactory<Block0>;

internal sealed class Block1 : IBlock
{
    [ColumnName(Contract.BlockColumn + "1"), VectorType(1 << 1)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 1);
}

[CustomMappingFactoryAttribute(Contract.Block + "1")]
internal sealed class BlockFactory1 : BlockFactory<Block1>;

internal sealed class Block2 : IBlock
{
    [ColumnName(Contract.BlockColumn + "2"), VectorType(1 << 2)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 2);
}

[CustomMappingFactoryAttribute(Contract.Block + "2")]
internal sealed class BlockFactory2 : BlockFactory<Block2>;

internal sealed class Block3 : IBlock
{
    [ColumnName(Contract.BlockColumn + "3"), VectorType(1 << 3)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 3);
}

[CustomMappingFactoryAttribute(Contract.Block + "3")]
internal sealed class BlockFactory3 : BlockFactory<Block3>;

internal sealed class Block4 : IBlock
{
    [ColumnName(Contract.BlockColumn + "4"), VectorType(1 << 4)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 4);
}

[CustomMappingFactoryAttribute(Contract.Block + "4")]
internal sealed class BlockFactory4 : BlockFactory<Block4>;

internal sealed class Block5 : IBlock
{
    [ColumnName(Contract.BlockColumn + "5"), VectorType(1 << 5)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 5);
}

[CustomMappingFactoryAttribute(Contract.Block + "5")]
internal sealed class BlockFactory5 : BlockFactory<Block5>;

internal sealed class Block6 : IBlock
{
    [ColumnName(Contract.BlockColumn + "6"), VectorType(1 << 6)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 6);
}

[CustomMappingFactoryAttribute(Contract.Block + "6")]
internal sealed class BlockFactory6 : BlockFactory<Block6>;

internal sealed class Block7 : IBlock
{
    [ColumnName(Contract.BlockColumn + "7"), VectorType(1 << 7)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 7);
}

[CustomMappingFactoryAttribute(Contract.Block + "7")]
internal sealed class BlockFactory7 : BlockFactory<Block7>;

internal sealed class Block8 : IBlock
{
    [ColumnName(Contract.BlockColumn + "8"), VectorType(1 << 8)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 8);
}

[CustomMappingFactoryAttribute(Contract.Block + "8")]
internal sealed class BlockFactory8 : BlockFactory<Block8>;

internal sealed class Block9 : IBlock
{
    [ColumnName(Contract.BlockColumn + "9"), VectorType(1 << 9)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 9);
}

[CustomMappingFactoryAttribute(Contract.Block + "9")]
internal sealed class BlockFactory9 : BlockFactory<Block9>;

internal sealed class Block10 : IBlock
{
    [ColumnName(Contract.BlockColumn + "10"), VectorType(1 << 10)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 10);
}

[CustomMappingFactoryAttribute(Contract.Block + "10")]
internal sealed class BlockFactory10 : BlockFactory<Block10>;

internal sealed class Block11 : IBlock
{
    [ColumnName(Contract.BlockColumn + "11"), VectorType(1 << 11)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 11);
}

[CustomMappingFactoryAttribute(Contract.Block + "11")]
internal sealed class BlockFactory11 : BlockFactory<Block11>;

internal sealed class Block12 : IBlock
{
    [ColumnName(Contract.BlockColumn + "12"), VectorType(1 << 12)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 12);
}

[CustomMappingFactoryAttribute(Contract.Block + "12")]
internal sealed class BlockFactory12 : BlockFactory<Block12>;

internal sealed class Block13 : IBlock
{
    [ColumnName(Contract.BlockColumn + "13"), VectorType(1 << 13)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 13);
}

[CustomMappingFactoryAttribute(Contract.Block + "13")]
internal sealed class BlockFactory13 : BlockFactory<Block13>;

internal sealed class Block14 : IBlock
{
    [ColumnName(Contract.BlockColumn + "14"), VectorType(1 << 14)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 14);
}

[CustomMappingFactoryAttribute(Contract.Block + "14")]
internal sealed class BlockFactory14 : BlockFactory<Block14>;

internal sealed class Block15 : IBlock
{
    [ColumnName(Contract.BlockColumn + "15"), VectorType(1 << 15)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 15);
}

[CustomMappingFactoryAttribute(Contract.Block + "15")]
internal sealed class BlockFactory15 : BlockFactory<Block15>;

internal sealed class Block16 : IBlock
{
    [ColumnName(Contract.BlockColumn + "16"), VectorType(1 << 16)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 16);
}

[CustomMappingFactoryAttribute(Contract.Block + "16")]
internal sealed class BlockFactory16 : BlockFactory<Block16>;

internal sealed class Block17 : IBlock
{
    [ColumnName(Contract.BlockColumn + "17"), VectorType(1 << 17)]
    public VBuffer<float> Values;

    public void Fill(LatentsOut latents) => Mappings.Block(latents, ref Values, 1 << 17);
}

[CustomMappingFactoryAttribute(Contract.Block + "17")]
internal sealed class BlockFactory17 : BlockFactory<Block17>;

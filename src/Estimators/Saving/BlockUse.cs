namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>The blocks by the power of two that is their size.</summary>
internal static class Blocks
{
    /// <summary>Number of blocks.</summary>
    public const int Count = 18;

    /// <summary>Most numbers that a vector may have.</summary>
    public const int LargestSize = (1 << Count) - 1;

    /// <summary>Hands the type of a block to something that works on any.</summary>
    public static void Use(int power, IBlockUse use)
    {
        switch (power)
        {
            case 0: use.Run<Block0>(); break;
            case 1: use.Run<Block1>(); break;
            case 2: use.Run<Block2>(); break;
            case 3: use.Run<Block3>(); break;
            case 4: use.Run<Block4>(); break;
            case 5: use.Run<Block5>(); break;
            case 6: use.Run<Block6>(); break;
            case 7: use.Run<Block7>(); break;
            case 8: use.Run<Block8>(); break;
            case 9: use.Run<Block9>(); break;
            case 10: use.Run<Block10>(); break;
            case 11: use.Run<Block11>(); break;
            case 12: use.Run<Block12>(); break;
            case 13: use.Run<Block13>(); break;
            case 14: use.Run<Block14>(); break;
            case 15: use.Run<Block15>(); break;
            case 16: use.Run<Block16>(); break;
            case 17: use.Run<Block17>(); break;
            default: throw new ArgumentOutOfRangeException(nameof(power));
        }
    }
}

/// <summary>Something done with a block's type.</summary>
internal interface IBlockUse
{
    /// <summary>Does it.</summary>
    void Run<TBlock>() where TBlock : class, IBlock, new();
}

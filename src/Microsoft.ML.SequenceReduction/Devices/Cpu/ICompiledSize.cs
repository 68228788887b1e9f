namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>A number that the compiler knows, so that what a kernel of this size lacks vanishes from its code.</summary>
internal interface ICompiledSize
{
    static abstract int Count { get; }
}

internal readonly struct One : ICompiledSize
{
    public static int Count => 1;
}

internal readonly struct Two : ICompiledSize
{
    public static int Count => 2;
}

internal readonly struct Three : ICompiledSize
{
    public static int Count => 3;
}

internal readonly struct Four : ICompiledSize
{
    public static int Count => 4;
}

internal readonly struct Six : ICompiledSize
{
    public static int Count => 6;
}

internal readonly struct Twelve : ICompiledSize
{
    public static int Count => 12;
}

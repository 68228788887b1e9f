namespace SequenceReduction.Tool;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>An option, a file or a model is not as it must be.</summary>
    public const int BadInput = 1;

    /// <summary>Something went wrong that the input is not to blame for.</summary>
    public const int Failed = 2;

    /// <summary>Ctrl-C, as shells have it: 128 and the number of the signal.</summary>
    public const int Cancelled = 130;
}

namespace SequenceReduction.Samples.Tracking;

/// <summary>The tokens of the walk.</summary>
internal static class WalkToken
{
    public const int Start = 0;
    public const int Left = 1;
    public const int Right = 2;
    public const int Forward = 3;

    /// <summary>The tokens by id.</summary>
    public static string[] Names => ["START", "left", "right", "forward"];
}

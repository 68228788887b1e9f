namespace SequenceReduction.Samples.Tracking;

/// <summary>Tokens of the algorithm task: numbers, whose ids are their classes, then words, then variables.</summary>
internal static class AlgorithmToken
{
    public const int Numbers = 10;
    public const int Assign = 10;
    public const int Increment = 11;
    public const int Decrement = 12;
    public const int If = 13;
    public const int Less = 14;
    public const int Greater = 15;
    public const int Then = 16;
    public const int Semicolon = 17;
    public const int Print = 18;
    public const int End = 19;
    public const int FirstVariable = 20;
    public const int MaxVariables = 5;

    private static readonly string[] _words =
    [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10",
        "=", "++", "--", "if", "<", ">", ":", ";", "print", "END",
        "x", "y", "z", "p", "r",
    ];

    /// <summary>Id, and class, of a number from 1 to <see cref="Numbers"/>.</summary>
    public static int OfNumber(int number) => number - 1;

    /// <summary>The tokens by id of programs with so many variables.</summary>
    public static string[] Names(int variables) => _words[..(FirstVariable + variables)];
}

using System.Numerics;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>Finds a value that is none of the names of keys, and so stands for a missing key.</summary>
internal static class MissingNames
{
    /// <summary>Empty text, NaN, or the largest integer that is not taken.</summary>
    public static TName For<TName>(TName[] names) => names switch
    {
        sbyte[] n => Cast<TName, sbyte>(Largest(n)),
        byte[] n => Cast<TName, byte>(Largest(n)),
        short[] n => Cast<TName, short>(Largest(n)),
        ushort[] n => Cast<TName, ushort>(Largest(n)),
        int[] n => Cast<TName, int>(Largest(n)),
        uint[] n => Cast<TName, uint>(Largest(n)),
        long[] n => Cast<TName, long>(Largest(n)),
        ulong[] n => Cast<TName, ulong>(Largest(n)),
        float[] => Cast<TName, float>(float.NaN),
        double[] => Cast<TName, double>(double.NaN),
        _ => default!,
    };

    private static T Largest<T>(T[] taken) where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        var all = new HashSet<T>(taken);
        T free = T.MaxValue;
        while (all.Contains(free) && free > T.MinValue)
            free--;
        return free;
    }

    private static TName Cast<TName, T>(T value) => (TName)(object)value!;
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceReduction.Tool.Data;

/// <summary>Work on values of a column, whatever their .NET type.</summary>
internal interface IRawTypeUse<out TResult>
{
    /// <summary>Does it with single values.</summary>
    TResult Scalar<T>();

    /// <summary>Does it with vectors.</summary>
    TResult Vector<T>();
}

/// <summary>Finds the .NET type of a column's values.</summary>
internal static class RawType
{
    /// <summary>Works on a column's values.</summary>
    /// <exception cref="UsageException">They are of a type that no file of text can hold.</exception>
    public static TResult Use<TResult>(DataViewSchema.Column column, IRawTypeUse<TResult> use)
    {
        var vector = column.Type as VectorDataViewType;
        Type raw = (vector?.ItemType ?? column.Type).RawType;
        return raw == typeof(ReadOnlyMemory<char>) ? Of<ReadOnlyMemory<char>>()
            : raw == typeof(float) ? Of<float>()
            : raw == typeof(double) ? Of<double>()
            : raw == typeof(bool) ? Of<bool>()
            : raw == typeof(sbyte) ? Of<sbyte>()
            : raw == typeof(byte) ? Of<byte>()
            : raw == typeof(short) ? Of<short>()
            : raw == typeof(ushort) ? Of<ushort>()
            : raw == typeof(int) ? Of<int>()
            : raw == typeof(uint) ? Of<uint>()
            : raw == typeof(long) ? Of<long>()
            : raw == typeof(ulong) ? Of<ulong>()
            : raw == typeof(DateTime) ? Of<DateTime>()
            : throw new UsageException(
                $"Column '{column.Name}' is of type {column.Type}, which is neither text, number nor key; leave it "
                + "out.");

        TResult Of<T>() => vector is null ? use.Scalar<T>() : use.Vector<T>();
    }
}

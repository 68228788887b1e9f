using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>Reads keys as indices of classes: key k is class k − 1, and 0, a missing one, is −1.</summary>
internal static class LabelKeys
{
    /// <summary>Reads the class of the row that a cursor stands on, whenever called.</summary>
    /// <exception cref="InvalidDataException">When called: a key is larger than its type allows.</exception>
    public static Func<int> Class(DataViewRow row, DataViewSchema.Column column, KeyDescription keys)
    {
        return keys.Item switch
        {
            nameof(Byte) => Of<byte>(),
            nameof(UInt16) => Of<ushort>(),
            nameof(UInt32) => Of<uint>(),
            _ => Of<ulong>(),
        };

        Func<int> Of<T>() where T : IBinaryInteger<T>
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = T.Zero;
            return () =>
            {
                getter(ref value);
                return ClassOf(value, keys, new RowPlace(column.Name, row.Position));
            };
        }
    }

    /// <summary>Reads the classes of the positions of the row that a cursor stands on, whenever called.</summary>
    /// <exception cref="InvalidDataException">When called: a key is larger than its type allows.</exception>
    public static Func<int[]> Positions(DataViewRow row, DataViewSchema.Column column, KeyDescription keys)
    {
        return keys.Item switch
        {
            nameof(Byte) => Of<byte>(),
            nameof(UInt16) => Of<ushort>(),
            nameof(UInt32) => Of<uint>(),
            _ => Of<ulong>(),
        };

        Func<int[]> Of<T>() where T : IBinaryInteger<T>
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> value = default;
            return () =>
            {
                getter(ref value);
                ReadOnlySpan<T> items = Vectors.First(in value, value.Length);
                var classes = new int[items.Length];
                var place = new RowPlace(column.Name, row.Position);
                for (int i = 0; i < classes.Length; i++)
                    classes[i] = ClassOf(items[i], keys, place);
                return classes;
            };
        }
    }

    private static int ClassOf<T>(T key, KeyDescription keys, RowPlace place) where T : IBinaryInteger<T>
    {
        ulong value = ulong.CreateTruncating(key);
        if (value > keys.Count)
            throw place.Bad($"holds the key {value}; its type allows 1 to {keys.Count}, and 0 for a missing one.");
        return (int)value - 1;
    }
}

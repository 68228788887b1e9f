using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Minimum, maximum, mean and mean square of every slot of a real column; NaN is passed over.</summary>
internal sealed class ColumnStatistics
{
    private ColumnStatistics(int size)
    {
        Count = new long[size];
        Min = Filled(size, double.PositiveInfinity);
        Max = Filled(size, double.NegativeInfinity);
        Sum = new double[size];
        SumOfSquares = new double[size];
    }

    public long[] Count { get; }

    public double[] Min { get; }

    public double[] Max { get; }

    public double[] Sum { get; }

    public double[] SumOfSquares { get; }

    public int Size => Count.Length;

    public double Mean(int slot) => Count[slot] == 0 ? 0 : Sum[slot] / Count[slot];

    public double MeanSquare(int slot) => Count[slot] == 0 ? 0 : SumOfSquares[slot] / Count[slot];

    public static ColumnStatistics Learn(IDataView data, DataViewSchema.Column column, long maximumRows)
    {
        var type = PrimitiveTypes.ItemTypeOf(column.Type);
        if (column.Type is VectorDataViewType { IsKnownSize: false }
            || (type.RawType != typeof(float) && type.RawType != typeof(double)))
            throw SchemaMismatch.Wrong(
                column.Name, "known-size vector or scalar of Single or Double", column.Type.ToString()!);
        return type.RawType == typeof(float)
            ? Learn<float>(data, column, maximumRows, value => value)
            : Learn<double>(data, column, maximumRows, value => value);
    }

    private static ColumnStatistics Learn<T>(
        IDataView data, DataViewSchema.Column column, long maximumRows, Func<T, double> toDouble)
    {
        var statistics = new ColumnStatistics(column.Type is VectorDataViewType vector ? vector.Size : 1);
        using var cursor = data.GetRowCursor([column]);
        var getter = VectorGetter.Of<T>(cursor, column);
        VBuffer<T> value = default;
        var dense = new T[statistics.Size];
        while (cursor.MoveNext() && cursor.Position < maximumRows)
        {
            getter(ref value);
            value.CopyTo(dense);
            for (var i = 0; i < dense.Length; i++)
                statistics.Add(i, toDouble(dense[i]));
        }
        return statistics;
    }

    private void Add(int slot, double value)
    {
        if (double.IsNaN(value))
            return;
        Count[slot]++;
        Min[slot] = Math.Min(Min[slot], value);
        Max[slot] = Math.Max(Max[slot], value);
        Sum[slot] += value;
        SumOfSquares[slot] += value * value;
    }

    private static double[] Filled(int size, double value)
    {
        var array = new double[size];
        Array.Fill(array, value);
        return array;
    }
}

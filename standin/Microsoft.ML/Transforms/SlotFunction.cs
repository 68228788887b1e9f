using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A function of a value and its slot, over scalars and vectors of real numbers.</summary>
internal static class SlotFunction
{
    /// <summary>Applies a function to every slot; the column's item type decides the precision.</summary>
    public static Delegate Getter(DataViewRow row, DataViewSchema.Column column, Func<double, int, double> function)
        => PrimitiveTypes.ItemTypeOf(column.Type).RawType == typeof(float)
            ? Getter<float>(row, column, function)
            : Getter<double>(row, column, function);

    private static Delegate Getter<T>(
        DataViewRow row, DataViewSchema.Column column, Func<double, int, double> function)
        where T : struct, INumberBase<T>
    {
        var getter = VectorGetter.Of<T>(row, column);
        VBuffer<T> value = default;
        VBuffer<T> dense = default;
        if (column.Type is not VectorDataViewType)
        {
            return new ValueGetter<T>((ref T result) =>
            {
                getter(ref value);
                result = Apply(value.GetValues()[0], 0);
            });
        }
        return new ValueGetter<VBuffer<T>>((ref VBuffer<T> result) =>
        {
            getter(ref value);
            value.CopyToDense(ref dense);
            var source = dense.GetValues();
            var editor = VBufferEditor.Create(ref result, source.Length);
            for (var i = 0; i < source.Length; i++)
                editor.Values[i] = Apply(source[i], i);
            result = editor.Commit();
        });

        T Apply(T item, int slot) => T.CreateTruncating(function(double.CreateTruncating(item), slot));
    }
}

using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Getters that apply a function to a scalar or to every item of a vector.</summary>
internal static class Elementwise
{
    public static Delegate Getter<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> function)
        => column.Type is VectorDataViewType ? OfVector(row, column, function) : OfScalar(row, column, function);

    private static ValueGetter<TOut> OfScalar<TIn, TOut>(
        DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> function)
    {
        var getter = row.GetGetter<TIn>(column);
        TIn value = default!;
        return (ref TOut result) =>
        {
            getter(ref value);
            result = function(value);
        };
    }

    private static ValueGetter<VBuffer<TOut>> OfVector<TIn, TOut>(
        DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> function)
    {
        var getter = row.GetGetter<VBuffer<TIn>>(column);
        var staysSparse = EqualityComparer<TOut>.Default.Equals(function(default!), default);
        VBuffer<TIn> value = default;
        VBuffer<TIn> dense = default;
        return (ref VBuffer<TOut> result) =>
        {
            getter(ref value);
            if (!value.IsDense && !staysSparse)
            {
                value.CopyToDense(ref dense);
                (value, dense) = (dense, value);
            }
            var source = value.GetValues();
            var editor = VBufferEditor.Create(ref result, value.Length, source.Length);
            for (var i = 0; i < source.Length; i++)
                editor.Values[i] = function(source[i]);
            value.GetIndices().CopyTo(editor.Indices);
            result = editor.Commit();
        };
    }
}

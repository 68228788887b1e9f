using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Copies a value so that the source may be overwritten afterwards.</summary>
internal static class ValueCopier
{
    public static void Copy<T>(in T source, ref T destination) => Of<T>.Copy(source, ref destination);

    private delegate void Copying<T>(in T source, ref T destination);

    private static class Of<T>
    {
        public static readonly Copying<T> Copy =
            typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>)
                ? (Copying<T>)Generic.Call<Delegate>(
                    typeof(ValueCopier), nameof(OfVector), typeof(T).GetGenericArguments()[0])
                : (in T source, ref T destination) => destination = source;
    }

    private static Delegate OfVector<TItem>()
        => new Copying<VBuffer<TItem>>(
            (in VBuffer<TItem> source, ref VBuffer<TItem> destination) => source.CopyTo(ref destination));
}

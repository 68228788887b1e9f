using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What the keys of a column stand for: texts or numbers, the first for key 1.</summary>
/// <param name="Type">Name of the .NET type of the names: <c>String</c>, a number type, or <c>Boolean</c>.</param>
/// <param name="Values">The names as text, numbers in invariant form.</param>
/// <remarks>
/// A model file cannot hold empty or equal names, so those are told apart by their key: the third key of name "a"
/// becomes "a#3". Names of another type count as none; so do truth values where a key may be missing, since a saved
/// model needs a name for that too.
/// </remarks>
internal sealed record KeyNames(string Type, string[] Values)
{
    /// <summary>Most names that a model keeps.</summary>
    public const int Limit = 1 << 22;

    private const string Kind = "KeyValues";

    /// <summary>The names of a column's keys; none if it has none that can be kept.</summary>
    /// <param name="column">The column.</param>
    /// <param name="key">The type of its keys.</param>
    /// <param name="missing">Whether the names must also tell a missing key.</param>
    public static KeyNames? Of(DataViewSchema.Column column, KeyDataViewType key, bool missing = true)
    {
        DataViewSchema.Column? names = column.Annotations.Schema.GetColumnOrNull(Kind);
        if (names?.Type is not VectorDataViewType type || key.Count > Limit || type.Size != (int)key.Count)
            return null;
        if (type.ItemType is TextDataViewType)
            return new KeyNames(nameof(String), Distinct(Read<ReadOnlyMemory<char>>(column).Select(v => v.ToString())));
        if (type.ItemType is BooleanDataViewType)
            return missing ? null : new KeyNames(nameof(Boolean), [.. Read<bool>(column).Select(v => v.ToString())]);
        return NumberReader.For(type.ItemType)?.Invoke(column) is not { } numbers ? null
            : numbers.Distinct().Count() == numbers.Length && !numbers.Contains("NaN")
                ? new KeyNames(type.ItemType.RawType.Name, numbers)
                : new KeyNames(nameof(String), Distinct(numbers));
    }

    /// <summary>The names of keys that have none: their numbers.</summary>
    public static KeyNames Numbered(ulong count) => new(
        nameof(String),
        [.. Enumerable.Range(1, checked((int)count)).Select(k => k.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>
    /// The same where a key may also be missing, which truth values cannot tell: they become text.
    /// </summary>
    public KeyNames WithMissing() => Type == nameof(Boolean) ? this with { Type = nameof(String) } : this;

    /// <summary>The annotation that carries the names.</summary>
    public DataViewSchema.Annotations ToAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Use(new Annotating(builder, Values.Length));
        return builder.ToAnnotations();
    }

    /// <summary>Hands the names, in their own type, to something that works on any type.</summary>
    public void Use(IKeyNamesUse use)
    {
        switch (Type)
        {
            case nameof(String): use.Run(Values.Select(v => v.AsMemory()).ToArray(), TextDataViewType.Instance); break;
            case nameof(Boolean): use.Run(Values.Select(bool.Parse).ToArray(), BooleanDataViewType.Instance); break;
            case nameof(SByte): Use<sbyte>(use); break;
            case nameof(Byte): Use<byte>(use); break;
            case nameof(Int16): Use<short>(use); break;
            case nameof(UInt16): Use<ushort>(use); break;
            case nameof(Int32): Use<int>(use); break;
            case nameof(UInt32): Use<uint>(use); break;
            case nameof(Int64): Use<long>(use); break;
            case nameof(UInt64): Use<ulong>(use); break;
            case nameof(Single): Use<float>(use); break;
            case nameof(Double): Use<double>(use); break;
            default: throw new InvalidDataException(
                $"A model says its keys stand for values of type {Type}, which cannot be.");
        }
    }

    private void Use<T>(IKeyNamesUse use) where T : IParsable<T> => use.Run(
        Values.Select(v => T.Parse(v, CultureInfo.InvariantCulture)).ToArray(), ColumnTypes.Number(typeof(T)));

    private static string[] Distinct(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string[] all = [.. names];
        for (int i = 0; i < all.Length; i++)
            while (all[i].Length == 0 || !seen.Add(all[i]))
                all[i] += $"#{i + 1}";
        return all;
    }

    private static T[] Read<T>(DataViewSchema.Column column)
    {
        var values = default(VBuffer<T>);
        column.Annotations.GetValue(Kind, ref values);
        return [.. values.DenseValues()];
    }

    private static class NumberReader
    {
        public static Func<DataViewSchema.Column, string[]>? For(PrimitiveDataViewType type) => type switch
        {
            NumberDataViewType t when t.RawType == typeof(sbyte) => Texts<sbyte>,
            NumberDataViewType t when t.RawType == typeof(byte) => Texts<byte>,
            NumberDataViewType t when t.RawType == typeof(short) => Texts<short>,
            NumberDataViewType t when t.RawType == typeof(ushort) => Texts<ushort>,
            NumberDataViewType t when t.RawType == typeof(int) => Texts<int>,
            NumberDataViewType t when t.RawType == typeof(uint) => Texts<uint>,
            NumberDataViewType t when t.RawType == typeof(long) => Texts<long>,
            NumberDataViewType t when t.RawType == typeof(ulong) => Texts<ulong>,
            NumberDataViewType t when t.RawType == typeof(float) => Texts<float>,
            NumberDataViewType t when t.RawType == typeof(double) => Texts<double>,
            _ => null,
        };

        private static string[] Texts<T>(DataViewSchema.Column column) where T : IFormattable =>
            [.. Read<T>(column).Select(v => v.ToString(null, CultureInfo.InvariantCulture))];
    }

    private sealed class Annotating(DataViewSchema.Annotations.Builder builder, int count) : IKeyNamesUse
    {
        public void Run<T>(T[] names, PrimitiveDataViewType type)
        {
            void Get(ref VBuffer<T> value) => Vectors.Fill<T>(ref value, names);
            builder.Add<VBuffer<T>>(Kind, new VectorDataViewType(type, count), Get);
        }
    }
}

/// <summary>Something done with key names of any type.</summary>
internal interface IKeyNamesUse
{
    /// <summary>Does it.</summary>
    void Run<T>(T[] names, PrimitiveDataViewType type);
}

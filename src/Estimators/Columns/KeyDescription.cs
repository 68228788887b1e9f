using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>A type of keys and what they stand for, as a model keeps it.</summary>
/// <param name="Item">Name of the .NET type of a key: Byte, UInt16, UInt32 or UInt64.</param>
/// <param name="Count">Number of keys that the type allows.</param>
/// <param name="Names">What the keys stand for; none if they have no names of a kind that can be kept.</param>
internal sealed record KeyDescription(string Item, ulong Count, KeyNames? Names)
{
    /// <summary>
    /// What keys stand for in a saved model, which cannot have keys that stand for nothing: there their numbers.
    /// </summary>
    public KeyNames StandingNames() => Names ?? KeyNames.Numbered(Count);

    /// <summary>What the key of a class stands for, as text; its number where keys have no names.</summary>
    /// <param name="index">The class: the key less 1.</param>
    public string NameOf(int index) => Names?.Values[index] ?? $"{index + 1}";

    /// <summary>Whether other keys have the same type and stand for the same.</summary>
    public bool IsSameAs(KeyDescription other) =>
        (Item, Count, Names?.Type) == (other.Item, other.Count, other.Names?.Type)
        && (Names?.Values ?? []).SequenceEqual(other.Names?.Values ?? []);

    /// <summary>The type of one key.</summary>
    public KeyDataViewType ToType() => new(
        Item switch
        {
            nameof(Byte) => typeof(byte),
            nameof(UInt16) => typeof(ushort),
            nameof(UInt32) => typeof(uint),
            nameof(UInt64) => typeof(ulong),
            _ => throw new InvalidDataException($"A model says its keys are of type {Item}, which cannot be."),
        },
        Count);

    /// <summary>The keys of a column of labels, or of vectors of labels.</summary>
    public static KeyDescription OfLabel(DataViewSchema.Column column) => column.Type switch
    {
        KeyDataViewType key => new(key.RawType.Name, key.Count, KeyNames.Of(column, key, missing: false)),
        VectorDataViewType { ItemType: KeyDataViewType key } =>
            new(key.RawType.Name, key.Count, KeyNames.Of(column, key, missing: false)?.WithMissing()),
        _ => throw new ArgumentException(
            $"Column '{column.Name}' is of type {column.Type}, which is no key.", nameof(column)),
    };
}

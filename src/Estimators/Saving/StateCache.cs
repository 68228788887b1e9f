using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// The parsed states of loaded models. A model hands the same text object to every row; it is parsed for the first of
/// them and forgotten together with the text.
/// </summary>
internal static class StateCache
{
    private static readonly ConditionalWeakTable<object, Lazy<LoadedState>> _states = [];

    /// <summary>The state in a text.</summary>
    /// <exception cref="InvalidDataException">It is damaged, of a newer version, or its weights do not fit.</exception>
    public static LoadedState Of(ReadOnlyMemory<char> text)
    {
        object key = MemoryMarshal.TryGetString(text, out string? whole, out _, out _) ? whole
            : MemoryMarshal.TryGetArray(text, out ArraySegment<char> array) ? array.Array!
            : throw new InvalidDataException("The model's weights are not there.");
        return _states.GetValue(key, _ => new(() => new LoadedState(SequenceState.Parse(text)))).Value;
    }
}

/// <summary>The state of a loaded model, and the names of its keys once they are needed.</summary>
internal sealed class LoadedState
{
    private readonly Lazy<object?> _names;

    public LoadedState(SequenceState state)
    {
        State = state;
        _names = new Lazy<object?>(() =>
        {
            var making = new MakingNames();
            state.WrittenKeys?.StandingNames().Use(making);
            return making.Made;
        });
    }

    public SequenceState State { get; }

    /// <summary>The names of the keys in their own type.</summary>
    public KeyValueNames<TName> Names<TName>() => _names.Value as KeyValueNames<TName>
        ?? throw new InvalidDataException($"The model's keys do not stand for values of type {typeof(TName).Name}.");

    private sealed class MakingNames : IKeyNamesUse
    {
        public object? Made { get; private set; }

        public void Run<T>(T[] names, PrimitiveDataViewType type) => Made = new KeyValueNames<T>(names);
    }
}

/// <summary>Names of keys by key, and a value that no key stands for.</summary>
internal sealed class KeyValueNames<TName>(TName[] names)
{
    private readonly TName _missing = MissingNames.For(names);

    /// <summary>What a key stands for.</summary>
    public TName this[ulong key] => key == 0 || key > (ulong)names.Length ? _missing : names[key - 1];
}

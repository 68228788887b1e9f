namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// A <see cref="YosoCall"/> with hash functions as plain pointers and lengths, and memory for some of its heads.
/// </summary>
internal unsafe struct SampledProblem
{
    public readonly AttentionRows Queries, Keys, Values;
    public readonly int Batch, Heads, HeadWidth;

    /// <summary>A head's width rounded up to whole panels.</summary>
    public readonly int Width;

    public readonly HashProblem Hash;
    public readonly HashedSide QuerySide, KeySide;

    /// <summary>Whether the result's rows are brought to length 1.</summary>
    public readonly bool Normalizes;

    /// <summary>For the backward pass: the result and its gradient.</summary>
    public AttentionRows Y, DY;

    /// <summary>Memory for the heads from <see cref="FirstUnit"/> on, all batch rows' heads counted through.</summary>
    public float* Memory;
    public int FirstUnit, UnitsInMemory;

    /// <summary>Most tokens whose partners are summed by one thread at once.</summary>
    public int Group;

    /// <summary>For each head in memory, whether it is crowded; see <see cref="SampledCounting"/>.</summary>
    public int* Crowded;

    // What the forward pass keeps for the backward one, null if nothing: codes of all heads, if they are needed, then
    // the lengths of their results' rows.
    private readonly float* _kept;
    private readonly bool _keepsCodes;

    public SampledProblem(
        in YosoCall call, float* numbers, byte* queryValid, byte* keyValid, float* kept, bool backward)
    {
        _kept = kept;
        (_keepsCodes, Normalizes) = (kept is not null && call.SamplesGradient, call.Normalizes);
        (Batch, Heads, HeadWidth) = (call.Batch, call.Heads, call.HeadWidth);
        Queries = AttentionRows.Of(call.Queries);
        Keys = AttentionRows.Of(call.Keys);
        Values = AttentionRows.Of(call.Values);
        Hash = new HashProblem(call.Hashes!, numbers, Batch, Heads, HeadWidth);
        Width = (HeadWidth + HashedHead.Panel - 1) / HashedHead.Panel * HashedHead.Panel;
        QuerySide = new HashedSide(
            Queries.Tokens, queryValid, Hash, Width, sorts: backward, values: backward, vectors: backward);
        KeySide = new HashedSide(Keys.Tokens, keyValid, Hash, Width, sorts: true, values: true, vectors: backward);
    }

    /// <summary>Heads of all batch rows.</summary>
    public readonly int Units => Batch * Heads;

    /// <summary>Numbers that one head's codes take.</summary>
    public readonly long CodesSize => QuerySide.CodesSize + KeySide.CodesSize;

    /// <summary>Numbers that one head takes in memory.</summary>
    public readonly long UnitSize => QuerySide.Size + KeySide.Size + (_keepsCodes ? 0 : CodesSize);

    /// <summary>Batch row and head of a unit in memory.</summary>
    public readonly (int Batch, int Head) Place(long unit) =>
        ((int)((FirstUnit + unit) / Heads), (int)((FirstUnit + unit) % Heads));

    public readonly HashedHead QueriesOf(long unit) =>
        QuerySide.At(Memory + unit * UnitSize, CodesOf(unit), Place(unit).Batch);

    public readonly HashedHead KeysOf(long unit) => KeySide.At(
        Memory + unit * UnitSize + QuerySide.Size, CodesOf(unit) + QuerySide.CodesSize, Place(unit).Batch);

    /// <summary>The lengths of a head's rows before they were brought to 1, null where none are kept.</summary>
    public readonly float* LengthsOf(long unit) => _kept is null
        ? null
        : _kept + (_keepsCodes ? Units * CodesSize : 0) + (FirstUnit + unit) * Queries.Tokens;

    private readonly float* CodesOf(long unit) => _keepsCodes
        ? _kept + (FirstUnit + unit) * CodesSize
        : Memory + unit * UnitSize + QuerySide.Size + KeySide.Size;
}

namespace Microsoft.ML.Data;

/// <summary>Writes the columns of a data view into objects.</summary>
internal sealed class RowWriter<TRow>
    where TRow : class
{
    private readonly (MemberColumn Member, DataViewSchema.Column Column)[] _bound;

    public RowWriter(DataViewSchema schema, SchemaDefinition? definition, bool ignoreMissing)
    {
        var members = MemberColumn.Of(typeof(TRow), definition, SchemaDefinition.Direction.Write);
        var bound = new List<(MemberColumn, DataViewSchema.Column)>();
        foreach (var member in members)
        {
            if (schema.GetColumnOrNull(member.Name) is not { } column)
            {
                if (ignoreMissing)
                    continue;
                throw SchemaMismatch.Missing(member.Name, "Schema", "");
            }
            member.CheckFits(column);
            bound.Add((member, column));
        }
        _bound = [.. bound];
    }

    /// <summary>The columns that are read.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => _bound.Select(b => b.Column);

    /// <summary>An action that fills an object from where the row stands.</summary>
    public Action<TRow> CreateFiller(DataViewRow row)
    {
        var pokes = _bound
            .Select(b => Generic.Call<Action<TRow>>(
                typeof(RowWriter<TRow>), nameof(Poke), [b.Member.MemberType, b.Column.Type.RawType],
                b.Member, b.Column, row))
            .ToArray();
        return target =>
        {
            foreach (var poke in pokes)
                poke(target);
        };
    }

    private static Action<TRow> Poke<TMember, TRaw>(MemberColumn member, DataViewSchema.Column column, DataViewRow row)
    {
        var getter = row.GetGetter<TRaw>(column);
        var toMember = (ToMember<TRaw, TMember>)MemberTypes.FromRaw(member.MemberType, column.Type);
        var set = MemberAccess.Setter<TRow, TMember>(member.Member);
        var old = MemberAccess.Getter<TRow, TMember>(member.Member);
        TRaw value = default!;
        return target =>
        {
            getter(ref value);
            set(target, toMember(value, old(target)));
        };
    }
}

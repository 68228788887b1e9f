namespace Microsoft.ML.Data;

/// <summary>Reads the columns of a data view from objects: the schema and the getters over a current object.</summary>
internal sealed class RowReader<TRow>
    where TRow : class
{
    private readonly MemberColumn[] _columns;

    public RowReader(SchemaDefinition? definition)
    {
        _columns = MemberColumn.Of(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = DataViewSchema.Of(_columns.Select(c => c.Detached));
    }

    /// <summary>Members under the names, types and annotations of a known schema.</summary>
    public RowReader(DataViewSchema schema)
    {
        var members = MemberColumn.Of(typeof(TRow), null, SchemaDefinition.Direction.Read);
        _columns = schema.Where(c => !c.IsHidden).Select(c => Rebind(members, c)).ToArray();
        Schema = DataViewSchema.Of(_columns.Select(c => c.Detached));
    }

    public DataViewSchema Schema { get; }

    /// <summary>The getter of a column over whatever object is current.</summary>
    public Delegate CreateGetter(int column, Func<TRow> current)
    {
        var (raw, convert) = MemberTypes.ToRaw(_columns[column].MemberType, _columns[column].Type);
        return Generic.Call<Delegate>(
            typeof(RowReader<TRow>), nameof(Getter), [_columns[column].MemberType, raw],
            _columns[column], convert, current);
    }

    private static MemberColumn Rebind(MemberColumn[] members, DataViewSchema.Column column)
    {
        var member = Array.Find(members, m => m.Name == column.Name)
            ?? throw SchemaMismatch.Missing(column.Name, "Schema", "");
        member.CheckFits(column);
        return member with { Type = column.Type, Annotations = column.Annotations };
    }

    private static Delegate Getter<TMember, TRaw>(MemberColumn column, Delegate convert, Func<TRow> current)
    {
        var peek = MemberAccess.Getter<TRow, TMember>(column.Member);
        var toColumn = (ToColumn<TMember, TRaw>)convert;
        return new ValueGetter<TRaw>((ref TRaw value) => toColumn(peek(current()), ref value));
    }
}

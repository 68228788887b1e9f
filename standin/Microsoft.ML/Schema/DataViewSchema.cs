using System.Collections;

namespace Microsoft.ML;

/// <summary>The columns of a data view; a later column hides an earlier one of the same name.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _indexOf = [];

    private DataViewSchema(IReadOnlyList<DetachedColumn> columns)
    {
        for (var i = 0; i < columns.Count; i++)
            _indexOf[columns[i].Name] = i;
        _columns = columns
            .Select((c, i) => new Column(c.Name, i, _indexOf[c.Name] != i, c.Type, c.Annotations))
            .ToArray();
    }

    /// <summary>The number of columns, hidden ones included.</summary>
    public int Count => _columns.Length;

    /// <summary>The visible column of this name.</summary>
    public Column this[string name]
        => GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found");

    /// <summary>The column at this position.</summary>
    public Column this[int columnIndex] => _columns[columnIndex];

    /// <summary>The visible column of this name, if there is one.</summary>
    public Column? GetColumnOrNull(string name)
        => _indexOf.TryGetValue(name ?? throw new ArgumentNullException(nameof(name)), out var i) ? _columns[i] : null;

    /// <inheritdoc/>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{Count} columns";

    internal static DataViewSchema Of(IEnumerable<DetachedColumn> columns) => new(columns.ToArray());

    /// <summary>Whether a column was taken from this schema or one that agrees with it at that place.</summary>
    internal bool Owns(Column column)
        => column.Index < Count && _columns[column.Index].Name == column.Name
            && _columns[column.Index].Type.Equals(column.Type);
}

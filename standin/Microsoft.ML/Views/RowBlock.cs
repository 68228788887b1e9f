using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Rows of some columns kept in memory, with their identifiers and batches.</summary>
internal sealed class RowBlock
{
    private readonly DataViewSchema.Column[] _columns;
    private readonly ColumnBuffer[] _buffers;

    public RowBlock(DataViewSchema.Column[] columns)
    {
        _columns = columns;
        _buffers = columns.Select(ColumnBuffer.Create).ToArray();
    }

    public List<DataViewRowId> Ids { get; } = [];

    public List<long> Batches { get; } = [];

    public int Count => Ids.Count;

    /// <summary>An action that stores the cursor's row at an index, at the end to append.</summary>
    public Action<int> CreateWriter(DataViewRow row)
    {
        var writers = _columns.Select((c, i) => _buffers[i].CreateWriter(row, c)).ToArray();
        var getId = row.GetIdGetter();
        return index =>
        {
            DataViewRowId id = default;
            getId(ref id);
            if (index == Count)
            {
                Ids.Add(id);
                Batches.Add(row.Batch);
            }
            else
            {
                Ids[index] = id;
            }
            foreach (var write in writers)
                write(index);
        };
    }

    /// <summary>Reads all rows of a cursor.</summary>
    public static RowBlock ReadAll(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        var block = new RowBlock(columns);
        using (cursor)
        {
            var write = block.CreateWriter(cursor);
            while (cursor.MoveNext())
                write(block.Count);
        }
        return block;
    }

    /// <summary>The rows of all cursors of a set, in the order of their batches.</summary>
    public static RowBlock Merge(RowBlock[] parts)
    {
        if (parts.Length == 1)
            return parts[0];
        var merged = new RowBlock(parts[0]._columns);
        var rows = parts
            .SelectMany(part => Enumerable.Range(0, part.Count).Select(i => (part, i)))
            .OrderBy(row => row.part.Batches[row.i]);
        foreach (var (part, i) in rows)
        {
            merged.Ids.Add(part.Ids[i]);
            merged.Batches.Add(part.Batches[i]);
            for (var c = 0; c < part._buffers.Length; c++)
                merged._buffers[c].Take(part._buffers[c], i);
        }
        return merged;
    }

    public Delegate CreateGetter(DataViewSchema.Column column, Func<int> index)
        => _buffers[Array.FindIndex(_columns, c => c.Index == column.Index)].CreateGetter(index);
}

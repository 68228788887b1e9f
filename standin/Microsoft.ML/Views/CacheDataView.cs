using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Keeps columns in memory once read; fills itself from a cursor set on other threads.</summary>
internal sealed class CacheDataView : IDataView
{
    private readonly IDataView _source;
    private readonly object _lock = new();
    private readonly Dictionary<int, RowBlock> _cached = [];

    public CacheDataView(IDataView source, string[] prefetch)
    {
        _source = source;
        if (prefetch.Length > 0)
            Fill(prefetch.Select(source.Schema.Require).ToArray());
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount()
    {
        lock (_lock)
            return _cached.Count > 0 ? _cached.First().Value.Count : _source.GetRowCount();
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.Where(Schema.Owns).ToArray();
        Fill(columns);
        return new Cursor(this, columns, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    // Without any column, one block still counts the rows.
    private void Fill(DataViewSchema.Column[] columns)
    {
        lock (_lock)
        {
            var missing = columns.Where(c => !_cached.ContainsKey(c.Index)).ToArray();
            if (missing.Length == 0 && _cached.Count > 0)
                return;
            var cursors = _source.GetRowCursorSet(missing, Environment.ProcessorCount);
            var parts = cursors
                .Select(c => Task.Factory.StartNew(() => RowBlock.ReadAll(c, missing), TaskCreationOptions.LongRunning))
                .ToArray();
            var block = RowBlock.Merge(Task.WhenAll(parts).GetAwaiter().GetResult());
            foreach (var column in missing)
                _cached[column.Index] = block;
            _cached.TryAdd(-1, block);
        }
    }

    private sealed class Cursor : ActiveCursor
    {
        private readonly CacheDataView _cache;
        private readonly RowBlock _rows;
        private readonly int[]? _order;

        public Cursor(CacheDataView cache, DataViewSchema.Column[] active, Random? rand) : base(cache.Schema, active)
        {
            _cache = cache;
            _rows = cache._cached[-1];
            if (rand is null)
                return;
            _order = Enumerable.Range(0, _rows.Count).ToArray();
            rand.Shuffle(_order);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = _rows.Ids[Index()];

        protected override bool Step() => Position + 1 < _rows.Count;

        protected override Delegate CreateGetter(DataViewSchema.Column column)
        {
            lock (_cache._lock)
                return _cache._cached[column.Index].CreateGetter(column, Index);
        }

        private int Index() => _order is null ? (int)Position : _order[Position];
    }
}

using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Shuffles through a pool: each row shown is drawn from the pool and replaced by the next one read.</summary>
internal sealed class ShuffleDataView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var random = rand ?? new Random(seed);
        var columns = columnsNeeded.Where(Schema.Owns).ToArray();
        var input = source.GetRowCursor(columns, shuffleSource && source.CanShuffle ? random : null);
        return new Cursor(input, Schema, columns, random, poolSize);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : ActiveCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _random;
        private readonly int _poolSize;
        private readonly RowBlock _pool;
        private readonly Action<int> _write;
        private readonly List<int> _filled = [];
        private int _current = -1;

        public Cursor(
            DataViewRowCursor input,
            DataViewSchema schema,
            DataViewSchema.Column[] active,
            Random random,
            int poolSize)
            : base(schema, active)
        {
            _input = input;
            _random = random;
            _poolSize = Math.Max(1, poolSize);
            _pool = new(active);
            _write = _pool.CreateWriter(input);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = _pool.Ids[_current];

        protected override bool Step()
        {
            while (_pool.Count < _poolSize && _input.MoveNext())
            {
                _filled.Add(_pool.Count);
                _write(_pool.Count);
            }
            if (_current >= 0 && _input.MoveNext())
            {
                _write(_current);
                _filled.Add(_current);
            }
            if (_filled.Count == 0)
                return false;
            var drawn = _random.Next(_filled.Count);
            _current = _filled[drawn];
            _filled[drawn] = _filled[^1];
            _filled.RemoveAt(_filled.Count - 1);
            return true;
        }

        protected override Delegate CreateGetter(DataViewSchema.Column column)
            => _pool.CreateGetter(column, () => _current);

        protected override void Dispose(bool disposing) => _input.Dispose();
    }
}

namespace Microsoft.ML.Data;

/// <summary>Text files as a data view: every cursor opens the files anew and holds one line.</summary>
internal sealed class TextDataView(TextLoader.Options options, IMultiStreamSource source, TextColumns columns)
    : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => columns.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(options, source, columns, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : ActiveCursor
    {
        private readonly TextLoader.Options _options;
        private readonly IMultiStreamSource _source;
        private readonly TextColumns _columns;
        private readonly FieldSplitter _splitter;
        private TextReader? _reader;
        private int _nextFile;

        public Cursor(
            TextLoader.Options options,
            IMultiStreamSource source,
            TextColumns columns,
            IEnumerable<DataViewSchema.Column> active)
            : base(columns.Schema, active)
        {
            _options = options;
            _source = source;
            _columns = columns;
            _splitter = new(options);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new((ulong)Position, 0);

        protected override bool Step()
        {
            if (Position + 1 >= (_options.MaxRows ?? long.MaxValue))
                return false;
            while (_reader is not null || OpenNext())
            {
                if (_splitter.ReadNext(_reader!))
                    return true;
                _reader!.Dispose();
                _reader = null;
            }
            return false;
        }

        protected override Delegate CreateGetter(DataViewSchema.Column column)
            => _columns.CreateGetter(column, _splitter);

        protected override void Dispose(bool disposing) => _reader?.Dispose();

        private bool OpenNext()
        {
            if (_nextFile >= _source.Count)
                return false;
            _reader = _source.OpenTextReader(_nextFile++);
            _splitter.Restart();
            if (_options.HasHeader)
                _splitter.ReadNext(_reader);
            return true;
        }
    }
}

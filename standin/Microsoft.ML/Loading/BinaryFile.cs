using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// A data view as a file: a magic number, the schema, then the rows, value after value.
/// It is this stand-in's own layout, not the real package's.
/// </summary>
internal static class BinaryFile
{
    private const ulong Magic = 0x4E49444E41545342; // "BSTANDIN"

    public static void Save(IDataView data, Stream stream)
    {
        var columns = data.Schema.Where(c => !c.IsHidden).ToArray();
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        SchemaCodec.Write(writer, data.Schema);
        using var cursor = data.GetRowCursor(columns);
        var write = columns
            .Select(c => Generic.Call<Action<BinaryWriter>>(
                typeof(BinaryFile), nameof(Writer), c.Type.RawType, cursor, c))
            .ToArray();
        while (cursor.MoveNext())
        {
            writer.Write(true); // another row follows
            foreach (var column in write)
                column(writer);
        }
        writer.Write(false);
    }

    public static IDataView Load(IMultiStreamSource source)
    {
        using var reader = Open(source);
        return new View(source, SchemaCodec.Read(reader));
    }

    private static BinaryReader Open(IMultiStreamSource source)
    {
        var reader = new BinaryReader(new BufferedStream(source.Open(0), 1 << 16));
        return reader.ReadUInt64() == Magic
            ? reader
            : throw new FormatException("Not a binary data file of this stand-in for Microsoft.ML");
    }

    private static Action<BinaryWriter> Writer<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var codec = ValueCodec.Of<T>();
        T value = default!;
        return writer =>
        {
            getter(ref value);
            codec.Write(writer, value);
        };
    }

    private sealed class View(IMultiStreamSource source, DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
            => new Cursor(Open(source), schema, columnsNeeded);

        public DataViewRowCursor[] GetRowCursorSet(
            IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
            => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor : ActiveCursor
    {
        private readonly BinaryReader _reader;
        private readonly Slot[] _slots;

        public Cursor(BinaryReader reader, DataViewSchema schema, IEnumerable<DataViewSchema.Column> active)
            : base(schema, active)
        {
            _reader = reader;
            SchemaCodec.Read(reader);
            _slots = schema
                .Select(c => Generic.Call<Slot>(typeof(Cursor), nameof(CreateSlot), c.Type.RawType))
                .ToArray();
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new((ulong)Position, 0);

        protected override bool Step()
        {
            if (!_reader.ReadBoolean())
                return false;
            foreach (var slot in _slots)
                slot.Read(_reader);
            return true;
        }

        protected override Delegate CreateGetter(DataViewSchema.Column column) => _slots[column.Index].Getter;

        protected override void Dispose(bool disposing) => _reader.Dispose();

        private static Slot CreateSlot<T>()
        {
            var codec = ValueCodec.Of<T>();
            T current = default!;
            return new(
                reader => current = codec.Read(reader),
                new ValueGetter<T>((ref T value) => ValueCopier.Copy(current, ref value)));
        }
    }

    /// <summary>The present value of a column: how to read the next one and how to get it.</summary>
    private sealed record Slot(Action<BinaryReader> Read, Delegate Getter);
}

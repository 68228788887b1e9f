using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;

namespace SequenceReduction.Tool.Models;

/// <summary>How long sequences are.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="Tokens">Positions that are read: bytes of text, keys, integers or frames.</param>
/// <param name="Cut">Sequences that are longer than the transformer reads.</param>
internal readonly record struct SequenceLengths(long Rows, long Tokens, long Cut)
{
    /// <summary>Measures what a transformer reads.</summary>
    public static SequenceLengths Of(SequenceTransformer transformer, IDataView data)
    {
        DataViewSchema.Column column = data.Schema[transformer.InputColumnName];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Func<int> length = RawType.Use(column, new Reading(cursor, column));
        int frame = Math.Max(1, transformer.Form.FrameWidth);
        (long rows, long tokens, long cut) = (0, 0, 0);
        while (cursor.MoveNext())
        {
            int positions = length() / frame;
            rows++;
            tokens += Math.Min(positions, transformer.MaxLength);
            cut += positions > transformer.MaxLength ? 1 : 0;
        }

        return new SequenceLengths(rows, tokens, cut);
    }

    private sealed class Reading(DataViewRow row, DataViewSchema.Column column) : IRawTypeUse<Func<int>>
    {
        public Func<int> Scalar<T>()
        {
            ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                getter(ref text);
                return System.Text.Encoding.UTF8.GetByteCount(text.Span);
            };
        }

        public Func<int> Vector<T>()
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> items = default;
            return () =>
            {
                getter(ref items);
                return items.Length;
            };
        }
    }
}

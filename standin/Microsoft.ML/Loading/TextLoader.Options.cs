namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>How a text file is laid out.</summary>
    public class Options
    {
        /// <summary>Whether a field may stand in quotes.</summary>
        public bool AllowQuoting;

        /// <summary>Whether rows may be sparse; not supported by this stand-in.</summary>
        public bool AllowSparse;

        /// <summary>The columns.</summary>
        public Column[]? Columns;

        /// <summary>The decimal marker of real numbers.</summary>
        public char DecimalMarker = '.';

        /// <summary>The character that lets a quote stand inside quotes.</summary>
        public char EscapeChar = '"';

        /// <summary>Whether the first line names the fields.</summary>
        public bool HasHeader;

        /// <summary>A file to take the header from.</summary>
        public string? HeaderFile;

        /// <summary>The number of fields, if it is to be fixed.</summary>
        public int? InputSize;

        /// <summary>How many rows to read at most.</summary>
        public long? MaxRows;

        /// <summary>Whether an empty real number is NaN, not 0.</summary>
        public bool MissingRealsAsNaNs;

        /// <summary>Whether a quoted field may hold line ends.</summary>
        public bool ReadMultilines;

        /// <summary>What stands between fields.</summary>
        public char[] Separators = ['\t'];

        /// <summary>Whether blanks around a field are cut off.</summary>
        public bool TrimWhitespace;

        /// <summary>Ignored: this stand-in reads on the caller's thread.</summary>
        public bool UseThreads = true;
    }

    /// <summary>One column and the fields it is made of.</summary>
    public sealed class Column
    {
        /// <summary>How many values a key column has.</summary>
        public KeyCount? KeyCount;

        /// <summary>The name.</summary>
        public string Name = "";

        /// <summary>The fields.</summary>
        public Range[] Source = [];

        /// <summary>An empty column to be filled in.</summary>
        public Column()
        {
        }

        /// <summary>A column of one field.</summary>
        public Column(string name, DataKind dataKind, int index) : this(name, dataKind, [new Range(index)])
        {
        }

        /// <summary>A vector of the fields from first to last.</summary>
        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new Range(minIndex, maxIndex)])
        {
        }

        /// <summary>A column of several ranges of fields.</summary>
        public Column(string name, DataKind dataKind, Range[] source, KeyCount? keyCount = null)
        {
            Name = name;
            DataKind = dataKind;
            Source = source;
            KeyCount = keyCount;
        }

        /// <summary>The kind of the items.</summary>
        public DataKind DataKind { get; set; } = DataKind.Single;
    }

    /// <summary>A range of fields.</summary>
    public sealed class Range
    {
        /// <summary>All fields no other column takes; not supported by this stand-in.</summary>
        public bool AllOther;

        /// <summary>Up to the last field of the first row.</summary>
        public bool AutoEnd;

        /// <summary>A vector even if it is one field.</summary>
        public bool ForceVector;

        /// <summary>The last field; without one the range ends with the row.</summary>
        public int? Max;

        /// <summary>The first field.</summary>
        public int Min;

        /// <summary>Up to the last field of each row; not supported by this stand-in.</summary>
        public bool VariableEnd;

        /// <summary>An empty range to be filled in.</summary>
        public Range()
        {
        }

        /// <summary>One field.</summary>
        public Range(int index) => Min = (Max = index).Value;

        /// <summary>The fields from first to last; without a last, to the end of the first row.</summary>
        public Range(int min, int? max)
        {
            Min = min;
            Max = max;
            AutoEnd = max is null;
        }
    }
}

/// <summary>The number of values of a key.</summary>
public sealed class KeyCount
{
    /// <summary>The number, or null for as many as the type holds.</summary>
    public ulong? Count;

    /// <summary>As many as the type holds.</summary>
    public KeyCount()
    {
    }

    /// <summary>This many.</summary>
    public KeyCount(ulong count) => Count = count;
}

using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before anything is learnt.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private readonly Column[] _columns;

    /// <summary>Creates a shape from its columns.</summary>
    public SchemaShape(IEnumerable<Column> columns) => _columns = columns.ToArray();

    internal static SchemaShape Empty { get; } = new([]);

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>The column at this position.</summary>
    public Column this[int index] => _columns[index];

    /// <inheritdoc/>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema)
        => new(schema.Where(c => !c.IsHidden).Select(c => Of(c.Name, c.Type, c.Annotations)));

    internal static Column Of(string name, DataViewType type, DataViewSchema.Annotations? annotations = null)
    {
        var item = PrimitiveTypes.ItemTypeOf(type);
        var kind = type is not VectorDataViewType vector ? Column.VectorKind.Scalar
            : vector.IsKnownSize ? Column.VectorKind.Vector : Column.VectorKind.VariableVector;
        return new(
            name,
            kind,
            item is KeyDataViewType ? PrimitiveTypes.FromRawType(item.RawType)! : item,
            item is KeyDataViewType,
            annotations is null ? Empty : Create(annotations.Schema));
    }

    internal bool TryFindColumn(string name, out Column column)
    {
        var index = Array.FindLastIndex(_columns, c => c.Name == name);
        column = index < 0 ? default : _columns[index];
        return index >= 0;
    }

    internal Column Find(string name)
        => TryFindColumn(name, out var column)
            ? column
            : throw new ArgumentOutOfRangeException("inputSchema", $"Could not find input column '{name}'");

    /// <summary>The shape with columns added, each in the place of one of the same name.</summary>
    internal SchemaShape With(IEnumerable<Column> added)
    {
        var columns = _columns.ToList();
        foreach (var column in added)
        {
            var index = columns.FindIndex(c => c.Name == column.Name);
            if (index < 0)
                columns.Add(column);
            else
                columns[index] = column;
        }
        return new(columns);
    }

    /// <summary>One column of a shape.</summary>
    public readonly struct Column
    {
        /// <summary>Scalar or vector.</summary>
        public enum VectorKind
        {
            /// <summary>One value.</summary>
            Scalar,

            /// <summary>A vector whose size is fixed.</summary>
            Vector,

            /// <summary>A vector whose size varies.</summary>
            VariableVector,
        }

        /// <summary>The name.</summary>
        public readonly string Name;

        /// <summary>Scalar or vector.</summary>
        public readonly VectorKind Kind;

        /// <summary>The type of the items (the raw number type for a key).</summary>
        public readonly DataViewType ItemType;

        /// <summary>Whether the items are keys.</summary>
        public readonly bool IsKey;

        /// <summary>The annotations present.</summary>
        public readonly SchemaShape Annotations;

        internal Column(
            string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
        {
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? Empty;
        }

        internal bool HasAnnotation(string kind) => Annotations.TryFindColumn(kind, out _);

        internal Column Renamed(string name) => new(name, Kind, ItemType, IsKey, Annotations);

        internal bool Accepts(Column source)
            => Kind == source.Kind && ItemType.Equals(source.ItemType) && IsKey == source.IsKey;

        internal string GetTypeString()
        {
            var item = IsKey ? $"Key<{ItemType}>" : $"{ItemType}";
            return Kind switch
            {
                VectorKind.Scalar => item,
                VectorKind.Vector => $"Vector<{item}>",
                _ => $"VarVector<{item}>",
            };
        }
    }
}

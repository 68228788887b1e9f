using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Which columns the members of a class stand for; names and types may be changed at run time.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>Which way values flow.</summary>
    [Flags]
    public enum Direction
    {
        /// <summary>Members are read.</summary>
        Read = 1,

        /// <summary>Members are written.</summary>
        Write = 2,

        /// <summary>Both.</summary>
        Both = Read | Write,
    }

    /// <summary>The column of this name.</summary>
    public Column this[string columnName]
    {
        get => Find(c => c.ColumnName == columnName)
            ?? throw new ArgumentOutOfRangeException(nameof(columnName), $"No column '{columnName}'");
        set
        {
            var index = FindIndex(c => c.ColumnName == columnName);
            if (index < 0)
                throw new ArgumentOutOfRangeException(nameof(columnName), $"No column '{columnName}'");
            this[index] = value;
        }
    }

    /// <summary>The definition a class's members and their attributes give.</summary>
    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition();
        foreach (var member in MemberAccess.ColumnsOf(userType, direction))
        {
            var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (definition.Exists(c => c.ColumnName == name))
                throw new ArgumentException($"Duplicate column name '{name}' detected", nameof(userType));
            definition.Add(new(member.Name, MemberTypes.ColumnTypeOf(member), name));
        }
        return definition;
    }

    /// <summary>One member and its column.</summary>
    public sealed class Column
    {
        private DataViewSchema.Annotations.Builder? _annotations;

        internal Column(string memberName, DataViewType columnType, string? columnName = null)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName ?? memberName;
        }

        /// <summary>The member of the class.</summary>
        public string MemberName { get; }

        /// <summary>The column; when null, the member's name.</summary>
        public string ColumnName { get; set; }

        /// <summary>The type of the column.</summary>
        public DataViewType ColumnType { get; set; }

        /// <summary>The annotations added.</summary>
        public DataViewSchema.Annotations Annotations
            => _annotations?.ToAnnotations() ?? DataViewSchema.Annotations.Empty;

        /// <summary>Adds an annotation.</summary>
        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            _annotations ??= new();
            var (raw, write) = MemberTypes.ToRaw(typeof(T), annotationType);
            var getter = Generic.Call<Delegate>(
                typeof(MemberTypes), nameof(MemberTypes.Constant), [typeof(T), raw], value, write);
            _annotations.Add(kind, annotationType, getter);
        }
    }
}

using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Named values that describe a column.</summary>
    public sealed partial class Annotations
    {
        private readonly Delegate[] _getters;

        private Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        /// <summary>No annotations.</summary>
        public static Annotations Empty { get; } = new(Of([]), []);

        /// <summary>One column per annotation.</summary>
        public DataViewSchema Schema { get; }

        /// <summary>The getter of one annotation.</summary>
        public ValueGetter<TValue> GetGetter<TValue>(Column column)
        {
            if (!Schema.Owns(column))
                throw new ArgumentOutOfRangeException(nameof(column), $"No annotation column '{column.Name}'");
            return RowGetters.Cast<TValue>(_getters[column.Index], column);
        }

        /// <summary>Reads one annotation by its kind.</summary>
        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind)
                ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetValue)}': no annotation '{kind}'");
            GetGetter<TValue>(column)(ref value);
        }

        /// <inheritdoc/>
        public override string ToString() => string.Join(", ", Schema.Select(c => c.Name));

        internal Delegate GetterAt(int index) => _getters[index];

        /// <summary>Collects annotations.</summary>
        public sealed class Builder
        {
            private readonly List<(DetachedColumn Column, Delegate Getter)> _items = [];

            /// <summary>Copies the annotations whose names are selected.</summary>
            public void Add(Annotations? annotations, Func<string, bool> selector)
            {
                foreach (var column in annotations?.Schema.AsEnumerable() ?? [])
                {
                    if (!column.IsHidden && selector(column.Name))
                        _items.Add((new(column), annotations!.GetterAt(column.Index)));
                }
            }

            /// <summary>Adds an annotation read by a getter.</summary>
            public void Add<TValue>(
                string name, DataViewType type, ValueGetter<TValue> getter, Annotations? annotations = null)
                => Add(name, type, (Delegate)getter, annotations);

            /// <summary>Adds an annotation read by a getter of the type's raw type.</summary>
            public void Add(string name, DataViewType type, Delegate getter, Annotations? annotations = null)
            {
                if (getter.GetType() != typeof(ValueGetter<>).MakeGenericType(type.RawType))
                    throw new ArgumentException($"The getter does not give values of '{type}'", nameof(getter));
                _items.Add((new(name, type, annotations), getter));
            }

            /// <summary>Adds a single primitive value.</summary>
            public void AddPrimitiveValue<TValue>(
                string name, PrimitiveDataViewType type, TValue value, Annotations? annotations = null)
                => Add(name, type, (ref TValue destination) => destination = value, annotations);

            /// <summary>The finished annotations.</summary>
            public Annotations ToAnnotations()
                => new(Of(_items.Select(i => i.Column)), _items.Select(i => i.Getter).ToArray());
        }
    }
}

namespace Microsoft.ML.Data;

/// <summary>Reads text files line by line: memory does not grow with the number of rows.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly Options _options;
    private readonly IMultiStreamSource? _sample;

    internal TextLoader(Options options, IMultiStreamSource? sample)
    {
        if (options.AllowSparse)
            throw new NotSupportedException("This stand-in for Microsoft.ML does not read sparse text files");
        if (options.Columns is not { Length: > 0 })
            throw new ArgumentException("Columns must be given: this stand-in does not infer them", nameof(options));
        _options = options;
        _sample = sample;
    }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema() => Bind(_sample).Schema;

    /// <inheritdoc/>
    public IDataView Load(IMultiStreamSource source) => new TextDataView(_options, source, Bind(_sample ?? source));

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => throw new NotSupportedException("This stand-in for Microsoft.ML does not save loaders");

    /// <summary>The options the attributes of a class give.</summary>
    internal static Column[] ColumnsOf(Type type)
    {
        var columns = new List<Column>();
        foreach (var member in MemberAccess.ColumnsOf(type, SchemaDefinition.Direction.Write, withNoColumn: true))
        {
            if (Attribute.GetCustomAttribute(member, typeof(LoadColumnAttribute)) is not LoadColumnAttribute load)
            {
                var what = member is System.Reflection.FieldInfo ? "Field" : "Property";
                throw new InvalidOperationException(
                    $"{what} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
            }
            var item = PrimitiveTypes.ItemTypeOf(MemberTypes.ColumnTypeOf(member));
            var name = Attribute.GetCustomAttribute(member, typeof(ColumnNameAttribute)) as ColumnNameAttribute;
            columns.Add(new()
            {
                Name = name?.Name ?? member.Name,
                DataKind = PrimitiveTypes.KindOf(PrimitiveTypes.FromRawType(item.RawType)!),
                KeyCount = item is KeyDataViewType key ? new(key.Count) : null,
                Source = load.Sources,
            });
        }
        return [.. columns];
    }

    // The first line is read only where a range has no end; then a header also names the slots.
    private TextColumns Bind(IMultiStreamSource? sample)
    {
        var first = _options.Columns!.Any(c => c.Source.Any(r => r.AutoEnd || r.Max is null))
            ? FirstLine(sample)
            : null;
        return new(_options, first?.Count, _options.HasHeader ? first : null);
    }

    private List<string>? FirstLine(IMultiStreamSource? sample)
    {
        if (_options.HeaderFile is not null)
            sample = new MultiFileSource(_options.HeaderFile);
        if (sample is null || sample.Count == 0)
            return null;
        var splitter = new FieldSplitter(_options);
        using var reader = sample.OpenTextReader(0);
        return splitter.ReadNext(reader) ? splitter.Fields.Select(f => f.ToString()).ToList() : null;
    }
}

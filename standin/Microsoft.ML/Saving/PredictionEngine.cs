using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine binds and who owns its transformer.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Whether members without a column keep their values.</summary>
    public bool IgnoreMissingColumns = true;

    /// <summary>The columns of the input class.</summary>
    public SchemaDefinition? InputSchemaDefinition;

    /// <summary>The columns of the output class.</summary>
    public SchemaDefinition? OutputSchemaDefinition;

    /// <summary>Whether disposing the engine disposes the transformer.</summary>
    public bool OwnsTransformer = true;
}

/// <summary>Predicts one example at a time.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly IDisposable? _owned;

    private protected PredictionEngineBase(IRowToRowMapper mapper, IDisposable? owned)
    {
        OutputSchema = mapper.OutputSchema;
        _owned = owned;
    }

    /// <summary>The schema of the predictions.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>Predicts one example.</summary>
    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>Predicts one example into an existing object.</summary>
    public abstract void Predict(TSrc example, ref TDst prediction);

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _owned?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Close();
}

/// <summary>Predicts one example at a time; not for several threads at once.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _fill;

    private PredictionEngine(
        ObjectRow<TSrc> input, IRowToRowMapper mapper, PredictionEngineOptions options, IDisposable? owned)
        : base(mapper, owned)
    {
        var writer = new RowWriter<TDst>(
            mapper.OutputSchema, options.OutputSchemaDefinition, options.IgnoreMissingColumns);
        _input = input;
        _output = mapper.GetRow(input, mapper.OutputSchema);
        _fill = writer.CreateFiller(_output);
    }

    /// <inheritdoc/>
    public override void Predict(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        _input.Set(example);
        prediction ??= new();
        _fill(prediction);
    }

    internal static PredictionEngine<TSrc, TDst> Create(
        ITransformer transformer, RowReader<TSrc> reader, PredictionEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (!transformer.IsRowToRowMapper)
            throw new ArgumentException("Must be a row to row mapper", nameof(transformer));
        return new(
            new(reader),
            transformer.GetRowToRowMapper(reader.Schema),
            options,
            options.OwnsTransformer ? transformer as IDisposable : null);
    }

    private protected override void Close() => _output.Dispose();
}

/// <summary>A row whose values are the members of an object that can be exchanged.</summary>
internal sealed class ObjectRow<TRow>(RowReader<TRow> reader) : DataViewRow
    where TRow : class
{
    private TRow? _current;
    private long _position = -1;

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => reader.Schema;

    public void Set(TRow row)
    {
        _current = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId id) => id = new((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => Schema.Owns(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => RowGetters.Cast<TValue>(reader.CreateGetter(column.Index, () => _current!), column);
}

using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>
/// Where an attention kernel writes the gradients of queries, keys and values, which may lie in one tensor, in two or
/// in three. Disposing it hands them on.
/// </summary>
internal readonly struct ColumnGradients : IDisposable
{
    private readonly Gathered _queries, _keys, _values;

    public ColumnGradients(Graph graph, Columns queries, Columns keys, Columns values)
    {
        ReadOnlySpan<Columns> all = [queries, keys, values];
        Tensor q = queries.Source, k = keys.Source, v = values.Source;
        _queries = new(graph, q, all);
        _keys = k == q ? default : new(graph, k, all);
        _values = v == q || v == k ? default : new(graph, v, all);
        Queries = queries with { Source = _queries.Place };
        Keys = keys with { Source = k == q ? _queries.Place : _keys.Place };
        Values = values with { Source = v == q ? _queries.Place : v == k ? Keys.Source : _values.Place };
    }

    /// <summary>The gradient of some columns of one tensor.</summary>
    public ColumnGradients(Graph graph, Columns columns)
    {
        _queries = new(graph, columns.Source, [columns]);
        Queries = Keys = Values = columns with { Source = _queries.Place };
    }

    /// <summary>Where the queries' gradient goes.</summary>
    public Columns Queries { get; }

    /// <summary>Where the keys' gradient goes.</summary>
    public Columns Keys { get; }

    /// <summary>Where the values' gradient goes.</summary>
    public Columns Values { get; }

    /// <summary>Checks that queries, keys and values fit each other.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public static void Check(string operation, Columns queries, Columns keys, Columns values, int heads)
    {
        Tensor q = queries.Source, k = keys.Source, v = values.Source;
        ShapeException.Require(
            q.Shape.Rank == 3 && k.Shape.Rank == 3 && v.Shape.Rank == 3 && q.Shape[0] == k.Shape[0]
            && k.Shape[0] == v.Shape[0] && k.Shape[1] == v.Shape[1],
            operation, "queries [B, Tq, D], keys [B, Tk, D] and values [B, Tk, D]", q, k, v);
        ShapeException.Require(
            queries.Width == keys.Width && keys.Width == values.Width,
            operation, "queries, keys and values of one width", q, k, v);
        if (heads < 1 || queries.Width % heads != 0)
            throw new ShapeException($"{operation} needs heads that divide the width {queries.Width}, not {heads}.");
    }

    public void Dispose()
    {
        _queries.Dispose();
        _keys.Dispose();
        _values.Dispose();
    }

    /// <summary>
    /// A gradient the kernel fills column by column; cleared first where the columns do not cover the tensor.
    /// </summary>
    private readonly struct Gathered : IDisposable
    {
        private readonly GradientTarget _target;
        private readonly Tensor? _scratch;

        public Gathered(Graph graph, Tensor source, ReadOnlySpan<Columns> all)
        {
            _target = graph.GradientOf(source);
            _scratch = _target.Target is null
                ? new Tensor(graph.Device.Allocate(source.Shape.Count), 0, source.Shape)
                : null;
            int covered = 0;
            foreach (Columns columns in all)
                covered += columns.Source == source ? columns.Width : 0;
            if (covered < source.Shape.Last)
                graph.Device.Fill(Place, 0);
        }

        public Tensor Place => (_target.Target ?? _scratch)!;

        public void Dispose()
        {
            _target.Dispose();
            _scratch?.Storage.Release();
        }
    }
}

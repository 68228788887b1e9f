using Microsoft.ML;
using Microsoft.ML.Data;

namespace Estimators.Tests.Support;

/// <summary>Compares what an estimator promises with what comes.</summary>
internal static class Shapes
{
    /// <summary>The shape before the fit is that of the schema after it.</summary>
    public static void AreTheSame(
        IEstimator<ITransformer> estimator, ITransformer fitted, IDataView data, params string[] columns)
    {
        SchemaShape before = estimator.GetOutputSchema(Of(data)), after = Of(fitted.Transform(data));
        foreach (string name in columns)
        {
            SchemaShape.Column told = before.Single(c => c.Name == name), comes = after.Single(c => c.Name == name);
            Assert.Equal(
                (comes.Kind, comes.ItemType, comes.IsKey, Annotations(comes)),
                (told.Kind, told.ItemType, told.IsKey, Annotations(told)));
        }

        Assert.Equal(after.Select(c => c.Name).Order(), before.Select(c => c.Name).Order());
    }

    /// <summary>A shape of a schema, by a public way: what an estimator in a chain is shown.</summary>
    public static SchemaShape Of(IDataView data)
    {
        SchemaShape? shape = null;
        new EstimatorChain<ITransformer>().Append(new Peeking(s => shape = s)).Fit(data);
        return shape!;
    }

    private static string Annotations(SchemaShape.Column column) =>
        string.Join(",", column.Annotations.Where(a => a.Name is "KeyValues" or "SlotNames").Select(
            a => $"{a.Name}:{a.ItemType}"));

    private sealed class Peeking(Action<SchemaShape> seen) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            seen(inputSchema);
            return inputSchema;
        }
    }
}

using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Estimators.Tests;

[Collection("fitted")]
public sealed class SchemaTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Columns => Fitted.Columns;

    [Theory]
    [MemberData(nameof(Columns))]
    public void Shape_BeforeTheFit_IsThatOfTheSchemaAfterIt(string column) =>
        Shapes.AreTheSame(_ml.Transforms.ReduceSequence(Tiny.Options(column)), fitted.Reducer(column), fitted.Data,
            Tiny.Outputs);

    [Fact]
    public void SlotNames_TellLatentAndFeature()
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        fitted.Reducer("Text").GetOutputSchema(fitted.Data.Schema)["Reduced"].GetSlotNames(ref names);
        Assert.Equal(15, names.Length);
        Assert.Equal(("Reduced.0.0", "Reduced.2.4"),
            (names.GetItemOrDefault(0).ToString(), names.GetItemOrDefault(14).ToString()));
    }

    [Fact]
    public void KeyNames_AreThoseOfTheInput()
    {
        VBuffer<ReadOnlyMemory<char>> given = default, restored = default;
        DataViewSchema schema = fitted.Reducer("WordKeys").GetOutputSchema(fitted.Data.Schema);
        schema["WordKeys"].GetKeyValues(ref given);
        schema["Restored"].GetKeyValues(ref restored);
        Assert.Equal(given.DenseValues().Select(v => v.ToString()), restored.DenseValues().Select(v => v.ToString()));
        VBuffer<int> numbers = default;
        fitted.Reducer("NumberKeys").GetOutputSchema(fitted.Data.Schema)["Restored"].GetKeyValues(ref numbers);
        Assert.Equal(6, numbers.Length);
    }

    [Fact]
    public void Mapper_SchemaIsOneInstance_AndDependsOnTheInputAlone()
    {
        ITransformer reducer = fitted.Reducer("Text");
        IRowToRowMapper mapper = reducer.GetRowToRowMapper(fitted.Data.Schema);
        Assert.Same(mapper.OutputSchema, mapper.OutputSchema);
        Assert.Equal("Text", Assert.Single(mapper.GetDependencies([mapper.OutputSchema["Reduced"]])).Name);
        Assert.Equal("Value", Assert.Single(mapper.GetDependencies([mapper.OutputSchema["Value"]])).Name);
        using DataViewRowCursor cursor = fitted.Data.GetRowCursor(fitted.Data.Schema);
        Assert.Throws<ArgumentException>(() => mapper.GetRow(cursor, mapper.OutputSchema));
        IDataView view = reducer.Transform(fitted.Data);
        Assert.Same(view.Schema, view.GetRowCursor([view.Schema["Reduced"]]).Schema);
    }
}

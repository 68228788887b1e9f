using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Estimators.Tests.Columns;

public sealed class UnusualColumnTests
{
    [Fact]
    public void SparseVectors_ReadAsDenseOnes()
    {
        var sparse = new VBuffer<float>(6, 2, [7f, 8f], [1, 4]);
        Assert.Equal([0f, 7, 0, 0, 8, 0], Vectors.First(in sparse, 10).ToArray());
        Assert.Equal([0f, 7, 0], Vectors.First(in sparse, 3).ToArray());
        var none = default(VBuffer<int>);
        Assert.Empty(Vectors.First(in none, 3).ToArray());
    }

    [Fact]
    public void KeyNames_EmptyOrEqual_AreToldApart()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(new[] { new Keyed { Keys = [1, 2, 3, 4] } });
        var builder = new DataViewSchema.Annotations.Builder();
        string[] given = ["a", "", "a", "b"];
        builder.Add<VBuffer<ReadOnlyMemory<char>>>(
            "KeyValues", new VectorDataViewType(TextDataViewType.Instance, 4),
            (ref VBuffer<ReadOnlyMemory<char>> v) => Vectors.Fill(ref v, 4, i => given[i].AsMemory()));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Keys", data.Schema["Keys"].Type, builder.ToAnnotations());
        DataViewSchema.Column column = schema.ToSchema()["Keys"];
        KeyNames names = KeyNames.Of(column, (KeyDataViewType)((VectorDataViewType)column.Type).ItemType)!;
        Assert.Equal(["a", "#2", "a#3", "b"], names.Values);
    }

    [Fact]
    public void Vocabulary_KeepsTheMostFrequent()
    {
        var builder = new VocabularyBuilder(2);
        foreach (long value in new long[] { 5, 7, 7, 9, 9, 9, -1 })
            builder.Add(value);
        Vocabulary vocabulary = builder.Build();
        Assert.Equal([9L, 7], vocabulary.Values);
        Assert.Equal((3, 2, 0, 2),
            (vocabulary.TokenCount, vocabulary.UnknownToken, vocabulary.TokenOf(9), vocabulary.TokenOf(5)));
        Assert.Equal(7, vocabulary.ValueOf(1));
        Assert.Null(vocabulary.ValueOf(2));
        Assert.Throws<ArgumentException>(() => new Vocabulary([1, 1]));
        Assert.Throws<ArgumentException>(() => new Vocabulary([]));
    }

    [Fact]
    public void Vocabulary_MoreDistinctNumbersThanRoom_KeepsFrequentOnes()
    {
        var builder = new VocabularyBuilder(3);
        for (long i = 0; i < 1_200_000; i++)
        {
            builder.Add(i);
            builder.Add(-1 - i % 3);
        }

        Assert.Equal([-3L, -2, -1], builder.Build().Values.Order());
    }

    [Fact]
    public void Standardisation_MatchesTheTextbook_AndGoesBack()
    {
        var builder = new StandardisationBuilder(2);
        foreach (double value in new[] { 1.0, 3, double.NaN, 5, 7 })
        {
            builder.Add(1e9 + value, 0);
            builder.Add(4, 1);
        }

        Standardisation learnt = builder.Build();
        Assert.Equal([1e9 + 4, 4], learnt.Means);
        Assert.Equal(Math.Sqrt(5), learnt.Deviations[0], 9);
        Assert.Equal(1, learnt.Deviations[1]);
        Assert.Equal(1e9 + 7, learnt.Undo(learnt.Apply(1e9 + 7, 0), 0), 3);
        Assert.True(float.IsNaN(learnt.Apply(double.NaN, 0)));
        Assert.Throws<ArgumentException>(() => new Standardisation([1], [0]));
        Assert.Throws<ArgumentException>(() => new Standardisation([1, 2], [1]));
    }

    public sealed class Keyed
    {
        [KeyType(4)]
        public uint[] Keys { get; set; } = [];
    }
}

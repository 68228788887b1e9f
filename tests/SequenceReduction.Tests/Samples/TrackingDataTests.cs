using SequenceReduction.Samples.Tracking;

namespace SequenceReduction.Tests.Samples;

/// <summary>Streams of the tracking experiments and their rows.</summary>
public class TrackingDataTests
{
    public static TheoryData<string> Tasks => ["algorithm", "walk"];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_same_seed_draws_the_same_stream_and_another_seed_does_not(string task)
    {
        TrackingData Drawn(int seed) => TrackingData.Draw(Create(task), 5, 3, 2, seed);
        TrackingData data = Drawn(3), again = Drawn(3);
        Assert.Equal(data.Training.Tokens, again.Training.Tokens);
        Assert.Equal(data.Training.Labels, again.Training.Labels);
        Assert.Equal(data.Test.Tokens, again.Test.Tokens);
        Assert.NotEqual(data.Training.Tokens, Drawn(4).Training.Tokens);
        Assert.NotEqual(data.Test.Tokens, Drawn(4).Training.Tokens.Take(data.Test.Tokens.Length));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void No_piece_occurs_twice_in_training_validation_and_test(string task)
    {
        TrackingData data = TrackingData.Draw(Create(task), 1000, 300, 300, seed: 1);
        string[] pieces =
        [
            .. Pieces(task, data.Training), .. Pieces(task, data.Validation), .. Pieces(task, data.Test),
        ];
        Assert.Equal(1600, pieces.Length);
        Assert.Equal(pieces.Length, pieces.Distinct().Count());
    }

    [Fact]
    public void The_test_part_does_not_depend_on_how_much_there_is_to_learn_from() => Assert.Equal(
        TrackingData.Draw(new AlgorithmTask(), 2, 3, 4, 1).Test.Tokens,
        TrackingData.Draw(new AlgorithmTask(), 9, 1, 4, 1).Test.Tokens);

    [Theory]
    [InlineData("algorithm", 1)]
    [InlineData("algorithm", 7)]
    [InlineData("walk", 7)]
    public void Rows_are_the_consecutive_parts_of_the_stream(string task, int count)
    {
        TrackingStream stream = TrackingStream.Draw(Create(task), 30, seed: 1);
        TrackingRow[] rows = stream.Cut(count);
        Assert.Equal(count, rows.Length);
        Assert.All(rows, row => Assert.Equal(rows[0].Tokens.Length, row.Tokens.Length));
        Assert.Equal(stream.Tokens[..(count * rows[0].Tokens.Length)], rows.SelectMany(r => r.Tokens.ToArray()));
        Assert.Equal(stream.Labels[..(count * rows[0].Labels.Length)], rows.SelectMany(r => r.Labels.ToArray()));
        Assert.InRange(stream.Tokens.Length - count * rows[0].Tokens.Length, 0, count * stream.RowUnit - 1);
    }

    [Fact]
    public void Every_row_of_walks_begins_a_new_episode()
    {
        TrackingRow[] rows = TrackingStream.Draw(new WalkTask(new WalkOptions()), 30, seed: 1).Cut(7);
        Assert.All(rows, row => Assert.Equal(4 * 128, row.Tokens.Length));
        Assert.All(rows, row => Assert.Equal(WalkToken.Start, row.Tokens.Span[0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    public void More_rows_than_there_are_tokens_for_is_an_error_that_says_how_many_there_can_be(int rows)
    {
        TrackingStream stream = TrackingStream.Draw(new WalkTask(new WalkOptions { Length = 20 }), 2, seed: 1);
        var error = Assert.Throws<ArgumentException>(() => stream.Cut(rows));
        Assert.Contains(
            $"rows is {rows}; a stream of 40 tokens gives from 1 to 2 rows of at least 20 tokens", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_without_pieces_is_refused_by_name()
    {
        void Refused(string named, int training, int validation, int test) => Assert.Equal(
            named, Assert.Throws<ArgumentOutOfRangeException>(
                () => TrackingData.Draw(new AlgorithmTask(), training, validation, test, 1)).ParamName);
        Refused("training", 0, 1, 1);
        Refused("validation", 1, 0, 1);
        Refused("test", 1, 1, -1);
    }

    [Fact]
    public void The_commonest_class_of_training_is_what_is_guessed_on_the_test()
    {
        static TrackingStream Labelled(params int[] labels) => new(new int[labels.Length], labels, RowUnit: 1);
        var data = new TrackingData(["a"], 3, Labelled(-1, 2, 2, 0), Labelled(1), Labelled(0, 0, -1, -1, 2, 1, -1));
        Assert.Equal(0.75, data.CommonestClassError);
    }

    private static ITrackingTask Create(string task) =>
        task == "walk" ? new WalkTask(new WalkOptions()) : new AlgorithmTask();

    private static IEnumerable<string> Pieces(string task, TrackingStream stream) =>
        string.Join(' ', stream.Tokens).Split(
            task == "walk" ? $"{WalkToken.Start} " : $" {AlgorithmToken.End}", StringSplitOptions.RemoveEmptyEntries);
}

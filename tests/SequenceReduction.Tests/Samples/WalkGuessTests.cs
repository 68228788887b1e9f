using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Samples.Tracking;

namespace SequenceReduction.Tests.Samples;

/// <summary>How far guesses that keep no state come on the default map, to read the experiment by.</summary>
public class WalkGuessTests
{
    private const int Episodes = 500;

    private static readonly WalkOptions _options = new();
    private static readonly WalkTask _task = new(_options);
    private static readonly TrackingData _data = TrackingData.Draw(_task, 2000, 1, Episodes, seed: 1);
    private static readonly int _states = _task.Classes * WalkMap.Headings;
    private static readonly double[] _longRun = LongRun();

    [Fact]
    public void The_commonest_cell_is_wrong_nine_times_in_ten() =>
        Assert.InRange(_data.CommonestClassError, 0.89, 0.93);

    /// <summary>Errors at the last position of episodes, where START is further back than what is seen.</summary>
    [Theory]
    [InlineData(8, 0.86, 0.95, 0.77, 0.87)]
    [InlineData(32, 0.75, 0.86, 0.48, 0.60)]
    [InlineData(64, 0.70, 0.80, 0.25, 0.36)]
    public void The_last_moves_are_not_enough_but_would_be_better_if_the_heading_were_known(
        int moves, double least, double most, double leastByHeading, double mostByHeading)
    {
        int wrong = 0, wrongByHeading = 0;
        foreach (TrackingRow episode in _data.Test.Cut(Episodes))
        {
            int truth = episode.Labels.Span[^1];
            int heading = After(new State(0, 0), episode.Tokens.Span[1..]).Heading;
            double[] cells = new double[_task.Classes], cellsByHeading = new double[_task.Classes];
            for (int start = 0; start < _states; start++)
            {
                State end = After(State.Of(start), episode.Tokens.Span[^moves..]);
                cells[end.Cell] += _longRun[start];
                cellsByHeading[end.Cell] += end.Heading == heading ? _longRun[start] : 0;
            }

            wrong += Array.IndexOf(cells, cells.Max()) == truth ? 0 : 1;
            wrongByHeading += Array.IndexOf(cellsByHeading, cellsByHeading.Max()) == truth ? 0 : 1;
        }

        Assert.InRange(wrong / (double)Episodes, least, most);
        Assert.InRange(wrongByHeading / (double)Episodes, leastByHeading, mostByHeading);
    }

    [Fact]
    public void Walkers_from_everywhere_meet_until_there_is_one_for_each_heading()
    {
        var random = new RandomSource(1);
        int[] moves = [.. Enumerable.Range(0, 2000).Select(_ => WalkToken.Left + random.Next(3))];
        State[] ends = [.. Enumerable.Range(0, _states).Select(start => After(State.Of(start), moves)).Distinct()];
        Assert.Equal(WalkMap.Headings, ends.Length);
        Assert.Equal([0, 1, 2, 3], ends.Select(e => e.Heading).Order());
    }

    [Fact]
    public void Walking_as_if_there_were_no_inner_walls_is_wrong_half_the_time()
    {
        var open = new WalkMap(_options with { InnerWalls = 0 });
        State at = default;
        int wrong = 0;
        for (int i = 0; i < _data.Test.Tokens.Length; i++)
        {
            int token = _data.Test.Tokens[i];
            at = token == WalkToken.Start ? new State(_data.Test.Labels[i], 0) : at.Next(open, token);
            wrong += at.Cell == _data.Test.Labels[i] ? 0 : 1;
        }

        Assert.InRange(wrong / (double)_data.Test.Tokens.Length, 0.45, 0.55);
    }

    private static State After(State state, ReadOnlySpan<int> moves)
    {
        foreach (int move in moves)
            state = state.Next(_task.Map, move);
        return state;
    }

    /// <summary>How likely each state is after very many moves, <c>[states]</c>.</summary>
    private static double[] LongRun()
    {
        var share = new double[_states];
        Array.Fill(share, 1.0 / _states);
        for (int step = 0; step < 1000; step++)
        {
            var next = new double[_states];
            for (int state = 0; state < _states; state++)
                for (int move = WalkToken.Left; move <= WalkToken.Forward; move++)
                    next[State.Of(state).Next(_task.Map, move).Index] += share[state] / 3;
            share = next;
        }

        return share;
    }

    private readonly record struct State(int Cell, int Heading)
    {
        public int Index => Cell * WalkMap.Headings + Heading;

        public static State Of(int index) => new(index / WalkMap.Headings, index % WalkMap.Headings);

        public State Next(WalkMap map, int move)
        {
            (int cell, int heading) = map.Move(Cell, Heading, move);
            return new State(cell, heading);
        }
    }
}

using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Samples.Tracking;

/// <summary>
/// A walk on a small map with walls: START puts the walker on the middle cell, facing right; <c>left</c> and
/// <c>right</c> turn it, <c>forward</c> goes one cell ahead unless a wall is there. Asked at every position is the
/// cell. A piece is one episode; moves are drawn evenly.
/// </summary>
/// <remarks>
/// Our own task: Ju et al. (arXiv 2106.04279) have a random walk, but its generator is not published.
/// <para>
/// Why it needs a state. Nothing tells whether a step was blocked, so that moves cannot be counted: where one leads
/// depends on the cell before it, and the order of moves matters. Walls alone would make it easy, since walkers that
/// start apart and bump into the same walls meet, and the last moves are then enough. The heading prevents it: turns
/// keep walkers with different headings different for ever, so whoever lost sight of START has four candidates left,
/// one for each heading. A Transformer must carry out 127 moves in a fixed number of layers; a model that hands its
/// state on needs one move at a time.
/// </para>
/// <para>
/// About what guesses miss on the default map, of all positions (<c>WalkGuessTests</c>): the commonest cell 91 %; the
/// best guess that sees START or, where that is further back, the last 64 moves 37 %, or the last 32 moves 60 %;
/// walking as if there were no inner walls 50 %.
/// </para>
/// <para>Rows are whole episodes: a row that began inside one would have labels that nobody can know.</para>
/// </remarks>
internal sealed class WalkTask : ITrackingTask
{
    private readonly int _length;

    /// <summary>Walks on the map of the options.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public WalkTask(WalkOptions options) => (Map, _length) = (new WalkMap(options), options.Length);

    /// <summary>What is walked on.</summary>
    public WalkMap Map { get; }

    public string[] Tokens => WalkToken.Names;

    public int Classes => Map.Cells;

    public int RowUnit => _length;

    public void Append(RandomSource random, List<int> tokens, List<int> labels)
    {
        int cell = Map.Height / 2 * Map.Width + Map.Width / 2, heading = 0;
        tokens.Add(WalkToken.Start);
        labels.Add(cell);
        for (int i = 1; i < _length; i++)
        {
            int move = WalkToken.Left + random.Next(3);
            (cell, heading) = Map.Move(cell, heading, move);
            tokens.Add(move);
            labels.Add(cell);
        }
    }
}

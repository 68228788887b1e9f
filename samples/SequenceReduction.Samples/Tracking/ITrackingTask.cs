using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Samples.Tracking;

/// <summary>A task that tells what happens, token by token, and asks for the state it leads to.</summary>
internal interface ITrackingTask
{
    /// <summary>The label of a position at which nothing is asked.</summary>
    const int NoLabel = -1;

    /// <summary>The tokens by id. Only what a model reads: there is no id for labels, ends or unknown tokens.</summary>
    string[] Tokens { get; }

    /// <summary>Number of classes; labels are 0 up to but not including it, or <see cref="NoLabel"/>.</summary>
    int Classes { get; }

    /// <summary>Rows are a multiple of so many tokens long, 1 or more; above 1, every row begins a new piece.</summary>
    int RowUnit { get; }

    /// <summary>Draws one piece, which begins without a state, and appends as many tokens as labels.</summary>
    void Append(RandomSource random, List<int> tokens, List<int> labels);
}

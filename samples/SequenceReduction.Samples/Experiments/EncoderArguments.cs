using System.CommandLine;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;

namespace SequenceReduction.Samples.Experiments;

/// <summary>The options that say what an encoder is made of, with an experiment's own defaults.</summary>
internal sealed class EncoderArguments(SequenceEncoderOptions defaults)
{
    private readonly AttentionArguments _attention = new();
    private readonly Option<int> _width =
        ExperimentOptions.Number("--width", "Numbers per token inside.", defaults.Width);

    private readonly Option<int> _heads = ExperimentOptions.Number("--heads", "Attention heads.", defaults.Heads);
    private readonly Option<int?> _hidden = new("--feed-forward")
    {
        Description = "Hidden numbers per token of a feed-forward layer.",
        DefaultValueFactory = _ => defaults.FeedForwardWidth,
    };

    private readonly Option<int> _blocks = ExperimentOptions.Number("--blocks", "Transformer blocks.", defaults.Blocks);
    private readonly Option<float> _dropout = new("--dropout")
    {
        Description = "Share of numbers dropped in training.",
        DefaultValueFactory = _ => defaults.Dropout,
    };

    private readonly Option<SequencePooling> _pooling = new("--pooling")
    {
        Description = "How tokens become one vector.",
        DefaultValueFactory = _ => defaults.Pooling,
    };

    private readonly Option<LengthRange?> _ngrams =
        LengthRange.Option("--ngrams", "Fewest and most tokens of runs that are embedded too; without, none are.");

    private readonly Option<int> _ngramRows =
        ExperimentOptions.Number("--ngram-rows", "Rows of the table for runs of each length.", 1 << 15);

    public void AddTo(Command command)
    {
        _attention.AddTo(command);
        foreach (Option option in (Option[])[_width, _heads, _hidden, _blocks, _dropout, _pooling, _ngrams, _ngramRows])
            command.Options.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public SequenceEncoderOptions Read(ParseResult arguments) => defaults with
    {
        Attention = _attention.Read(arguments),
        Width = arguments.GetValue(_width),
        Heads = arguments.GetValue(_heads),
        FeedForwardWidth = arguments.GetValue(_hidden),
        Blocks = arguments.GetValue(_blocks),
        Dropout = arguments.GetValue(_dropout),
        Pooling = arguments.GetValue(_pooling),
        NGrams = arguments.GetValue(_ngrams) is not { } lengths ? null : new HashedNGrams
        {
            Shortest = lengths.Least,
            Longest = lengths.Most,
            Rows = arguments.GetValue(_ngramRows),
        },
    };

    /// <summary>Notes a network's make for sequences of up to so many tokens.</summary>
    public static void Note(ExperimentResult result, SequenceEncoderOptions options, int maxLength)
    {
        AttentionArguments.Note(result, options.Attention, maxLength);
        result["width"] = options.Width;
        result["heads"] = options.Heads;
        result["feed_forward"] = options.FeedForwardWidth ?? 4 * options.Width;
        result["blocks"] = options.Blocks;
        result["dropout"] = (double)options.Dropout;
        result["pooling"] = options.Pooling.ToString();
        if (options.NGrams is not { } ngrams)
            return;
        result["ngrams"] = new LengthRange(ngrams.Shortest, ngrams.Longest).ToString();
        result["ngram_rows"] = ngrams.Rows;
    }
}

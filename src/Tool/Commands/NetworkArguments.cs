using System.CommandLine;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;

namespace SequenceReduction.Tool.Commands;

/// <summary>The options that say what a network is made of.</summary>
internal sealed class NetworkArguments
{
    private const int Hashes = 32;

    private readonly Option<int?> _latentLength = ToolOptions.MaybeWhole(
        "--latent-length", "reduce: latent vectors per sequence [default: a quarter of --max-length]", 1);

    private readonly Option<int?> _latentWidth = ToolOptions.MaybeWhole(
        "--latent-width", "reduce: numbers per latent vector [default: --width]", 1);

    private readonly Option<int> _stages = ToolOptions.Whole(
        "--stages", "reduce: in how many steps the length shrinks.", 1, 1);

    private readonly Option<int> _width = ToolOptions.Whole("--width", "Numbers per token inside the network.", 128, 1);
    private readonly Option<int> _heads = ToolOptions.Whole("--heads", "Attention heads; divides --width.", 4, 1);
    private readonly Option<int?> _blocks = ToolOptions.MaybeWhole(
        "--blocks", "Transformer blocks [default: 2; reduce: 1 before, 1 on and 1 after the latents]", 0);

    private readonly Option<double?> _dropout = ToolOptions.MaybeReal(
        "--dropout", "Share of numbers dropped in training, 0 to below 1 [default: 0.1; reduce: 0]");

    private readonly Option<string> _attention = ToolOptions.Choice(
        "--attention", "Which attention: softmax, yoso (cost linear in the length), or yoso-e (its expectation).",
        "softmax", "yoso", "yoso-e");

    private readonly Option<int> _hashes = ToolOptions.Whole("--hashes", "yoso: hash functions, 1 to 1024.", Hashes, 1);
    private readonly Option<int?> _bits = ToolOptions.MaybeWhole(
        "--bits", "yoso, yoso-e: bits per hash, 1 to 16 [default: log2 of --max-length]", 1);

    private readonly Option<string> _pooling = ToolOptions.Choice(
        "--pooling", "Not reduce: how tokens become one vector.", "mean", "first", "last");

    private readonly StaircaseArguments _staircase = new();
    private readonly NGramArguments _nGrams = new();

    private Option[] OfReducers => [_latentLength, _latentWidth, _stages];

    private Option[] OfAttention => [_attention, _hashes, _bits];

    private Option[] OfEncoders => [.. _staircase.All, .. _nGrams.All, _pooling];

    /// <summary>Those that an encoder to start from answers.</summary>
    public IEnumerable<Option> Settled => [_width, _heads, _blocks, .. _staircase.All, .. _nGrams.All];

    public void AddTo(Command command)
    {
        Option[] options =
            [.. OfReducers, _width, _heads, _blocks, _dropout, .. OfAttention, .. OfEncoders];
        foreach (Option option in options)
            command.Options.Add(option);
    }

    /// <summary>The make of a reducing autoencoder.</summary>
    /// <exception cref="UsageException">Options of other networks are given.</exception>
    public ReducingAutoencoderOptions Reducer(ParseResult parsed, int maxLength)
    {
        parsed.Refuse(OfEncoders, "is for the tasks encode, classify, regress and label");
        var plain = new ReducingAutoencoderOptions();
        return plain with
        {
            LatentLength = parsed.GetValue(_latentLength) ?? Math.Max(1, maxLength / 4),
            LatentWidth = parsed.GetValue(_latentWidth),
            Stages = parsed.GetValue(_stages),
            Width = parsed.GetValue(_width),
            Heads = parsed.GetValue(_heads),
            EncoderBlocks = parsed.GetValue(_blocks) ?? plain.EncoderBlocks,
            LatentBlocks = parsed.GetValue(_blocks) ?? plain.LatentBlocks,
            DecoderBlocks = parsed.GetValue(_blocks) ?? plain.DecoderBlocks,
            Dropout = (float)(parsed.GetValue(_dropout) ?? plain.Dropout),
            Attention = Attention(parsed),
        };
    }

    /// <summary>The make of an encoder, alone or in a classifier, regressor or labeler.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="whole">Whether the task learns from whole sequences alone.</param>
    /// <exception cref="UsageException">Options of other networks are given.</exception>
    public SequenceEncoderOptions Encoder(ParseResult parsed, bool whole)
    {
        parsed.Refuse(OfReducers, "is for --task reduce");
        var plain = new SequenceEncoderOptions();
        return plain with
        {
            Staircase = _staircase.Read(parsed, whole),
            NGrams = _nGrams.Read(parsed),
            Attention = Attention(parsed),
            Width = parsed.GetValue(_width),
            Heads = parsed.GetValue(_heads),
            Blocks = parsed.GetValue(_blocks) ?? plain.Blocks,
            Dropout = (float)(parsed.GetValue(_dropout) ?? plain.Dropout),
            Pooling = Pooling(parsed),
        };
    }

    /// <summary>An encoder's make, but for what is given and may differ from it.</summary>
    /// <exception cref="UsageException">Options of other networks are given.</exception>
    public SequenceEncoderOptions Encoder(ParseResult parsed, SequenceEncoderOptions start)
    {
        parsed.Refuse(OfReducers, "is for --task reduce");
        return start with
        {
            Attention = OfAttention.Any(parsed.IsGiven) ? Attention(parsed) : start.Attention,
            Dropout = (float)(parsed.GetValue(_dropout) ?? start.Dropout),
            Pooling = parsed.IsGiven(_pooling) ? Pooling(parsed) : start.Pooling,
        };
    }

    private SequencePooling Pooling(ParseResult parsed) => parsed.GetValue(_pooling) switch
    {
        "first" => SequencePooling.FirstToken,
        "last" => SequencePooling.LastToken,
        _ => SequencePooling.Mean,
    };

    private AttentionKind Attention(ParseResult parsed)
    {
        string kind = parsed.GetValue(_attention)!;
        if (kind != "yoso")
            parsed.Refuse([_hashes], "is for --attention yoso");
        if (kind == "softmax")
            parsed.Refuse([_bits], "is for --attention yoso and yoso-e");
        return kind switch
        {
            "yoso" => AttentionKind.Yoso(parsed.GetValue(_hashes), parsed.GetValue(_bits)),
            "yoso-e" => AttentionKind.YosoExpectation(parsed.GetValue(_bits)),
            _ => AttentionKind.Softmax,
        };
    }
}

using System.CommandLine;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;

namespace SequenceReduction.Samples.Experiments;

/// <summary>The options that say which attention a network uses.</summary>
internal sealed class AttentionArguments
{
    private readonly Option<string> _kind = ExperimentOptions.Choice(
        "--attention", "Which attention the network uses; yoso-e is YOSO's expectation.", "softmax", "yoso-e", "yoso");

    private readonly Option<int> _hashes = ExperimentOptions.Number("--hashes", "YOSO's hash functions.", 32);
    private readonly Option<int?> _bits = new("--bits")
    {
        Description = "YOSO's bits per hash; by default, log2 of the length.",
    };

    private readonly Option<HashKind> _hashing = new("--hashing")
    {
        Description = "How YOSO's hash functions project.",
    };

    private readonly Option<YosoGradient?> _gradient = new("--gradient")
    {
        Description = "What stands for YOSO's slope.",
    };

    private readonly Option<YosoEvaluation> _evaluation = new("--evaluation")
    {
        Description = "YOSO's hash functions outside training.",
    };

    private readonly Option<int> _convolution =
        ExperimentOptions.Number("--convolution", "Taps of YOSO's convolution of the values.", 0);

    public void AddTo(Command command)
    {
        Option[] options = [_kind, _hashes, _bits, _hashing, _gradient, _evaluation, _convolution];
        foreach (Option option in options)
            command.Options.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public AttentionKind Read(ParseResult arguments)
    {
        (int? bits, int convolution) = (arguments.GetValue(_bits), arguments.GetValue(_convolution));
        YosoGradient? gradient = arguments.GetValue(_gradient);
        AttentionKind kind = arguments.GetValue(_kind) switch
        {
            "yoso" => AttentionKind.Yoso(
                arguments.GetValue(_hashes), bits, arguments.GetValue(_hashing), gradient ?? YosoGradient.Sampled,
                convolution, arguments.GetValue(_evaluation)),
            "yoso-e" => AttentionKind.YosoExpectation(bits, gradient ?? YosoGradient.Surrogate, convolution),
            _ => AttentionKind.Softmax,
        };
        kind.Validate();
        return kind;
    }

    /// <summary>Notes the choice for sequences of up to so many tokens.</summary>
    public static void Note(ExperimentResult result, AttentionKind kind, int maxLength)
    {
        result["attention"] = kind switch
        {
            YosoAttention { Hashes: null } => "yoso-e",
            YosoAttention => "yoso",
            _ => "softmax",
        };
        if (kind is not YosoAttention yoso)
            return;
        if (yoso.Hashes is { } hashes)
        {
            result["hashes"] = hashes;
            result["hashing"] = yoso.Hashing.ToString();
            result["evaluation"] = yoso.Evaluation.ToString();
        }

        result["bits"] = yoso.BitsFor(maxLength);
        result["gradient"] = yoso.Gradient.ToString();
        result["convolution"] = yoso.Convolution;
    }
}

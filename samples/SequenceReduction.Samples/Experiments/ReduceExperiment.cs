using System.CommandLine;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Samples.Experiments;

/// <summary>How much of a text survives a reduction.</summary>
internal static class ReduceExperiment
{
    private static readonly Option<string?> _data = new("--data") { Description = "A UTF-8 text or TSV file." };
    private static readonly Option<string> _tokens =
        ExperimentOptions.Choice("--tokens", "What a token is.", "bytes", "words");

    private static readonly Option<string> _query =
        ExperimentOptions.Choice("--query", "Where the short query comes from.", Enum.GetNames<QuerySource>());

    private static readonly Option<int> _length = ExperimentOptions.Number("--length", "Tokens per sequence.", 64);
    private static readonly Option<double> _ratio = ExperimentOptions.Real("--ratio", "Latents per token.", 0.25);
    private static readonly Option<int?> _latentWidth = new("--latent-width") { Description = "Numbers per latent." };
    private static readonly Option<int> _width = ExperimentOptions.Number("--width", "Numbers per token inside.", 128);
    private static readonly Option<int> _blocks =
        ExperimentOptions.Number("--blocks", "Transformer blocks in each of the three places.", 1);

    private static readonly Option<int> _stages = ExperimentOptions.Number("--stages", "Steps of the reduction.", 1);
    private static readonly Option<bool> _plainStart = new("--plain-start") { Description = "Starts without copying." };
    private static readonly Option<double> _substitution =
        ExperimentOptions.Real("--substitution", "Share of training tokens replaced by random ones.", 0.1);

    private static readonly TrainingArguments _training = new(steps: 300, batch: 32, learningRate: 3e-3);
    private static readonly Option<int> _threads = ExperimentOptions.Threads();
    private static readonly Option<bool> _json = ExperimentOptions.Json();

    public static Command Create()
    {
        var command = new Command("reduce", "How much of a text survives a reduction: held-out token accuracy.")
        {
            _data, _tokens, _query, _length, _ratio, _latentWidth, _width, _blocks, _stages, _plainStart,
            _substitution, _threads, _json,
        };
        _training.AddTo(command);
        command.SetWork(Run);
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        (int length, int width) = (arguments.GetValue(_length), arguments.GetValue(_width));
        int blocks = arguments.GetValue(_blocks);
        string tokens = arguments.GetValue(_tokens)!;
        Corpus text = Corpus.Open(arguments.GetValue(_data));
        TokenCorpus corpus = tokens == "words" ? TokenCorpus.OfWords(text) : TokenCorpus.OfBytes(text);
        var form = new SequenceForm { MaxLength = length, TokenCount = corpus.TokenCount };
        var options = new ReducingAutoencoderOptions
        {
            LatentLength = (int)Math.Round(length * arguments.GetValue(_ratio)),
            LatentWidth = arguments.GetValue(_latentWidth),
            Stages = arguments.GetValue(_stages),
            Query = Enum.Parse<QuerySource>(arguments.GetValue(_query)!),
            Width = width,
            EncoderBlocks = blocks,
            LatentBlocks = blocks,
            DecoderBlocks = blocks,
            CopyingStart = !arguments.GetValue(_plainStart),
            Substitution = (float)arguments.GetValue(_substitution),
        };
        TrainingOptions training = _training.Read(arguments);

        var result = new ExperimentResult();
        using var device = new CpuDevice(arguments.GetValue(_threads));
        using var network = new ReducingAutoencoder(form, options, device, training.Seed, training: true);
        var unseen = new Windows(corpus.HeldOut, length, length);
        LossCounts untrained = Evaluator.Evaluate(network, unseen, 64, cancellation);
        TrainingReport report = TrainingBar.Show(bar =>
            new Trainer(network, training) { Progress = bar }
                .Run(new Windows(corpus.Training, length, Math.Max(1, length / 4)), cancellation));
        LossCounts heldOut = Evaluator.Evaluate(network, unseen, 64, cancellation);
        result["tokens"] = tokens;
        result["ratio"] = arguments.GetValue(_ratio);
        result["query"] = options.Query.ToString();
        result["latent_width"] = network.LatentWidth;
        result["width"] = width;
        result["blocks"] = blocks;
        result["stages"] = options.Stages;
        result["copying_start"] = options.CopyingStart;
        result["substitution"] = arguments.GetValue(_substitution);
        result["weights"] = network.Parameters.Count;
        result["heldout_token_accuracy"] = heldOut.Accuracy;
        result["exact_sequence_accuracy"] = heldOut.RowAccuracy;
        result["untrained_token_accuracy"] = untrained.Accuracy;
        result["heldout_tokens"] = heldOut.Predictions;
        TrainingArguments.Note(result, training, report);
        result["threads"] = device.Threads;
        result.Print(arguments.GetValue(_json));
        return 0;
    }

    /// <summary>Pieces of one length, so many tokens apart.</summary>
    private sealed class Windows(ReadOnlyMemory<int> tokens, int length, int stride) : ISequenceSource
    {
        public IEnumerable<SequenceRow> Read()
        {
            for (int start = 0; start + length <= tokens.Length; start += stride)
                yield return SequenceRow.OfTokens(tokens.Slice(start, length));
        }
    }
}

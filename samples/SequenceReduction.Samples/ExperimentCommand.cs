using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Samples;

/// <summary>The experiments whose figures stand in docs/results.md.</summary>
internal static class ExperimentCommand
{
    private static readonly Option<string?> _data = new("--data") { Description = "A UTF-8 text or TSV file." };
    private static readonly Option<string> _tokens = Choice("--tokens", "What a token is.", "bytes", "words");
    private static readonly Option<string> _query =
        Choice("--query", "Where the short query comes from.", Enum.GetNames<QuerySource>());

    private static readonly Option<int> _length = new("--length") { Description = "Tokens per sequence.", DefaultValueFactory = _ => 64 };
    private static readonly Option<double> _ratio = new("--ratio") { Description = "Latents per token.", DefaultValueFactory = _ => 0.25 };
    private static readonly Option<int?> _latentWidth = new("--latent-width") { Description = "Numbers per latent." };
    private static readonly Option<int> _width = new("--width") { Description = "Numbers per token inside.", DefaultValueFactory = _ => 128 };
    private static readonly Option<int> _blocks = new("--blocks")
    {
        Description = "Transformer blocks in each of the three places.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> _stages = new("--stages") { Description = "Steps of the reduction.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> _steps = new("--steps") { Description = "Optimiser steps.", DefaultValueFactory = _ => 300 };
    private static readonly Option<int> _batch = new("--batch") { Description = "Sequences per step.", DefaultValueFactory = _ => 32 };
    private static readonly Option<double?> _rate = new("--learning-rate") { Description = "Peak learning rate." };
    private static readonly Option<bool> _plainStart = new("--plain-start") { Description = "Starts without copying." };
    private static readonly Option<float> _substitution = new("--substitution")
    {
        Description = "Share of training tokens replaced by random ones.",
        DefaultValueFactory = _ => 0.1f,
    };

    private static readonly Option<int> _seed = new("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> _json = new("--json") { Description = "Prints one line of JSON." };

    public static Command Create()
    {
        var reduce = new Command("reduce", "How much of a text survives a reduction: held-out token accuracy.")
        {
            _data, _tokens, _query, _length, _ratio, _latentWidth, _width, _blocks, _stages, _steps, _batch, _rate, _plainStart,
            _substitution, _seed, _json,
        };
        reduce.SetAction((result, cancellation) => Task.FromResult(Reduce(result, cancellation)));
        return new Command("experiment", "Trains and scores one experiment.") { reduce };
    }

    private static int Reduce(ParseResult arguments, CancellationToken cancellation)
    {
        int length = arguments.GetValue(_length), width = arguments.GetValue(_width), seed = arguments.GetValue(_seed);
        TokenCorpus corpus = arguments.GetValue(_tokens) == "words"
            ? TokenCorpus.OfWords(Corpus.Open(arguments.GetValue(_data)))
            : TokenCorpus.OfBytes(Corpus.Open(arguments.GetValue(_data)));
        var form = new SequenceForm { MaxLength = length, TokenCount = corpus.TokenCount };
        int blocks = arguments.GetValue(_blocks);
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
            Substitution = arguments.GetValue(_substitution),
        };
        var training = new TrainingOptions
        {
            Steps = arguments.GetValue(_steps),
            BatchSize = arguments.GetValue(_batch),
            Seed = seed,
        };
        if (arguments.GetValue(_rate) is { } rate)
            training = training with { LearningRate = rate };

        var clock = Stopwatch.StartNew();
        using var device = new CpuDevice();
        using var network = new ReducingAutoencoder(form, options, device, seed, training: true);
        var unseen = new Windows(corpus.HeldOut, length, length);
        LossCounts untrained = Evaluator.Evaluate(network, unseen, 64, cancellation);
        TrainingReport report = TrainingBar.Show(bar =>
            new Trainer(network, training) { Progress = bar }
                .Run(new Windows(corpus.Training, length, Math.Max(1, length / 4)), cancellation));
        LossCounts heldOut = Evaluator.Evaluate(network, unseen, 64, cancellation);
        var result = new Dictionary<string, object>
        {
            ["tokens"] = arguments.GetValue(_tokens)!,
            ["ratio"] = arguments.GetValue(_ratio),
            ["query"] = options.Query.ToString(),
            ["latent_width"] = network.LatentWidth,
            ["width"] = width,
            ["blocks"] = blocks,
            ["stages"] = options.Stages,
            ["copying_start"] = options.CopyingStart,
            ["substitution"] = options.Substitution,
            ["learning_rate"] = training.LearningRate,
            ["batch"] = training.BatchSize,
            ["weights"] = network.Parameters.Count,
            ["heldout_token_accuracy"] = Math.Round(heldOut.Accuracy, 6),
            ["exact_sequence_accuracy"] = Math.Round(heldOut.RowAccuracy, 6),
            ["untrained_token_accuracy"] = Math.Round(untrained.Accuracy, 6),
            ["heldout_tokens"] = heldOut.Predictions,
            ["steps"] = report.Steps,
            ["training_seconds"] = Math.Round(report.Elapsed.TotalSeconds, 1),
            ["seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 1),
            ["peak_mb"] = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
            ["seed"] = seed,
        };
        if (arguments.GetValue(_json))
            Console.WriteLine(JsonSerializer.Serialize(result));
        else
            foreach ((string name, object value) in result)
                Console.WriteLine($"{name,-26} {value}");
        return 0;
    }

    private static Option<string> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description} One of {string.Join(", ", choices)}.",
            DefaultValueFactory = _ => choices[0],
        };
        option.AcceptOnlyFromAmong(choices);
        return option;
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

using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Samples.Experiments;

/// <summary>How much of a text survives when it is reduced and restored as one stream, in how much memory.</summary>
internal static class StreamExperiment
{
    private static readonly Option<string?> _data = new("--data") { Description = "A UTF-8 text or TSV file." };
    private static readonly Option<double> _ratio = ExperimentOptions.Real("--ratio", "Latents per byte.", 0.25);
    private static readonly Option<int?> _latentWidth = new("--latent-width") { Description = "Numbers per latent." };
    private static readonly Option<int> _chunk = ExperimentOptions.Number("--chunk", "Bytes per chunk.", 64);
    private static readonly Option<int?> _size = new("--size")
    {
        Description = "Bytes in a full row of the staircase; by default, two chunks.",
    };

    private static readonly Option<int> _cache =
        ExperimentOptions.Number("--cache", "Finished bytes that stay in sight; 0: none.", 0);

    private static readonly Option<int> _layers = ExperimentOptions.Number("--layers", "The staircase's layers.", 1);
    private static readonly Option<bool> _attentionFree = new("--attention-free")
    {
        Description = "Reads without staircase layers: each chunk is reduced by itself.",
    };

    private static readonly Option<int> _width = ExperimentOptions.Number("--width", "Numbers per byte inside.", 128);
    private static readonly Option<int?> _streamBytes = new("--stream-tokens")
    {
        Description = "Instead of training, streams so many bytes of the text, repeated, through a fresh network.",
    };

    private static readonly TrainingArguments _training = new(steps: 200, batch: 16, learningRate: 3e-3);
    private static readonly Option<int> _threads = ExperimentOptions.Threads();
    private static readonly Option<bool> _json = ExperimentOptions.Json();

    public static Command Create()
    {
        var command = new Command("stream", "How much of a text survives a reduction as one stream: held-out token accuracy.")
        {
            _data, _ratio, _latentWidth, _chunk, _size, _cache, _layers, _attentionFree, _width, _streamBytes, _threads,
            _json,
        };
        _training.AddTo(command);
        command.SetWork(Run);
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        TokenCorpus corpus = TokenCorpus.OfBytes(Corpus.Open(arguments.GetValue(_data)));
        TrainingOptions training = _training.Read(arguments);
        var rows = new ContiguousRows(corpus.Training, training.BatchSize);
        var form = new SequenceForm { MaxLength = rows.Length + 1, TokenCount = corpus.TokenCount };
        StreamReducerOptions options = Options(arguments);

        var result = new ExperimentResult();
        using var device = new CpuDevice(arguments.GetValue(_threads));
        int? streamed = arguments.GetValue(_streamBytes);
        using var network = new StreamReducer(form, options, device, training.Seed, training: streamed is null);
        Note(result, network);
        if (streamed is { } count)
            NoteStream(result, network, Repeated(corpus.HeldOut, count), cancellation);
        else
            TrainAndNote(result, network, corpus, rows, training, cancellation);
        result["device_mb"] = device.AllocatedBytes >> 20;
        result["threads"] = device.Threads;
        result.Print(arguments.GetValue(_json));
        return 0;
    }

    private static StreamReducerOptions Options(ParseResult arguments)
    {
        (int chunk, int cache) = (arguments.GetValue(_chunk), arguments.GetValue(_cache));
        int size = arguments.GetValue(_size) ?? 2 * chunk;
        return new StreamReducerOptions
        {
            Staircase = cache == 0 ? StaircaseKind.Staircase(chunk, size) : StaircaseKind.Cached(chunk, size, cache),
            Layers = arguments.GetValue(_attentionFree) ? 0 : arguments.GetValue(_layers),
            Reduction = new ReducingAutoencoderOptions
            {
                LatentLength = (int)Math.Round(chunk * arguments.GetValue(_ratio)),
                LatentWidth = arguments.GetValue(_latentWidth),
                Width = arguments.GetValue(_width),
                EncoderBlocks = 0,
            },
        };
    }

    private static void TrainAndNote(
        ExperimentResult result, StreamReducer network, TokenCorpus corpus, ContiguousRows rows,
        TrainingOptions training, CancellationToken cancellation)
    {
        var heldOut = new ContiguousRows(corpus.HeldOut, training.BatchSize);
        LossCounts untrained = Evaluator.Evaluate(network, heldOut, training.BatchSize, cancellation);
        TrainingReport report = TrainingBar.Show(bar => new Trainer(network, training)
        {
            Progress = bar,
            Validation = new ContiguousRows(corpus.Validation, training.BatchSize),
        }.Run(rows, cancellation));
        result["untrained_token_accuracy"] = untrained.Accuracy;
        TrainingArguments.Note(result, training, report);
        NoteStream(result, network, corpus.HeldOut, cancellation);
    }

    private static void Note(ExperimentResult result, StreamReducer network)
    {
        StreamReducerOptions options = network.Options;
        result["chunk"] = network.ChunkSize;
        result["chunk_latents"] = network.ChunkLatents;
        result["latent_width"] = network.LatentWidth;
        result["staircase_size"] = options.Staircase.StaircaseSize;
        result["cache"] = options.Staircase.CacheLength;
        result["layers"] = options.Layers;
        result["width"] = options.Reduction.Width;
        result["weights"] = network.Parameters.Count;
    }

    /// <summary>Reduces and restores a text as one stream, never holding all of it, and notes how that went.</summary>
    private static void NoteStream(
        ExperimentResult result, StreamReducer network, IEnumerable<int> text, CancellationToken cancellation)
    {
        long latents = 0, tokens = 0, restored = 0, right = 0;
        IEnumerable<float[]> Counted()
        {
            foreach (float[] latent in network.Reduce(text))
            {
                cancellation.ThrowIfCancellationRequested();
                latents++;
                yield return latent;
            }
        }

        var clock = Stopwatch.StartNew();
        using IEnumerator<int> back = network.Restore(Counted()).GetEnumerator();
        foreach (int token in text)
        {
            tokens++;
            if (!back.MoveNext())
                continue;
            restored++;
            right += back.Current == token ? 1 : 0;
        }

        while (back.MoveNext())
            restored++;
        result["stream_tokens"] = tokens;
        result["stream_latents"] = latents;
        result["stream_rate"] = (double)latents / tokens;
        result["restored_tokens"] = restored;
        result["stream_token_accuracy"] = (double)right / tokens;
        result["stream_seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 1);
    }

    private static IEnumerable<int> Repeated(int[] text, int count)
    {
        for (int at = 0; at < count; at++)
            yield return text[at % text.Length];
    }

    /// <summary>So many rows of one length, which follow each other in the text.</summary>
    private sealed class ContiguousRows(int[] tokens, int count) : ISequenceSource
    {
        public int Length => tokens.Length / count;

        public IEnumerable<SequenceRow> Read()
        {
            for (int row = 0; row < count; row++)
                yield return SequenceRow.OfTokens(tokens.AsMemory(row * Length, Length));
        }
    }
}

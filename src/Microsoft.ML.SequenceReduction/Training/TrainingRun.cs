using System.Diagnostics;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>One run of a <see cref="Trainer"/>, from its start or checkpoint to its end.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int ValidationsPerRun = 20;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(60);

    private readonly SequenceNetwork _network;
    private readonly TrainingOptions _options;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;
    private readonly Optimiser _optimiser;
    private readonly DataTally _tally = new();
    private readonly Stopwatch _clock = new();
    private TrainingState _state = new(), _saved = new();
    private LearningRate _rate = null!;
    private Tensor? _best;
    private double _earlierSeconds, _stepSeconds, _validationSeconds, _stepRate;
    private TimeSpan _savedAt;
    private CancellationToken _cancellation;

    public TrainingRun(
        SequenceNetwork network, TrainingOptions options, BatchSource training, BatchSource? validation)
    {
        (_network, _options, _training, _validation) = (network, options, training, validation);
        _optimiser = new Optimiser(network.Parameters) { WeightDecay = options.WeightDecay, ClipNorm = options.ClipNorm };
    }

    /// <summary>What was counted before the run; none where its length follows from the options alone.</summary>
    public DataCounts? Data { get; init; }

    public IProgress<TrainingProgress>? Progress { get; init; }

    public Checkpoint? Checkpoint { get; init; }

    private int TotalSteps => checked((int)_rate.TotalSteps);

    private double Seconds => _earlierSeconds + _clock.Elapsed.TotalSeconds;

    public static InvalidDataException NoRows(DataCounts data) => new(data.Empty == 0
        ? "There is no sequence to train on: the data are empty."
        : $"There is no sequence to train on: all {data.Empty} rows are empty or hold missing tokens only.");

    public TrainingReport Run(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        long steps = _options.Steps ?? StepsOfEpochs(Data!);
        _rate = new LearningRate(_options.LearningRate, (long)Math.Round(_options.WarmUp * steps), steps)
        {
            FinalShare = _options.FinalRate,
        };
        _clock.Start();
        Resume();
        TrainingEnding ending;
        try
        {
            ending = RunEpochs();
            if (ending == TrainingEnding.TimeLimit && _state.ValidatedStep < _state.Step)
                Validate();
            Save();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && _state.Step > 0)
        {
            Save();
            if (!_options.KeepOnCancel)
                throw;
            ending = TrainingEnding.Cancelled;
        }

        if (_best is not null)
            _network.Device.Copy(_best, _network.Parameters.Values);
        return Report(ending);
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _best?.Storage.Release();
    }

    private long StepsOfEpochs(DataCounts data)
    {
        // How many segments there will be depends on which rows meet in a batch; this is as if all were of one length.
        long segments = _network.SegmentLength == 0
            ? data.Rows
            : Math.Max(data.Rows, (data.Tokens + data.Missing) / _network.SegmentLength);
        long batches = (segments + _options.BatchSize - 1) / _options.BatchSize;
        return _options.Epochs * ((batches + _options.AccumulationSteps - 1) / _options.AccumulationSteps);
    }

    private void Resume()
    {
        if (Checkpoint?.Load(_optimiser, () => _best = Optimiser.Cleared(_network.Parameters)) is not { } state)
            return;
        (_state, _saved, _earlierSeconds) = (state, state with { }, state.Seconds);
    }

    private TrainingEnding RunEpochs()
    {
        for (bool first = true; ; first = false)
        {
            bool epochEnded = _state is { Step: > 0, Batches: 0 };
            if (epochEnded || _options.Steps is not null)
                ValidateIfDue(epochEnded);
            if (Ending() is { } already)
                return already;
            using (var batches = Batches(first ? _tally : null).GetEnumerator())
            {
                while (TryStep(batches))
                {
                    if (_options.Steps is not null)
                        ValidateIfDue(epochEnded: false);
                    if (Ending() is { } ending)
                        return ending;
                    if (_clock.Elapsed - _savedAt > SaveInterval)
                        Save();
                }
            }

            if (_state.Batches == 0)
                throw NoRows(_tally.Counts);
            (_state.Epoch, _state.Batches) = (_state.Epoch + 1, 0);
        }
    }

    private IEnumerable<SequenceBatch> Batches(DataTally? tally) =>
        _training.Shuffled(_state.Epoch, _state.Batches, tally, _cancellation);

    private TrainingEnding? Ending()
    {
        if (_options.Steps is null ? _state.Epoch > _options.Epochs : _state.Step >= _options.Steps)
            return TrainingEnding.Complete;
        if (_state.SinceBest >= _options.Patience)
            return TrainingEnding.EarlyStop;
        double needed = Seconds + _stepSeconds + _validationSeconds;
        return _state.Step > 0 && needed >= _options.TimeLimit?.TotalSeconds ? TrainingEnding.TimeLimit : null;
    }

    private bool TryStep(IEnumerator<SequenceBatch> batches)
    {
        long started = Stopwatch.GetTimestamp();
        _stepRate = _rate.At(Place());
        LossCounts counts = default;
        long tokens = 0;
        int done = 0;
        _optimiser.ClearGradients();
        while (done < _options.AccumulationSteps)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (!batches.MoveNext())
                break;
            tokens += batches.Current.RealTokens;
            counts += RunBack(batches.Current, done++);
        }

        if (done == 0)
            return false;
        double norm = _optimiser.Step(_stepRate, _state.Step + 1, done);
        if (!double.IsFinite(norm))
            throw new DivergenceException($"the gradient's norm is {norm}", _state.Step + 1, _stepRate);
        _stepSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        _state.AddStep(counts, tokens, done, _stepSeconds);
        Tell();
        return true;
    }

    private LossCounts RunBack(SequenceBatch batch, int part)
    {
        // Dropout follows from the seed and the place in the run, so that a resumed run drops the same.
        long place = (long)_state.Step * _options.AccumulationSteps + part;
        long seed = (long)new RandomSource(((long)_options.Seed << 32) ^ place).NextBits();
        using var graph = new Graph(_network.Device, recording: true, seed);
        (Tensor loss, LossCounts counts) = _network.Loss(graph, batch);
        if (!double.IsFinite(counts.Loss))
            throw new DivergenceException($"the loss is {counts.Loss}", _state.Step + 1, _stepRate);
        graph.Backward(loss);
        return counts;
    }

    /// <summary>Where in the schedule the run is: a time limit lets it go faster.</summary>
    private long Place() => _options.TimeLimit is { } limit
        ? Math.Max(_state.Step, (long)(Seconds / limit.TotalSeconds * TotalSteps))
        : _state.Step;

    private void ValidateIfDue(bool epochEnded)
    {
        bool due = _options.Steps is { } steps
            ? _state.Step > 0 && (_state.Step % Math.Max(1, steps / ValidationsPerRun) == 0 || _state.Step >= steps)
            : epochEnded;
        if (!due || _state.ValidatedStep == _state.Step)
            return;
        Validate();
        Save();
    }

    private void Validate()
    {
        if (_validation is null)
            return;
        long started = Stopwatch.GetTimestamp();
        LossCounts counts = Evaluator.Evaluate(_network, _validation, _cancellation);
        if (!double.IsFinite(counts.Loss))
            throw new DivergenceException($"the validation loss is {counts.Loss}", _state.Step + 1, _stepRate);
        if (_state.AddValidation(counts))
        {
            _best ??= Optimiser.Cleared(_network.Parameters);
            _network.Device.Copy(_network.Parameters.Values, _best);
        }

        _validationSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Tell();
    }

    private void Save()
    {
        // The clock alone is no reason to write.
        _savedAt = _clock.Elapsed;
        _state.Seconds = _saved.Seconds;
        if (Checkpoint is null || _state == _saved)
            return;
        _state.Seconds = Seconds;
        Checkpoint.Save(_state, _optimiser, _best);
        _saved = _state with { };
    }

    private void Tell()
    {
        if (Progress is null)
            return;
        double left = (TotalSteps - _state.Step) * _state.MeanSeconds();
        if (_options.TimeLimit is { } limit)
            left = Math.Min(left, limit.TotalSeconds - Seconds);
        (double, double)? validation =
            _state.ValidationLoss is { } loss ? (loss, _state.ValidationAccuracy) : null;
        Progress.Report(new TrainingProgress(
            _state.Step, TotalSteps, _state.Epoch, _state.MeanLoss(), _state.MeanAccuracy(),
            _stepRate, _state.RecentTokens / _state.RecentSeconds, _clock.Elapsed, TimeSpan.FromSeconds(Math.Max(left, 0)),
            validation));
    }

    private TrainingReport Report(TrainingEnding ending) => new(
        _state.Step, _state.Batches > 0 ? _state.Epoch : _state.Epoch - 1, _state.MeanLoss(), _state.BestLoss,
        _state.Tokens, _clock.Elapsed, ending, Data ?? _tally.Counts);
}

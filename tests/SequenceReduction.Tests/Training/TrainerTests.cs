using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly SequenceForm _form = new() { MaxLength = 12, TokenCount = 9 };
    private static readonly TrainingOptions _fast = new() { Epochs = 4, BatchSize = 16, LearningRate = 0.05 };

    private readonly CpuDevice _device = new(1);
    private readonly TinyNetwork _network;

    public TrainerTests() => _network = new TinyNetwork(_device, _form);

    [Fact]
    public void It_learns_to_copy()
    {
        var told = new Told();
        TrainingReport report = new Trainer(_network, _fast) { Progress = told }.Run(Data(640));
        Assert.Equal(TrainingEnding.Complete, report.Ending);
        Assert.Equal((160, 4), (report.Steps, report.Epochs));
        Assert.True(report.FinalLoss < 0.1 * told[0].Loss, $"{told[0].Loss} became {report.FinalLoss}");
        Assert.True(Evaluator.Evaluate(_network, Data(64)).Accuracy > 0.99);
    }

    [Fact]
    public void Progress_is_told_after_every_step()
    {
        var told = new Told();
        TrainingReport report = new Trainer(_network, _fast) { Progress = told }.Run(Data(100));
        Assert.Equal(Enumerable.Range(1, 28), told.Select(p => p.Step));
        Assert.All(told, p => Assert.Equal(28, p.TotalSteps));
        Assert.Equal([1, 2, 3, 4], told.Select(p => p.Epoch).Distinct());
        Assert.All(told, p => Assert.True(p.TokensPerSecond > 0 && p.Remaining >= TimeSpan.Zero && p.Loss > 0));
        Assert.All(told, p => Assert.InRange(p.Accuracy, 0, 1));
        Assert.Equal(0.05 / 3, told[0].LearningRate, 10);
        Assert.Equal(0.05, told[2].LearningRate, 10);
        Assert.InRange(told[^1].LearningRate, 0.001, 0.002);
        Assert.Equal(100, report.Data.Rows);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_other_ones()
    {
        float[] Trained(int seed)
        {
            using var network = new TinyNetwork(_device, _form);
            new Trainer(network, _fast with { Seed = seed }).Run(Data(100));
            return network.Parameters.Values.ToArray();
        }

        Assert.Equal(Trained(1), Trained(1));
        Assert.NotEqual(Trained(1), Trained(2));
    }

    [Fact]
    public void Steps_read_the_data_as_often_as_needed_and_only_what_is_needed()
    {
        Rows data = Data(100);
        TrainingReport report = new Trainer(_network, _fast with { Steps = 17 }).Run(data);
        Assert.Equal((17, 3), (report.Steps, report.Epochs));
        Assert.Equal(3, data.Readings);
        Assert.Equal(100, report.Data.Rows);
    }

    [Theory]
    [InlineData(3, 12)]
    [InlineData(7, 4)]
    [InlineData(100, 4)]
    public void Accumulated_batches_make_one_step(int accumulation, int steps)
    {
        var told = new Told();
        TrainingOptions options = _fast with { AccumulationSteps = accumulation };
        TrainingReport report = new Trainer(_network, options) { Progress = told }.Run(Data(100));
        Assert.Equal(steps, report.Steps);
        Assert.Equal(steps, told[0].TotalSteps);
        Assert.Equal(28, _network.Passes);
    }

    [Fact]
    public void Accumulating_the_same_batch_twice_changes_only_rounding()
    {
        float[] Trained(int accumulation)
        {
            using var network = new TinyNetwork(_device, _form, dropout: 0);
            Rows same = Rows.Of([.. Enumerable.Repeat(new[] { 1, 2, 3 }, 32)]);
            new Trainer(network, _fast with { Steps = 5, BatchSize = 4, AccumulationSteps = accumulation }).Run(same);
            return network.Parameters.Values.ToArray();
        }

        Assert.All(Trained(1).Zip(Trained(2)), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }

    [Fact]
    public void Early_stopping_gives_back_the_best_weights()
    {
        // The network is made to forget after its third validation: the loss rises from then on.
        var told = new Told();
        float[]? best = null;
        Rows validation = Data(32);
        int batches = 0;
        _network.Passing = (network, graph) =>
        {
            if (graph.Recording)
                batches++;
            else if (validation.Readings == 1 + 3)
                best ??= network.Parameters.Values.ToArray();
            network.Factor = batches > 3 * 10 ? -1 : 1;
        };
        var trainer = new Trainer(_network, _fast with { Epochs = 20, BatchSize = 10, Patience = 2 })
        {
            Validation = validation,
            Progress = told,
        };
        TrainingReport report = trainer.Run(Data(100));
        Assert.Equal(TrainingEnding.EarlyStop, report.Ending);
        Assert.Equal(50, report.Steps);
        Assert.Equal(best, _network.Parameters.Values.ToArray());
        Assert.Equal(told.Min(p => p.Validation?.Loss ?? 9), report.BestValidationLoss);
        _network.Factor = 1;
        _network.Passing = null;
        Assert.Equal(report.BestValidationLoss, Evaluator.Evaluate(_network, validation, 10).MeanLoss);
    }

    [Fact]
    public void A_validation_share_is_held_out_of_training()
    {
        var told = new Told();
        var trainer = new Trainer(_network, _fast with { ValidationFraction = 0.25 }) { Progress = told };
        TrainingReport report = trainer.Run(Data(400));
        Assert.InRange(report.Data.Rows, 270, 330);
        Assert.Equal(4, told.Where(p => p.Validation is not null).Select(p => p.Validation).Distinct().Count());
        Assert.NotNull(report.BestValidationLoss);
    }

    [Fact]
    public void A_run_of_steps_validates_twenty_times()
    {
        Rows validation = Data(10);
        new Trainer(_network, _fast with { Steps = 45 }) { Validation = validation }.Run(Data(100));
        Assert.Equal(1 + 22 + 1, validation.Readings);
    }

    [Fact]
    public void A_time_limit_ends_the_run_and_its_schedule()
    {
        var told = new Told();
        var limit = TimeSpan.FromSeconds(0.5);
        var options = _fast with { Epochs = 1_000_000, TimeLimit = limit, ValidationFraction = 0.2 };
        TrainingReport report = new Trainer(_network, options) { Progress = told }.Run(Data(100));
        Assert.Equal(TrainingEnding.TimeLimit, report.Ending);
        Assert.InRange(report.Elapsed.TotalSeconds, 0.2, 5);
        Assert.True(told[^1].LearningRate < 0.2 * told.Max(p => p.LearningRate));
        Assert.True(told[^1].Remaining <= limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cancelled_run_gives_back_what_there_is_or_throws_as_asked(bool keep)
    {
        using var cancellation = new CancellationTokenSource();
        var told = new Told { Then = p => { if (p.Step == 5) cancellation.Cancel(); } };
        var trainer = new Trainer(_network, _fast with { KeepOnCancel = keep }) { Progress = told };
        if (keep)
        {
            TrainingReport report = trainer.Run(Data(100), cancellation.Token);
            Assert.Equal((TrainingEnding.Cancelled, 5), (report.Ending, report.Steps));
        }
        else
        {
            Assert.Throws<OperationCanceledException>(() => trainer.Run(Data(100), cancellation.Token));
        }

        Assert.Equal(5, told.Count);
    }

    [Fact]
    public void A_run_cancelled_before_its_first_step_has_nothing_to_give() =>
        Assert.Throws<OperationCanceledException>(() =>
            new Trainer(_network, _fast).Run(Data(100), new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_run_that_goes_astray_says_where_and_what_to_do(float factor)
    {
        var told = new Told { Then = p => _network.Factor = p.Step == 3 ? factor : 1 };
        var exception = Assert.Throws<DivergenceException>(
            () => new Trainer(_network, _fast) { Progress = told }.Run(Data(100)));
        Assert.Equal(4, exception.Step);
        Assert.Contains("at step 4, with a learning rate of 0.0", exception.Message);
        Assert.Contains("Lower LearningRate", exception.Message);
        Assert.All(_network.Parameters.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Data_that_cannot_train_are_refused_at_once()
    {
        string Refusal(Rows data, TrainingOptions options, Rows? validation = null) =>
            Assert.Throws<InvalidDataException>(
                () => new Trainer(_network, options) { Validation = validation }.Run(data)).Message;
        TrainingOptions steps = _fast with { Steps = 3 };
        Assert.Contains("the data are empty", Refusal(Rows.Of(), _fast));
        Assert.Contains("the data are empty", Refusal(Rows.Of(), steps));
        Assert.Contains("all 2 rows are empty or hold missing tokens only", Refusal(Rows.Of([], [-1]), _fast));
        Assert.Contains("all 2 rows are empty or hold missing tokens only", Refusal(Rows.Of([], [-1]), steps));
        Assert.Contains("raise ValidationFraction", Refusal(Rows.Of([1], [2]), _fast with { ValidationFraction = 1e-9 }));
        Assert.Contains("The validation set holds no sequence", Refusal(Data(9), _fast, Rows.Of([-1])));
        Assert.Equal(0, _network.Passes);
    }

    [Fact]
    public void A_network_made_for_scoring_is_not_trained()
    {
        using var scoring = new TinyNetwork(_device, _form, training: false);
        Assert.Contains(
            "training: true", Assert.Throws<ArgumentException>(() => new Trainer(scoring, _fast).Run(Data(9))).Message);
    }

    [Fact]
    public void Evaluation_adds_up_over_batches_of_any_size()
    {
        LossCounts one = Evaluator.Evaluate(_network, Data(50), 50), many = Evaluator.Evaluate(_network, Data(50), 7);
        Assert.Equal(one.Loss, many.Loss, 3);
        Assert.Equal((one.Weight, one.Right, 50), (many.Weight, many.Right, many.Rows));
    }

    public void Dispose()
    {
        _network.Dispose();
        _device.Dispose();
    }

    private static Rows Data(int rows) => Rows.Random(rows, 12, 9);

    private sealed class Told : List<TrainingProgress>, IProgress<TrainingProgress>
    {
        public Action<TrainingProgress>? Then { get; init; }

        public void Report(TrainingProgress value)
        {
            Add(value);
            Then?.Invoke(value);
        }
    }
}

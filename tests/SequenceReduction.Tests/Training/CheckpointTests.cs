using System.Text;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private static readonly SequenceForm _form = new() { MaxLength = 12, TokenCount = 9 };

    private readonly CpuDevice _device = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly TrainingOptions _options;

    public CheckpointTests() => _options = new TrainingOptions
    {
        Epochs = 3, BatchSize = 16, LearningRate = 0.05, CheckpointFolder = _folder.File("run"),
    };

    private string FilePath => Path.Combine(_options.CheckpointFolder!, Checkpoint.FileName);

    [Theory]
    [InlineData(1, null, 1, 0)]
    [InlineData(7, null, 1, 0)]
    [InlineData(7, null, 1, 0.2)]
    [InlineData(14, null, 1, 0.2)]
    [InlineData(7, 20, 1, 0)]
    [InlineData(7, 20, 3, 0.2)]
    [InlineData(19, 20, 1, 0.2)]
    public void A_run_that_goes_on_comes_to_the_same_bits(int cancelAt, int? steps, int accumulation, double validation)
    {
        TrainingOptions options = _options with
        {
            Steps = steps, AccumulationSteps = accumulation, ValidationFraction = validation,
        };
        (float[] straight, TrainingReport whole) = Train(options with { CheckpointFolder = null });
        (float[] stopped, TrainingReport part) = Train(options, cancelAtStep: cancelAt);
        Assert.Equal((TrainingEnding.Cancelled, cancelAt), (part.Ending, part.Steps));
        Assert.NotEqual(straight, stopped);
        (float[] resumed, TrainingReport rest) = Train(options with { KeepOnCancel = false });
        Assert.Equal(straight, resumed);
        Assert.Equal(
            (whole.Steps, whole.Epochs, whole.FinalLoss, whole.BestValidationLoss, whole.Tokens, whole.Ending),
            (rest.Steps, rest.Epochs, rest.FinalLoss, rest.BestValidationLoss, rest.Tokens, rest.Ending));
    }

    [Fact]
    public void A_run_stopped_in_the_middle_of_a_validation_comes_to_the_same_bits()
    {
        TrainingOptions options = _options with { ValidationFraction = 0.3, BatchSize = 8, Patience = 1, Epochs = 9 };
        (float[] straight, _) = Train(options with { CheckpointFolder = null });
        for (int validationPass = 1; validationPass < 12; validationPass += 3)
            Train(options, cancelAtValidationPass: validationPass);
        Assert.Equal(straight, Train(options).Weights);
    }

    [Fact]
    public void A_run_that_was_done_is_not_done_again()
    {
        (float[] first, _) = Train(_options);
        byte[] file = File.ReadAllBytes(FilePath);
        using var network = new TinyNetwork(_device, _form, seed: 5);
        TrainingReport again = new Trainer(network, _options).Run(Rows.Random(100, 12, 9));
        Assert.Equal(first, network.Parameters.Values.ToArray());
        Assert.Equal((TrainingEnding.Complete, 0), (again.Ending, network.Passes));
        Assert.Equal(file, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void A_run_that_failed_goes_on_from_its_last_epoch()
    {
        (float[] straight, _) = Train(_options with { CheckpointFolder = null });
        Assert.Throws<DivergenceException>(() => Train(_options, spoilAtStep: 10));
        Assert.Equal(straight, Train(_options).Weights);
    }

    [Fact]
    public void A_checkpoint_of_other_options_is_refused_naming_what_differs()
    {
        Train(_options, cancelAtStep: 3);
        string message = Refusal(_options with { LearningRate = 0.1, Epochs = 4 });
        Assert.Contains("belongs to another training run", message);
        Assert.Contains("options: LearningRate was 0.05 and is 0.1", message);
        Assert.Contains("options: Epochs was 3 and is 4", message);
        Assert.Contains("Choose another CheckpointFolder, or delete the file", message);
    }

    [Fact]
    public void A_checkpoint_of_other_data_or_another_network_is_refused()
    {
        Train(_options, cancelAtStep: 3);
        Assert.Contains("data: Rows was 100 and is 101", Refusal(_options, rows: 101));
        Assert.Contains("network was '' and is 'other'", Refusal(_options, facts: "other"));
        Assert.Contains("form: TokenCount was 9 and is 10", Refusal(_options, form: _form with { TokenCount = 10 }));
        Assert.Contains("'weights.embedding.weight' has the shape [10, 8] instead of [10, 5]", Refusal(_options, width: 5));
    }

    [Fact]
    public void A_damaged_checkpoint_or_one_of_a_newer_version_is_refused()
    {
        Train(_options, cancelAtStep: 3);
        byte[] good = File.ReadAllBytes(FilePath);
        File.WriteAllBytes(FilePath, good[..(good.Length / 2)]);
        Assert.Contains("cut off", Refusal(_options));
        File.WriteAllBytes(FilePath, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(good)
            .Replace("\"seqred.checkpoint\":\"1\"", "\"seqred.checkpoint\":\"2\"")));
        Assert.Contains("training checkpoint in format 2; this version of the library reads up to 1", Refusal(_options));
        File.WriteAllBytes(FilePath, good);
        Train(_options);
    }

    [Fact]
    public void Only_the_finished_file_lies_in_the_folder()
    {
        Train(_options);
        Assert.Equal([FilePath], Directory.GetFiles(_options.CheckpointFolder!));
    }

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    private (float[] Weights, TrainingReport Report) Train(
        TrainingOptions options, int cancelAtStep = 0, int cancelAtValidationPass = 0, int spoilAtStep = 0)
    {
        using var network = new TinyNetwork(_device, _form);
        using var cancellation = new CancellationTokenSource();
        int validationPasses = 0;
        network.Passing = (_, graph) =>
        {
            if (!graph.Recording && ++validationPasses == cancelAtValidationPass)
                cancellation.Cancel();
        };
        var progress = new Each(p =>
        {
            if (p.Step == cancelAtStep)
                cancellation.Cancel();
            if (p.Step == spoilAtStep)
                network.Factor = float.NaN;
        });
        TrainingReport report =
            new Trainer(network, options) { Progress = progress }.Run(Rows.Random(100, 12, 9), cancellation.Token);
        return (network.Parameters.Values.ToArray(), report);
    }

    private string Refusal(
        TrainingOptions options, int rows = 100, string facts = "", SequenceForm? form = null, int width = 8)
    {
        using var network = new TinyNetwork(_device, form ?? _form, width) { Note = facts };
        var trainer = new Trainer(network, options);
        return Assert.Throws<InvalidDataException>(() => trainer.Run(Rows.Random(rows, 12, 9))).Message;
    }

    private sealed class Each(Action<TrainingProgress> then) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => then(value);
    }
}

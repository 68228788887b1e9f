using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Samples.Tracking;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Samples;

/// <summary>Lessons of the tracking experiment, and the weights between them.</summary>
public class TrackingLessonTests
{
    [Theory]
    [InlineData("3:10:4:500", 3, 10, 4, "Prints", 500, 0)]
    [InlineData("3:10:4:500@0.001", 3, 10, 4, "Prints", 500, 0.001)]
    [InlineData("3:10:always:500", 3, 10, 1, "Always", 500, 0)]
    [InlineData("3:10:state:500", 3, 10, 1, "State", 500, 0)]
    [InlineData("3:10:both:500", 3, 10, 1, "StateAndPrints", 500, 0)]
    [InlineData("16:500", 0, 16, 0, "Prints", 500, 0)]
    [InlineData("16:500@2e-3", 0, 16, 0, "Prints", 500, 0.002)]
    public void A_lesson_is_read_from_its_text(
        string text, int variables, int length, int prints, string asking, int updates, double rate) =>
        Assert.Equal(
            new TrackingLesson(variables, length, prints, Enum.Parse<AlgorithmAsking>(asking), updates, rate),
            TrackingLesson.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("16")]
    [InlineData("16:0")]
    [InlineData("3:10:500")]
    [InlineData("3:10:never:500")]
    [InlineData("3:10:4:500@")]
    [InlineData("16:500@-1")]
    [InlineData("16:500@1@2")]
    public void A_text_that_is_no_lesson_is_refused_with_the_form_it_must_have(string text)
    {
        string message = Assert.Throws<ArgumentException>(() => TrackingLesson.Parse(text)).Message;
        Assert.Contains($"--lessons holds '{text}'", message, StringComparison.Ordinal);
        Assert.Contains("variables:statements:prints:updates", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2:10:4:1")]
    [InlineData("20:1")]
    public void A_lesson_is_measured_on_other_pieces_than_it_is_learned_from(string text)
    {
        TrackingLesson lesson = TrackingLesson.Parse(text);
        TrackingStream training = lesson.Training(5, seed: 1), heldOut = lesson.HeldOut(5, seed: 1);
        Assert.NotEqual(training.Tokens, heldOut.Tokens);
        Assert.Equal(training.Tokens, lesson.Training(5, seed: 1).Tokens);
    }

    [Fact]
    public void Training_goes_on_from_written_weights_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "deeper", "lesson-1.safetensors");
        using var device = new CpuDevice(threads: 1);
        using SequenceLabeler whole = Network(device, seed: 1), continued = Network(device, seed: 2);
        Train(whole, "8:2");
        TrackingWeights.Write(whole, path);
        TrackingWeights.Read(continued, path);
        Train(whole, "12:2");
        Train(continued, "12:2");
        Assert.Equal(whole.Parameters.Values.ToArray(), continued.Parameters.Values.ToArray());
    }

    [Fact]
    public void Weights_of_another_width_are_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "weights.safetensors");
        using var device = new CpuDevice(threads: 1);
        using SequenceLabeler narrow = Network(device, seed: 1), wide = Network(device, seed: 1, width: 16);
        TrackingWeights.Write(narrow, path);
        Assert.Throws<InvalidDataException>(() => TrackingWeights.Read(wide, path));
    }

    private static SequenceLabeler Network(CpuDevice device, int seed, int width = 8)
    {
        ITrackingTask task = new WalkTask(new WalkOptions());
        var form = new SequenceForm { MaxLength = int.MaxValue, TokenCount = task.Tokens.Length };
        var encoder = new SequenceEncoderOptions
        {
            Staircase = StaircaseKind.Staircase(2, 4, 8),
            Blocks = 1,
            Width = width,
            Heads = 2,
            Pooling = SequencePooling.LastToken,
        };
        return new SequenceLabeler(
            form, new SequenceLabelerOptions { Encoder = encoder, Classes = task.Classes }, device, seed, training: true);
    }

    private static void Train(SequenceLabeler network, string text)
    {
        TrackingLesson lesson = TrackingLesson.Parse(text);
        var options = new TrainingOptions { Steps = lesson.Updates, BatchSize = 4 };
        new Trainer(network, options).Run(new TrackingRows(lesson.Training(4, seed: 1), options.BatchSize));
    }
}

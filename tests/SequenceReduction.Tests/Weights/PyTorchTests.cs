using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using SequenceReduction.Tests.Support;
using Xunit.Abstractions;

namespace SequenceReduction.Tests.Weights;

/// <summary>Encoders from here in PyTorch, and from there back, by the scripts that users are given.</summary>
public sealed class PyTorchTests(ITestOutputHelper output) : IDisposable
{
    private const float Tolerance = 1e-4f;

    private static readonly JsonSerializerOptions _numbers = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly Dictionary<string, SequenceEncoderOptions> _makes = new()
    {
        ["softmax"] = new(),
        ["yoso-e"] = new() { Attention = AttentionKind.YosoExpectation() },
        ["staircase"] = new() { Staircase = StaircaseKind.Staircase(2, 6) },
        ["cached"] = new() { Staircase = StaircaseKind.Cached(2, 4, cacheLength: 2) },
        ["global"] = new() { Staircase = StaircaseKind.GlobalCached(3, 6) with { Distances = 4 } },
        ["ladder"] = new() { Staircase = StaircaseKind.Ladder(passes: 2, segmentLength: 4) },
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Makes => [.. _makes.Keys];

    [PythonTheory]
    [MemberData(nameof(Makes))]
    public void A_saved_encoder_gives_in_PyTorch_what_it_gives_here(string make)
    {
        using SequenceEncoder network = Saved(0, _makes[make]);
        SequenceRow[] rows = Rows(network.Form);
        Same(network, rows, Python.Run("encode.py", Json(rows, network.Form), _folder.File("network.safetensors")));
    }

    [PythonTheory]
    [InlineData("softmax")]
    [InlineData("cached")]
    public void An_encoder_of_frames_gives_in_PyTorch_what_it_gives_here(string make)
    {
        using SequenceEncoder network = Saved(3, _makes[make] with { Pooling = SequencePooling.LastToken });
        SequenceRow[] rows = Rows(network.Form);
        Same(network, rows, Python.Run("encode.py", Json(rows, network.Form), _folder.File("network.safetensors")));
    }

    [PythonTheory]
    [InlineData("softmax", SequencePooling.FirstToken)]
    [InlineData("yoso-e", SequencePooling.Mean)]
    [InlineData("staircase", SequencePooling.LastToken)]
    public void An_encoder_trained_on_in_PyTorch_gives_here_what_it_gives_there(string make, SequencePooling pooling)
    {
        using SequenceEncoder network = Saved(0, _makes[make] with { Pooling = pooling });
        SequenceRow[] rows = Rows(network.Form);
        string trained = _folder.File("trained.safetensors");
        string printed =
            Python.Run("train.py", Json(rows, network.Form), _folder.File("network.safetensors"), trained);
        using FileStream stream = File.OpenRead(trained);
        (SequenceEncoder back, IReadOnlyDictionary<string, string> metadata) = SequenceEncoder.Load(stream, _device);
        using (back)
        {
            Assert.Equal("kept", metadata["note"]);
            Assert.Equal(network.Options, back.Options);
            Same(back, rows, printed);
            Assert.True(Distance(Encoded(network, rows), Encoded(back, rows)) > 100 * Tolerance);
        }
    }

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    private SequenceEncoder Saved(int frameWidth, SequenceEncoderOptions make)
    {
        var form = new SequenceForm { MaxLength = 9, TokenCount = frameWidth > 0 ? 0 : 7, FrameWidth = frameWidth };
        var network = new SequenceEncoder(form, make with { Width = 16, Heads = 2 }, _device, seed: 3);
        using FileStream stream = File.Create(_folder.File("network.safetensors"));
        network.Save(stream, new Dictionary<string, string> { ["note"] = "kept" });
        return network;
    }

    /// <summary>Rows of several lengths, one as long as can be, one cut, and one with something missing.</summary>
    private static SequenceRow[] Rows(SequenceForm form)
    {
        SequenceRow[] rows = [.. new[] { 4, 9, 1, 11, 6 }.Select((length, i) => Sequences.Row(form, length, i))];
        int[] tokens = rows[^1].Tokens.ToArray();
        float[] frames = rows[^1].Frames.ToArray();
        tokens.AsSpan(0, Math.Min(2, tokens.Length)).Fill(-1);
        frames.AsSpan(0, Math.Min(2, frames.Length)).Fill(float.NaN);
        return [.. rows[..^1], new SequenceRow(tokens, frames)];
    }

    private static string Json(SequenceRow[] rows, SequenceForm form) => form.FrameWidth == 0
        ? JsonSerializer.Serialize(rows.Select(r => r.Tokens.ToArray()))
        : JsonSerializer.Serialize(rows.Select(r => r.Frames.ToArray().Chunk(form.FrameWidth)), _numbers)
            .Replace("\"NaN\"", "NaN");

    private static float[] Encoded(SequenceEncoder network, SequenceRow[] rows) =>
        network.Encode(new SequenceBatch(rows, network.Form));

    private void Same(SequenceEncoder network, SequenceRow[] rows, string printed)
    {
        float[] theirs = [.. JsonSerializer.Deserialize<float[][]>(printed)!.SelectMany(row => row)];
        float distance = Distance(Encoded(network, rows), theirs);
        output.WriteLine($"Largest difference {distance:G3}");
        Assert.True(distance <= Tolerance, $"off by {distance:G3}");
    }

    private static float Distance(float[] ours, float[] theirs)
    {
        Assert.Equal(ours.Length, theirs.Length);
        return ours.Zip(theirs).Max(p => Math.Abs(p.First - p.Second));
    }
}

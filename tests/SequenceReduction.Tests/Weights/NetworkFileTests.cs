using System.Text;
using System.Text.Json.Serialization;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Weights;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Weights;

public sealed record TinyOptions
{
    public int Width { get; init; } = 3;

    public double Rate { get; init; } = 0.1;
}

[JsonSerializable(typeof(TinyOptions))]
internal sealed partial class TinyJson : JsonSerializerContext;

public sealed class NetworkFileTests : IDisposable
{
    private static readonly SequenceForm _form = new() { MaxLength = 12, TokenCount = 5 };

    private readonly CpuDevice _device = new(1);
    private readonly TinyNetwork _network;

    public NetworkFileTests() => _network = new TinyNetwork(_device, _form, width: 7, seed: 3);

    [Fact]
    public void A_loaded_network_has_the_saved_bits()
    {
        using var folder = new TemporaryFolder();
        var extra = new Dictionary<string, string> { ["vocabulary"] = "a\nb" };
        NetworkFile.Save(
            folder.File("deep/er/net.safetensors"), "tiny", _network.Parameters, _form, new TinyOptions { Width = 7 },
            TinyJson.Default.TinyOptions, extra);
        using NetworkFile file = NetworkFile.Open(folder.File("deep/er/net.safetensors"));
        TinyOptions options = file.Options("tiny", TinyJson.Default.TinyOptions);
        using var loaded = new TinyNetwork(_device, file.Form, options.Width, seed: 99, training: false);
        Assert.NotEqual(_network.Parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        file.LoadInto(loaded.Parameters);
        Assert.Equal(_network.Parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        Assert.Equal(_form, file.Form);
        Assert.Equal(extra, file.Extra);
        Assert.Equal(0.1, options.Rate);
    }

    [Fact]
    public void Names_and_layout_are_those_of_PyTorch()
    {
        using var reader = new SafetensorsReader(new MemoryStream(Bytes()));
        Assert.Equal(
            ["embedding.weight [6, 7]", "output.weight [6, 7]", "output.bias [6]"],
            reader.Entries.Select(e => $"{e.Name} {e.Shape}"));
        Assert.Equal("pt", reader.Metadata["format"]);
    }

    [Fact]
    public void The_same_network_gives_the_same_bytes() => Assert.Equal(Bytes(), Bytes());

    [Fact]
    public void Another_shape_is_refused_naming_the_weight_and_both_shapes()
    {
        using var other = new TinyNetwork(_device, _form, width: 4);
        using NetworkFile file = Open(Bytes());
        string message = Assert.Throws<InvalidDataException>(() => file.LoadInto(other.Parameters)).Message;
        Assert.Contains("'embedding.weight' has the shape [6, 7] instead of [6, 4]", message);
        Assert.Contains("'output.weight' has the shape", message);
        Assert.DoesNotContain("bias", message);
    }

    [Fact]
    public void Missing_and_unknown_weights_are_refused_by_name()
    {
        using NetworkFile file = Open(Replaced("\"output.bias\"", "\"output.bios\""));
        string message = Assert.Throws<InvalidDataException>(() => file.LoadInto(_network.Parameters)).Message;
        Assert.Contains("'output.bias' [6] is missing", message);
        Assert.Contains("'output.bios' [6] is unknown to the network", message);
    }

    [Fact]
    public void A_newer_format_is_refused_and_the_message_says_to_update()
    {
        byte[] newer = Replaced("\"seqred.format\":\"1\"", "\"seqred.format\":\"2\"");
        string message = Assert.Throws<InvalidDataException>(() => Open(newer)).Message;
        Assert.Contains("in format 2; this version of the library reads up to 1. Update", message);
    }

    [Fact]
    public void Another_kind_of_file_or_network_is_refused()
    {
        using NetworkFile file = Open(Bytes());
        Assert.Contains(
            "of kind 'tiny', not 'yoso'",
            Assert.Throws<InvalidDataException>(() => file.Options("yoso", TinyJson.Default.TinyOptions)).Message);
        Assert.Contains(
            "holds no network of this library",
            Assert.Throws<InvalidDataException>(() => Open(Replaced("seqred.format", "seqred.farmat"))).Message);
        Assert.Contains(
            "'seqred.form' in the metadata cannot be read",
            Assert.Throws<InvalidDataException>(() => Open(Replaced("MaxLength", "MinLength"))).Message);
    }

    [Fact]
    public void A_reserved_key_is_refused() => Assert.Throws<ArgumentException>(() => NetworkFile.Save(
        new MemoryStream(), "tiny", _network.Parameters, _form, new TinyOptions(), TinyJson.Default.TinyOptions,
        new Dictionary<string, string> { ["seqred.form"] = "" }));

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("net.safetensors");
        File.WriteAllText(path, "old");
        Assert.Throws<ArgumentException>(() => NetworkFile.Save(
            path, "tiny", _network.Parameters, _form, new TinyOptions(), TinyJson.Default.TinyOptions,
            new Dictionary<string, string> { ["format"] = "" }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    public void Dispose()
    {
        _network.Dispose();
        _device.Dispose();
    }

    private static NetworkFile Open(byte[] bytes) => new(new MemoryStream(bytes));

    private byte[] Bytes()
    {
        var stream = new MemoryStream();
        NetworkFile.Save(stream, "tiny", _network.Parameters, _form, new TinyOptions(), TinyJson.Default.TinyOptions);
        return stream.ToArray();
    }

    private byte[] Replaced(string from, string to) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Bytes()).Replace(from, to, StringComparison.Ordinal));
}

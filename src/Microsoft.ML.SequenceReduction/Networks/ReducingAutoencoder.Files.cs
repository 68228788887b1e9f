using System.Text.Json.Serialization;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Weights;

namespace Microsoft.ML.SequenceReduction.Networks;

public sealed partial class ReducingAutoencoder
{
    private const string Kind = "reducing-autoencoder";

    /// <summary>Writes options and weights as safetensors; the same network gives the same bytes.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="metadata">More text to keep with it, by key.</param>
    /// <exception cref="ArgumentException">A key of the text is reserved.</exception>
    public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) => NetworkFile.Save(
        stream, Kind, Parameters, Form, Options, ReducingAutoencoderJson.Default.ReducingAutoencoderOptions, metadata);

    /// <summary>Reads a network for scoring, and the text that was saved with it.</summary>
    /// <exception cref="InvalidDataException">
    /// The stream is damaged, holds something else or a newer format, or its weights do not fit its options.
    /// </exception>
    public static (ReducingAutoencoder Network, IReadOnlyDictionary<string, string> Metadata) Load(
        Stream stream, Device device)
    {
        using var file = new NetworkFile(stream, "The reducing network", leaveOpen: true);
        ReducingAutoencoderOptions options =
            file.Options(Kind, ReducingAutoencoderJson.Default.ReducingAutoencoderOptions);
        ReducingAutoencoder network;
        try
        {
            network = new ReducingAutoencoder(file.Form, options, device);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"The reducing network's options cannot be. {exception.Message}", exception);
        }

        try
        {
            file.LoadInto(network.Parameters);
            return (network, file.Extra);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReducingAutoencoderOptions))]
internal sealed partial class ReducingAutoencoderJson : JsonSerializerContext;

using Microsoft.ML.SequenceReduction.Devices;

namespace Microsoft.ML.SequenceReduction.Networks;

public sealed partial class ReducingAutoencoder
{
    private const string Kind = "reducing-autoencoder";

    /// <summary>Writes options and weights as safetensors; the same network gives the same bytes.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="metadata">More text to keep with it, by key.</param>
    /// <exception cref="ArgumentException">A key of the text is reserved.</exception>
    public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(stream, Kind, Options, NetworkOptionsJson.Default.ReducingAutoencoderOptions, metadata);

    /// <summary>Reads a network for scoring, and the text that was saved with it.</summary>
    /// <exception cref="InvalidDataException">
    /// The stream is damaged, holds something else or a newer format, or its weights do not fit its options.
    /// </exception>
    public static (ReducingAutoencoder Network, IReadOnlyDictionary<string, string> Metadata) Load(
        Stream stream, Device device) => Load(
            stream, "reducing network", Kind, NetworkOptionsJson.Default.ReducingAutoencoderOptions,
            (form, options) => new ReducingAutoencoder(form, options, device));
}

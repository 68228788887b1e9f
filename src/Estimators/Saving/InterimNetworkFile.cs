using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Weights;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

internal static class InterimNetworkFile
{
    private static readonly JsonTypeInfo<ReducingAutoencoderOptions> _type =
        (JsonTypeInfo<ReducingAutoencoderOptions>)new JsonSerializerOptions(JsonSerializerDefaults.General)
        { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }.GetTypeInfo(typeof(ReducingAutoencoderOptions));

    extension(ReducingAutoencoder)
    {
        public static (ReducingAutoencoder, IReadOnlyDictionary<string, string>) Load(Stream stream, Device device)
        {
            using var file = new NetworkFile(stream);
            var network = new ReducingAutoencoder(file.Form, file.Options("reducing-autoencoder", _type), device);
            file.LoadInto(network.Parameters);
            return (network, file.Extra);
        }
    }

    public static void Save(this ReducingAutoencoder network, Stream stream, IReadOnlyDictionary<string, string> metadata) =>
        NetworkFile.Save(stream, "reducing-autoencoder", network.Parameters, network.Form, network.Options, _type, metadata);
}

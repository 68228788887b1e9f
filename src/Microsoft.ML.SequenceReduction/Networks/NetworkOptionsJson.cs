using System.Text.Json.Serialization;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>How networks' options are written as JSON.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReducingAutoencoderOptions))]
[JsonSerializable(typeof(SequenceEncoderOptions))]
[JsonSerializable(typeof(SequencePredictorOptions))]
[JsonSerializable(typeof(SequenceLabelerOptions))]
[JsonSerializable(typeof(StreamReducerOptions))]
internal sealed partial class NetworkOptionsJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Weights;

namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>
/// A run's state in one safetensors file of a folder: weights, both moments, the best weights and the
/// <see cref="TrainingState"/>. What belongs to another run, by its facts, is refused.
/// </summary>
/// <param name="folder">Where the file lies.</param>
/// <param name="parameters">The weights.</param>
/// <param name="facts">What makes the run this run: text, most of it JSON objects, by name.</param>
internal sealed class Checkpoint(string folder, ParameterSet parameters, IReadOnlyDictionary<string, string> facts)
{
    public const int FormatVersion = 1;
    public const string FileName = "checkpoint.safetensors";

    private const string VersionKey = "seqred.checkpoint";
    private const string StateKey = "seqred.state";
    private const string FactPrefix = "seqred.run.";
    private const string WeightsPrefix = "weights.";
    private const string FirstMomentPrefix = "m.";
    private const string SecondMomentPrefix = "v.";
    private const string BestPrefix = "best.";

    private readonly string _path = Path.Combine(folder, FileName);

    /// <summary>Writes the state; the file before it stays whole until this one is.</summary>
    public void Save(TrainingState state, Optimiser optimiser, Tensor? best)
    {
        var metadata = facts.ToDictionary(f => FactPrefix + f.Key, f => f.Value);
        metadata[VersionKey] = $"{FormatVersion}";
        metadata[StateKey] = JsonSerializer.Serialize(state, TrainingJson.Default.TrainingState);
        var vectors = Vectors(optimiser, best);
        AtomicFile.Write(_path, stream =>
        {
            var writer = new SafetensorsWriter(
                stream, [.. vectors.SelectMany(v => ParameterTensors.Entries(parameters, v.Prefix))], metadata);
            foreach ((string prefix, Tensor vector) in vectors)
                ParameterTensors.Write(writer, parameters, vector, prefix);
            writer.Finish();
        });
    }

    /// <summary>Reads the state, the weights and the moments.</summary>
    /// <param name="optimiser">Gets its moments.</param>
    /// <param name="makeBest">Makes the place for the best weights; called if there are any.</param>
    /// <returns>The state; none if there is no checkpoint yet.</returns>
    /// <exception cref="InvalidDataException">It is of another run or a newer version, or damaged.</exception>
    public TrainingState? Load(Optimiser optimiser, Func<Tensor> makeBest)
    {
        if (!File.Exists(_path))
            return null;
        using SafetensorsReader reader = SafetensorsReader.Open(_path);
        NetworkFile.CheckVersion(reader, VersionKey, FormatVersion, "training checkpoint");
        CheckFacts(reader);
        TrainingState state = ReadState(reader);
        foreach ((string prefix, _) in Vectors(optimiser, state.BestLoss is null ? null : parameters.Values))
            ParameterTensors.Check(reader, parameters, prefix);
        foreach ((string prefix, Tensor vector) in Vectors(optimiser, state.BestLoss is null ? null : makeBest()))
            ParameterTensors.Read(reader, parameters, vector, prefix);
        return state;
    }

    private List<(string Prefix, Tensor Vector)> Vectors(Optimiser optimiser, Tensor? best)
    {
        List<(string, Tensor)> vectors =
        [
            (WeightsPrefix, parameters.Values), (FirstMomentPrefix, optimiser.M), (SecondMomentPrefix, optimiser.V),
        ];
        if (best is not null)
            vectors.Add((BestPrefix, best));
        return vectors;
    }

    private void CheckFacts(SafetensorsReader reader)
    {
        var differing = new List<string>();
        foreach ((string name, string here) in facts)
        {
            string there = reader.Metadata.GetValueOrDefault(FactPrefix + name, "");
            if (there != here)
                differing.AddRange(Differences(name, there, here));
        }

        if (differing.Count > 0)
            throw new InvalidDataException(
                $"{_path} belongs to another training run: {string.Join("; ", differing)}. "
                + "Choose another CheckpointFolder, or delete the file to start anew.");
    }

    private static IEnumerable<string> Differences(string name, string there, string here)
    {
        try
        {
            using JsonDocument was = JsonDocument.Parse(there), now = JsonDocument.Parse(here);
            var before = was.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText());
            var after = now.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText());
            return before.Keys.Union(after.Keys)
                .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
                .Select(key => $"{name}: {key} was {before.GetValueOrDefault(key, "absent")} "
                    + $"and is {after.GetValueOrDefault(key, "absent")}")
                .ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return [$"{name} was '{there}' and is '{here}'"];
        }
    }

    private TrainingState ReadState(SafetensorsReader reader)
    {
        try
        {
            return JsonSerializer.Deserialize(
                reader.Metadata.GetValueOrDefault(StateKey, ""), TrainingJson.Default.TrainingState)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_path}: '{StateKey}' in the metadata cannot be read. {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    IgnoreReadOnlyProperties = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(TrainingOptions))]
[JsonSerializable(typeof(DataCounts))]
[JsonSerializable(typeof(SequenceForm))]
internal sealed partial class TrainingJson : JsonSerializerContext;

using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Weights;

/// <summary>Stores vectors that are laid out as a parameter set's values, one named tensor per parameter.</summary>
internal static class ParameterTensors
{
    /// <summary>What will be written of one vector.</summary>
    public static IEnumerable<SafetensorsEntry> Entries(ParameterSet parameters, string prefix = "") =>
        parameters.Parameters.Select(p => new SafetensorsEntry(prefix + p.Name, SafetensorsType.F32, p.Value.Shape));

    /// <summary>Writes one vector, parameter by parameter.</summary>
    public static void Write(SafetensorsWriter writer, ParameterSet parameters, Tensor vector, string prefix = "")
    {
        float[] buffer = Buffer(parameters);
        foreach (Parameter parameter in parameters.Parameters)
        {
            Span<float> values = buffer.AsSpan(0, (int)parameter.Value.Shape.Count);
            parameters.Device.Download(Part(parameters, vector, parameter), values);
            writer.Write(prefix + parameter.Name, values);
        }
    }

    /// <summary>Reads one vector in the order in which it lies in the file.</summary>
    public static void Read(SafetensorsReader reader, ParameterSet parameters, Tensor vector, string prefix = "")
    {
        Check(reader, parameters, prefix);
        float[] buffer = Buffer(parameters);
        foreach (SafetensorsEntry entry in reader.Entries.Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            Span<float> values = buffer.AsSpan(0, (int)entry.Shape.Count);
            reader.ReadFloats(entry.Name, values);
            parameters.Device.Upload(values, Part(parameters, vector, parameters[entry.Name[prefix.Length..]]));
        }
    }

    /// <summary>Checks that a file holds just a network's weights, in its shapes.</summary>
    /// <exception cref="InvalidDataException">It does not; the message names every weight that is wrong.</exception>
    public static void Check(SafetensorsReader reader, ParameterSet parameters, string prefix = "")
    {
        var wrong = new List<string>();
        foreach (SafetensorsEntry wanted in Entries(parameters, prefix))
        {
            SafetensorsEntry? found = reader.Find(wanted.Name);
            if (found is null)
                wrong.Add($"'{wanted.Name}' {wanted.Shape} is missing");
            else if (found.Type != wanted.Type)
                wrong.Add($"'{wanted.Name}' holds {found.Type} instead of {wanted.Type} numbers");
            else if (found.Shape != wanted.Shape)
                wrong.Add($"'{wanted.Name}' has the shape {found.Shape} instead of {wanted.Shape}");
        }

        var known = Entries(parameters, prefix).Select(e => e.Name).ToHashSet();
        wrong.AddRange(reader.Entries
            .Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal) && !known.Contains(e.Name))
            .Select(e => $"'{e.Name}' {e.Shape} is unknown to the network"));
        if (wrong.Count > 0)
            throw new InvalidDataException(
                $"{reader.Name} does not hold this network's weights: {string.Join("; ", wrong)}.");
    }

    private static float[] Buffer(ParameterSet parameters) =>
        new float[parameters.Parameters.Select(p => p.Value.Shape.Count).DefaultIfEmpty().Max()];

    private static Tensor Part(ParameterSet parameters, Tensor vector, Parameter parameter) => new(
        vector.Storage, vector.Offset + parameter.Value.Offset - parameters.Values.Offset, parameter.Value.Shape);
}

using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Weights;

namespace SequenceReduction.Samples.Tracking;

/// <summary>A network's weights in a file, from which long work goes on.</summary>
internal static class TrackingWeights
{
    /// <summary>Writes the network; folders that are not there are made.</summary>
    public static void Write(SequenceLabeler network, string path) =>
        AtomicFile.Write(path, stream => network.Save(stream));

    /// <summary>
    /// Reads the weights into a network whose weights have the same shapes; how it is cut in segments, and what it drops
    /// in training, may differ.
    /// </summary>
    /// <exception cref="InvalidDataException">The file holds no network or one of other weights; the message names them.</exception>
    public static void Read(SequenceLabeler network, string path)
    {
        using NetworkFile file = NetworkFile.Open(path);
        file.LoadInto(network.Parameters);
    }
}

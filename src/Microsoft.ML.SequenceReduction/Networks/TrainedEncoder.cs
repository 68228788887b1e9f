using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>An encoder that was trained on its own, as the start of another network's.</summary>
internal static class TrainedEncoder
{
    /// <summary>Copies an encoder's weights into a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mine">The make of its encoder; its attention may be another.</param>
    /// <param name="encoder">The trained encoder.</param>
    /// <exception cref="ArgumentException">
    /// The encoder has another form or make; the message says what differs.
    /// </exception>
    public static void CopyTo(SequenceNetwork network, SequenceEncoderOptions mine, SequenceEncoder encoder)
    {
        SequenceEncoderOptions theirs = encoder.Options;
        (string Name, int Theirs, int Mine)[] makes =
        [
            ("MaxLength", encoder.Form.MaxLength, network.Form.MaxLength),
            ("TokenCount", encoder.Form.TokenCount, network.Form.TokenCount),
            ("FrameWidth", encoder.Form.FrameWidth, network.Form.FrameWidth),
            ("Width", theirs.Width, mine.Width),
            ("Heads", theirs.Heads, mine.Heads),
            ("FeedForwardWidth", theirs.Hidden, mine.Hidden),
            ("Blocks", theirs.Blocks, mine.Blocks),
            ("NGrams.Shortest", theirs.NGrams?.Shortest ?? 0, mine.NGrams?.Shortest ?? 0),
            ("NGrams.Longest", theirs.NGrams?.Longest ?? 0, mine.NGrams?.Longest ?? 0),
            ("NGrams.Rows", theirs.NGrams?.Rows ?? 0, mine.NGrams?.Rows ?? 0),
            ("Staircase's distances", theirs.Staircase?.RelativeRows ?? 0, mine.Staircase?.RelativeRows ?? 0),
            ("Convolution", theirs.Attention.ConvolutionTaps, mine.Attention.ConvolutionTaps),
        ];
        string differing = string.Join("; ", makes.Where(m => m.Theirs != m.Mine)
            .Select(m => $"{m.Name} is {m.Theirs} in the encoder and {m.Mine} here"));
        if (differing.Length > 0)
            throw new ArgumentException(
                $"The encoder does not fit this network: {differing}. Give both the same form and options.",
                nameof(encoder));
        foreach (Parameter parameter in network.Parameters.Parameters)
            if (parameter.Name.StartsWith(TokenEncoder.Prefix, StringComparison.Ordinal))
                network.Device.Upload(encoder.Parameters[parameter.Name].Value.ToArray(), parameter.Value);
    }
}

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// What a saved model and this package agree on: names of custom mappings and of the columns between them. They are in
/// every saved model, so they never change; a change of meaning takes a new version number.
/// </summary>
internal static class Contract
{
    public const string Family = "SequenceReduction/";
    public const string Prefix = Family + "1/";
    public const string State = Prefix + "state";

    /// <summary>A sequence's vector: latents, an encoding, or probabilities of classes.</summary>
    public const string Latents = Prefix + "latents/";

    /// <summary>A sequence's number: a reconstruction error, or a predicted value.</summary>
    public const string Error = Prefix + "error/";
    public const string Restored = Prefix + "restored/";
    public const string Names = Prefix + "names/";
    public const string Label = Prefix + "label/";

    /// <summary>Probabilities of classes at each position of a sequence.</summary>
    public const string Scores = Prefix + "scores/";

    /// <summary>What the labels of positions stand for.</summary>
    public const string Labels = Prefix + "labels/";
    public const string Block = Prefix + "block/";

    /// <summary>The version in <see cref="Prefix"/>.</summary>
    public const int Version = 1;

    public const string KeyColumn = "__seqred.key";
    public const string StateColumn = "__seqred.state";
    public const string InputColumn = "__seqred.input";
    public const string LatentsColumn = "__seqred.latents";
    public const string RestoredColumn = "__seqred.restored";
    public const string NamesColumn = "__seqred.names";
    public const string LabelColumn = "__seqred.label";
    public const string PredictedColumn = "__seqred.predicted";
    public const string ErrorColumn = "__seqred.error";
    public const string BlockColumn = "__seqred.block.";

    /// <summary>How contracts call a .NET type.</summary>
    public static string NameOf(Type type) => type == typeof(ReadOnlyMemory<char>) ? "Text" : type.Name;
}

using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Export;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Weights;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// Everything a fitted transformer is: its network, how it reads its column, the columns' names. It is written as one
/// text: safetensors in base64, all that is not a weight in their metadata. Immutable, and safe from many threads.
/// </summary>
internal abstract class SequenceState
{
    private readonly Lazy<string> _text;

    protected SequenceState(StateFacts facts, Func<string>? text)
    {
        Facts = facts;
        _text = new Lazy<string>(text ?? (() => Convert.ToBase64String(Write())));
    }

    public StateFacts Facts { get; }

    public abstract SequenceNetwork Network { get; }

    public StateRole Role => Facts.Role;

    public SequenceColumn Column => Facts.Column;

    public ColumnNames Names => Facts.Names;

    /// <summary>Numbers in the vector that stands for a sequence, or for each of its positions.</summary>
    public abstract int VectorSize { get; }

    /// <summary>The keys that are written: restored ones, or predicted labels; none where none are.</summary>
    public virtual KeyDescription? WrittenKeys => Column.Description.ToKeys();

    /// <summary>The whole as text.</summary>
    public string Text => _text.Value;

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <exception cref="InvalidDataException">It is damaged, of a newer version, or its weights do not fit.</exception>
    public static SequenceState Parse(ReadOnlyMemory<char> text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64Chars(text.Span, bytes, out int count))
            throw new InvalidDataException("The model's weights are damaged: they are no base64 text.");
        return Read(new MemoryStream(bytes, 0, count), new CpuDevice(), text.ToString);
    }

    /// <summary>Reads the bytes of a safetensors file that <see cref="Save(Stream)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else, damaged, or of a newer version.</exception>
    public static SequenceState Read(byte[] bytes) =>
        Read(new MemoryStream(bytes), new CpuDevice(), () => Convert.ToBase64String(bytes));

    /// <summary>Writes the whole as a safetensors file.</summary>
    public void Save(Stream stream) => Save(stream, Facts.ToMetadata());

    /// <summary>Sequences as the network takes them.</summary>
    public SequenceBatch Batch(IReadOnlyList<SequenceRow> rows) => new(rows, Network.Form, Network.NeedsFullLength);

    /// <summary>
    /// The vectors that stand for sequences, <c>[B, VectorSize]</c>, or for their positions, <c>[B, T, VectorSize]</c>.
    /// </summary>
    public abstract float[] Vectors(SequenceBatch batch);

    /// <summary>One number per sequence.</summary>
    /// <exception cref="InvalidDataException">This transformer writes none.</exception>
    public virtual float[] Numbers(SequenceBatch batch) =>
        throw new InvalidDataException($"The model's weights give no number per sequence: their role is {Role}.");

    /// <summary>How the network is exported, so that the file takes frames as the column has them.</summary>
    public OnnxExportOptions OnnxOptions(int? length) => new()
    {
        Length = length,
        Standardisation = Column.Description is { Means: { } means, Deviations: { } deviations }
            ? new Standardisation(means, deviations) : null,
        Metadata = Facts.ToMetadata(),
    };

    /// <summary>The same with a copy of the weights that keeps no gradients.</summary>
    protected SequenceState Copy(Device device)
    {
        byte[] bytes = Write();
        return Read(new MemoryStream(bytes), device, () => Convert.ToBase64String(bytes));
    }

    /// <summary>Writes the network and the metadata.</summary>
    protected abstract void Save(Stream stream, IReadOnlyDictionary<string, string> metadata);

    private byte[] Write()
    {
        var stream = new MemoryStream();
        Save(stream);
        return stream.ToArray();
    }

    private static SequenceState Read(MemoryStream stream, Device device, Func<string> text)
    {
        StateFacts facts;
        using (var file = new NetworkFile(stream, "The model's network", leaveOpen: true))
            facts = StateFacts.Of(file.Extra, file.Form);
        stream.Position = 0;
        return facts.Role switch
        {
            StateRole.Encode => new EncoderState(facts, SequenceEncoder.Load(stream, device).Network, text),
            StateRole.Classify or StateRole.Regress =>
                new PredictorState(facts, SequencePredictor.Load(stream, device).Network, text),
            StateRole.Label => new LabelerState(facts, SequenceLabeler.Load(stream, device).Network, text),
            _ => new ReducerState(facts, ReducingAutoencoder.Load(stream, device).Network, text),
        };
    }
}

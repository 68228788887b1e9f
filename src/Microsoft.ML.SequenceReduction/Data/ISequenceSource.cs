namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>Sequences that can be read again and again from the start, one after the other, never all in memory.</summary>
public interface ISequenceSource
{
    /// <summary>Reads the sequences in a fixed order. A row's memory is valid until the next is read.</summary>
    IEnumerable<SequenceRow> Read();
}

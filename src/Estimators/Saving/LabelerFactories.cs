using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

// The custom mappings of labelers; see Factories.cs.

/// <summary>Sequences to probabilities of classes at each position.</summary>
internal abstract class ScoresFactory<TRaw> : CustomMappingFactory<SequenceIn<TRaw>, LatentsOut>
{
    public sealed override Action<SequenceIn<TRaw>, LatentsOut> GetMapping() => Mappings.Scores;
}

/// <summary>Such probabilities to what the predicted labels stand for.</summary>
internal abstract class LabelsFactory<TName> : CustomMappingFactory<LatentsIn, NamesOut<TName>>
{
    public sealed override Action<LatentsIn, NamesOut<TName>> GetMapping() => Mappings.Labels;
}

[CustomMappingFactoryAttribute(Contract.Scores + "Text")]
internal sealed class TextScores : ScoresFactory<ReadOnlyMemory<char>>;

[CustomMappingFactoryAttribute(Contract.Scores + "SByte")]
internal sealed class SByteScores : ScoresFactory<VBuffer<sbyte>>;

[CustomMappingFactoryAttribute(Contract.Scores + "Byte")]
internal sealed class ByteScores : ScoresFactory<VBuffer<byte>>;

[CustomMappingFactoryAttribute(Contract.Scores + "Int16")]
internal sealed class Int16Scores : ScoresFactory<VBuffer<short>>;

[CustomMappingFactoryAttribute(Contract.Scores + "UInt16")]
internal sealed class UInt16Scores : ScoresFactory<VBuffer<ushort>>;

[CustomMappingFactoryAttribute(Contract.Scores + "Int32")]
internal sealed class Int32Scores : ScoresFactory<VBuffer<int>>;

[CustomMappingFactoryAttribute(Contract.Scores + "UInt32")]
internal sealed class UInt32Scores : ScoresFactory<VBuffer<uint>>;

[CustomMappingFactoryAttribute(Contract.Scores + "Int64")]
internal sealed class Int64Scores : ScoresFactory<VBuffer<long>>;

[CustomMappingFactoryAttribute(Contract.Scores + "UInt64")]
internal sealed class UInt64Scores : ScoresFactory<VBuffer<ulong>>;

[CustomMappingFactoryAttribute(Contract.Scores + "Single")]
internal sealed class SingleScores : ScoresFactory<VBuffer<float>>;

[CustomMappingFactoryAttribute(Contract.Scores + "Double")]
internal sealed class DoubleScores : ScoresFactory<VBuffer<double>>;

[CustomMappingFactoryAttribute(Contract.Labels + "Text")]
internal sealed class TextLabels : LabelsFactory<ReadOnlyMemory<char>>;

[CustomMappingFactoryAttribute(Contract.Labels + "SByte")]
internal sealed class SByteLabels : LabelsFactory<sbyte>;

[CustomMappingFactoryAttribute(Contract.Labels + "Byte")]
internal sealed class ByteLabels : LabelsFactory<byte>;

[CustomMappingFactoryAttribute(Contract.Labels + "Int16")]
internal sealed class Int16Labels : LabelsFactory<short>;

[CustomMappingFactoryAttribute(Contract.Labels + "UInt16")]
internal sealed class UInt16Labels : LabelsFactory<ushort>;

[CustomMappingFactoryAttribute(Contract.Labels + "Int32")]
internal sealed class Int32Labels : LabelsFactory<int>;

[CustomMappingFactoryAttribute(Contract.Labels + "UInt32")]
internal sealed class UInt32Labels : LabelsFactory<uint>;

[CustomMappingFactoryAttribute(Contract.Labels + "Int64")]
internal sealed class Int64Labels : LabelsFactory<long>;

[CustomMappingFactoryAttribute(Contract.Labels + "UInt64")]
internal sealed class UInt64Labels : LabelsFactory<ulong>;

[CustomMappingFactoryAttribute(Contract.Labels + "Single")]
internal sealed class SingleLabels : LabelsFactory<float>;

[CustomMappingFactoryAttribute(Contract.Labels + "Double")]
internal sealed class DoubleLabels : LabelsFactory<double>;

using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

// ML.NET finds a custom mapping by the contract on a class that is not generic, so there is one line for each type of
// item.

/// <summary>Gives every row the key of the state.</summary>
[CustomMappingFactoryAttribute(Contract.State)]
internal sealed class KeyFactory : CustomMappingFactory<NoColumns, StateKey>
{
    public override Action<NoColumns, StateKey> GetMapping() => Mappings.Key;
}

/// <summary>Sequences to latents.</summary>
internal abstract class LatentsFactory<TRaw> : CustomMappingFactory<SequenceIn<TRaw>, LatentsOut>
{
    public sealed override Action<SequenceIn<TRaw>, LatentsOut> GetMapping() => Mappings.Latents;
}

/// <summary>Sequences to reconstruction errors.</summary>
internal abstract class ErrorFactory<TRaw> : CustomMappingFactory<SequenceIn<TRaw>, ErrorOut>
{
    public sealed override Action<SequenceIn<TRaw>, ErrorOut> GetMapping() => Mappings.Error;
}

/// <summary>Latents to sequences.</summary>
internal abstract class RestoredFactory<TRaw> : CustomMappingFactory<LatentsIn, RestoredOut<TRaw>>
{
    public sealed override Action<LatentsIn, RestoredOut<TRaw>> GetMapping() => Mappings.Restored;
}

/// <summary>Latents to what restored keys stand for.</summary>
internal abstract class NamesFactory<TName> : CustomMappingFactory<LatentsIn, NamesOut<TName>>
{
    public sealed override Action<LatentsIn, NamesOut<TName>> GetMapping() => Mappings.Names;
}

/// <summary>Probabilities to what the predicted label stands for.</summary>
internal abstract class LabelFactory<TName> : CustomMappingFactory<LatentsIn, LabelOut<TName>>
{
    public sealed override Action<LatentsIn, LabelOut<TName>> GetMapping() => Mappings.Label;
}

[CustomMappingFactoryAttribute(Contract.Latents + "Text")]
internal sealed class TextLatents : LatentsFactory<ReadOnlyMemory<char>>;

[CustomMappingFactoryAttribute(Contract.Latents + "SByte")]
internal sealed class SByteLatents : LatentsFactory<VBuffer<sbyte>>;

[CustomMappingFactoryAttribute(Contract.Latents + "Byte")]
internal sealed class ByteLatents : LatentsFactory<VBuffer<byte>>;

[CustomMappingFactoryAttribute(Contract.Latents + "Int16")]
internal sealed class Int16Latents : LatentsFactory<VBuffer<short>>;

[CustomMappingFactoryAttribute(Contract.Latents + "UInt16")]
internal sealed class UInt16Latents : LatentsFactory<VBuffer<ushort>>;

[CustomMappingFactoryAttribute(Contract.Latents + "Int32")]
internal sealed class Int32Latents : LatentsFactory<VBuffer<int>>;

[CustomMappingFactoryAttribute(Contract.Latents + "UInt32")]
internal sealed class UInt32Latents : LatentsFactory<VBuffer<uint>>;

[CustomMappingFactoryAttribute(Contract.Latents + "Int64")]
internal sealed class Int64Latents : LatentsFactory<VBuffer<long>>;

[CustomMappingFactoryAttribute(Contract.Latents + "UInt64")]
internal sealed class UInt64Latents : LatentsFactory<VBuffer<ulong>>;

[CustomMappingFactoryAttribute(Contract.Latents + "Single")]
internal sealed class SingleLatents : LatentsFactory<VBuffer<float>>;

[CustomMappingFactoryAttribute(Contract.Latents + "Double")]
internal sealed class DoubleLatents : LatentsFactory<VBuffer<double>>;

[CustomMappingFactoryAttribute(Contract.Error + "Text")]
internal sealed class TextError : ErrorFactory<ReadOnlyMemory<char>>;

[CustomMappingFactoryAttribute(Contract.Error + "SByte")]
internal sealed class SByteError : ErrorFactory<VBuffer<sbyte>>;

[CustomMappingFactoryAttribute(Contract.Error + "Byte")]
internal sealed class ByteError : ErrorFactory<VBuffer<byte>>;

[CustomMappingFactoryAttribute(Contract.Error + "Int16")]
internal sealed class Int16Error : ErrorFactory<VBuffer<short>>;

[CustomMappingFactoryAttribute(Contract.Error + "UInt16")]
internal sealed class UInt16Error : ErrorFactory<VBuffer<ushort>>;

[CustomMappingFactoryAttribute(Contract.Error + "Int32")]
internal sealed class Int32Error : ErrorFactory<VBuffer<int>>;

[CustomMappingFactoryAttribute(Contract.Error + "UInt32")]
internal sealed class UInt32Error : ErrorFactory<VBuffer<uint>>;

[CustomMappingFactoryAttribute(Contract.Error + "Int64")]
internal sealed class Int64Error : ErrorFactory<VBuffer<long>>;

[CustomMappingFactoryAttribute(Contract.Error + "UInt64")]
internal sealed class UInt64Error : ErrorFactory<VBuffer<ulong>>;

[CustomMappingFactoryAttribute(Contract.Error + "Single")]
internal sealed class SingleError : ErrorFactory<VBuffer<float>>;

[CustomMappingFactoryAttribute(Contract.Error + "Double")]
internal sealed class DoubleError : ErrorFactory<VBuffer<double>>;

[CustomMappingFactoryAttribute(Contract.Restored + "Text")]
internal sealed class TextRestored : RestoredFactory<ReadOnlyMemory<char>>;

[CustomMappingFactoryAttribute(Contract.Restored + "SByte")]
internal sealed class SByteRestored : RestoredFactory<VBuffer<sbyte>>;

[CustomMappingFactoryAttribute(Contract.Restored + "Byte")]
internal sealed class ByteRestored : RestoredFactory<VBuffer<byte>>;

[CustomMappingFactoryAttribute(Contract.Restored + "Int16")]
internal sealed class Int16Restored : RestoredFactory<VBuffer<short>>;

[CustomMappingFactoryAttribute(Contract.Restored + "UInt16")]
internal sealed class UInt16Restored : RestoredFactory<VBuffer<ushort>>;

[CustomMappingFactoryAttribute(Contract.Restored + "Int32")]
internal sealed class Int32Restored : RestoredFactory<VBuffer<int>>;

[CustomMappingFactoryAttribute(Contract.Restored + "UInt32")]
internal sealed class UInt32Restored : RestoredFactory<VBuffer<uint>>;

[CustomMappingFactoryAttribute(Contract.Restored + "Int64")]
internal sealed class Int64Restored : RestoredFactory<VBuffer<long>>;

[CustomMappingFactoryAttribute(Contract.Restored + "UInt64")]
internal sealed class UInt64Restored : RestoredFactory<VBuffer<ulong>>;

[CustomMappingFactoryAttribute(Contract.Restored + "Single")]
internal sealed class SingleRestored : RestoredFactory<VBuffer<float>>;

[CustomMappingFactoryAttribute(Contract.Restored + "Double")]
internal sealed class DoubleRestored : RestoredFactory<VBuffer<double>>;

[CustomMappingFactoryAttribute(Contract.Names + "Text")]
internal sealed class TextNames : NamesFactory<ReadOnlyMemory<char>>;

[CustomMappingFactoryAttribute(Contract.Names + "SByte")]
internal sealed class SByteNames : NamesFactory<sbyte>;

[CustomMappingFactoryAttribute(Contract.Names + "Byte")]
internal sealed class ByteNames : NamesFactory<byte>;

[CustomMappingFactoryAttribute(Contract.Names + "Int16")]
internal sealed class Int16Names : NamesFactory<short>;

[CustomMappingFactoryAttribute(Contract.Names + "UInt16")]
internal sealed class UInt16Names : NamesFactory<ushort>;

[CustomMappingFactoryAttribute(Contract.Names + "Int32")]
internal sealed class Int32Names : NamesFactory<int>;

[CustomMappingFactoryAttribute(Contract.Names + "UInt32")]
internal sealed class UInt32Names : NamesFactory<uint>;

[CustomMappingFactoryAttribute(Contract.Names + "Int64")]
internal sealed class Int64Names : NamesFactory<long>;

[CustomMappingFactoryAttribute(Contract.Names + "UInt64")]
internal sealed class UInt64Names : NamesFactory<ulong>;

[CustomMappingFactoryAttribute(Contract.Names + "Single")]
internal sealed class SingleNames : NamesFactory<float>;

[CustomMappingFactoryAttribute(Contract.Names + "Double")]
internal sealed class DoubleNames : NamesFactory<double>;

[CustomMappingFactoryAttribute(Contract.Label + "Text")]
internal sealed class TextLabel : LabelFactory<ReadOnlyMemory<char>>;

[CustomMappingFactoryAttribute(Contract.Label + "SByte")]
internal sealed class SByteLabel : LabelFactory<sbyte>;

[CustomMappingFactoryAttribute(Contract.Label + "Byte")]
internal sealed class ByteLabel : LabelFactory<byte>;

[CustomMappingFactoryAttribute(Contract.Label + "Int16")]
internal sealed class Int16Label : LabelFactory<short>;

[CustomMappingFactoryAttribute(Contract.Label + "UInt16")]
internal sealed class UInt16Label : LabelFactory<ushort>;

[CustomMappingFactoryAttribute(Contract.Label + "Int32")]
internal sealed class Int32Label : LabelFactory<int>;

[CustomMappingFactoryAttribute(Contract.Label + "UInt32")]
internal sealed class UInt32Label : LabelFactory<uint>;

[CustomMappingFactoryAttribute(Contract.Label + "Int64")]
internal sealed class Int64Label : LabelFactory<long>;

[CustomMappingFactoryAttribute(Contract.Label + "UInt64")]
internal sealed class UInt64Label : LabelFactory<ulong>;

[CustomMappingFactoryAttribute(Contract.Label + "Single")]
internal sealed class SingleLabel : LabelFactory<float>;

[CustomMappingFactoryAttribute(Contract.Label + "Double")]
internal sealed class DoubleLabel : LabelFactory<double>;

[CustomMappingFactoryAttribute(Contract.Label + "Boolean")]
internal sealed class BooleanLabel : LabelFactory<bool>;

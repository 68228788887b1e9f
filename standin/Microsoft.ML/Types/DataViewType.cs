namespace Microsoft.ML.Data;

/// <summary>The type of a column: what kind of value it holds and how .NET represents one.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType)
        => RawType = rawType ?? throw new ArgumentNullException(nameof(rawType));

    /// <summary>The .NET type of one value of this column type.</summary>
    public Type RawType { get; }

    /// <summary>Whether the two column types are the same.</summary>
    public abstract bool Equals(DataViewType? other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DataViewType);

    /// <inheritdoc/>
    public override int GetHashCode() => RawType.GetHashCode();
}

/// <summary>A type whose values need no disposal and copy by assignment.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    /// <summary>Creates a primitive type over a .NET type.</summary>
    protected PrimitiveDataViewType(Type rawType) : base(rawType)
    {
    }
}

/// <summary>A type whose values may own memory, such as vectors.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    /// <summary>Creates a structured type over a .NET type.</summary>
    protected StructuredDataViewType(Type rawType) : base(rawType)
    {
    }
}

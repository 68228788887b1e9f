namespace Microsoft.ML.Data;

/// <summary>Names the column of a member.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute : Attribute
{
    /// <summary>Names the column.</summary>
    public ColumnNameAttribute(string name) => Name = name;

    internal string Name { get; }
}

/// <summary>Keeps a member from becoming a column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute
{
}

/// <summary>Gives the size of a vector column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute : Attribute
{
    /// <summary>A vector of variable size.</summary>
    public VectorTypeAttribute() => Dimensions = [0];

    /// <summary>A vector of this size.</summary>
    public VectorTypeAttribute(int size) => Dimensions = [size];

    /// <summary>A vector of several dimensions.</summary>
    public VectorTypeAttribute(params int[] dimensions) => Dimensions = dimensions;

    internal int[] Dimensions { get; }
}

/// <summary>Makes a member of an unsigned type a key.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    /// <summary>Not supported.</summary>
    public KeyTypeAttribute()
        => throw new NotSupportedException("Using KeyType without the Count parameter is not supported");

    /// <summary>A key with this many values.</summary>
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}

/// <summary>Says which fields of a text file a member is read from.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LoadColumnAttribute : Attribute
{
    /// <summary>One field.</summary>
    public LoadColumnAttribute(int fieldIndex) => Sources = [new TextLoader.Range(fieldIndex)];

    /// <summary>Fields from start to end inclusive.</summary>
    public LoadColumnAttribute(int start, int end)
        => Sources = [new TextLoader.Range(start, end) { ForceVector = true }];

    /// <summary>The fields listed.</summary>
    public LoadColumnAttribute(int[] columnIndexes)
        => Sources = columnIndexes.Select(i => new TextLoader.Range(i)).ToArray();

    internal TextLoader.Range[] Sources { get; }
}

namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>The lengths of a tensor's axes, row-major, one to four of them; for instance <c>[B, T, D]</c>.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly int _d0, _d1, _d2, _d3;

    private Shape(int rank, int d0, int d1, int d2, int d3)
    {
        (Rank, _d0, _d1, _d2, _d3) = (rank, d0, d1, d2, d3);
        long count = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            if (this[axis] < 0)
                throw new ShapeException($"A tensor cannot have the shape {this}: every axis must be 0 or longer.");
            count = checked(count * this[axis]);
        }

        Count = count;
    }

    /// <summary>A vector's shape, <c>[length]</c>.</summary>
    public Shape(int length) : this(1, length, 1, 1, 1) { }

    /// <summary>A matrix's shape, <c>[rows, columns]</c>.</summary>
    public Shape(int rows, int columns) : this(2, rows, columns, 1, 1) { }

    /// <summary>The shape <c>[d0, d1, d2]</c>, for instance <c>[B, T, D]</c>.</summary>
    public Shape(int d0, int d1, int d2) : this(3, d0, d1, d2, 1) { }

    /// <summary>The shape <c>[d0, d1, d2, d3]</c>.</summary>
    public Shape(int d0, int d1, int d2, int d3) : this(4, d0, d1, d2, d3) { }

    /// <summary>Number of axes, 1 to 4.</summary>
    public int Rank { get; }

    /// <summary>Number of elements: the product of all axes.</summary>
    public long Count { get; }

    /// <summary>Length of the last axis.</summary>
    public int Last => this[Rank - 1];

    /// <summary>Number of rows when all axes but the last are taken together.</summary>
    public int Rows => Last == 0 ? 0 : checked((int)(Count / Last));

    /// <summary>Length of one axis, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is not one of this shape's.</exception>
    public int this[int axis] => (uint)axis < (uint)Rank
        ? axis switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 }
        : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The shape has {Rank} axes.");

    /// <summary>A shape with the given axes.</summary>
    /// <exception cref="ShapeException">There are none or more than four axes, or a negative one.</exception>
    public static Shape Of(ReadOnlySpan<int> axes) => axes switch
    {
        [var a] => new Shape(a),
        [var a, var b] => new Shape(a, b),
        [var a, var b, var c] => new Shape(a, b, c),
        [var a, var b, var c, var d] => new Shape(a, b, c, d),
        _ => throw new ShapeException($"A tensor has one to four axes, not {axes.Length}."),
    };

    /// <summary>The same shape with another last axis.</summary>
    public Shape WithLast(int last) => Rank switch
    {
        1 => new Shape(last),
        2 => new Shape(_d0, last),
        3 => new Shape(_d0, _d1, last),
        _ => new Shape(_d0, _d1, _d2, last),
    };

    /// <summary>The axes as a new array.</summary>
    public int[] ToArray()
    {
        int[] axes = [_d0, _d1, _d2, _d3];
        return axes[..Rank];
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) =>
        Rank == other.Rank && _d0 == other._d0 && _d1 == other._d1 && _d2 == other._d2 && _d3 == other._d3;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, _d0, _d1, _d2, _d3);

    /// <summary>The axes in brackets, for instance <c>[2, 7, 64]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", ToArray())}]";

    /// <summary>Whether two shapes have the same axes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);
}

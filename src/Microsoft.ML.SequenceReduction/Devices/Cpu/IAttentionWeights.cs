namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// What makes attention's weights of the products of queries and keys. <see cref="AttentionForward{TWeights}"/> and
/// <see cref="AttentionBackward{TWeights}"/> do all else: tiles, packing, matrix products. A plain value, so that the
/// compiler makes code for each kind.
/// </summary>
internal unsafe interface IAttentionWeights
{
    /// <summary>Whether products are cosines: queries and keys are brought to length 1 before.</summary>
    static abstract bool OfCosines { get; }

    /// <summary>A product whose weight is 0: that of a key that is not visible.</summary>
    static abstract float Nothing { get; }

    /// <summary>Factor of the products.</summary>
    float Scale { get; }

    /// <summary>Replaces products by weights, a row of <see cref="AttentionProblem.KeyTile"/> for each query.</summary>
    /// <param name="rows">Number of queries.</param>
    /// <param name="products">Products, then weights.</param>
    /// <param name="columns">Number of keys, whole vectors.</param>
    /// <param name="maxima">Each query's largest product so far.</param>
    /// <param name="sums">Each query's sum of weights so far, a vector.</param>
    /// <param name="y">Each query's weighted sum of values so far, <paramref name="width"/> numbers.</param>
    /// <param name="width">Numbers of a row of y.</param>
    void Forward<TFloats>(int rows, float* products, int columns, float* maxima, float* sums, float* y, int width)
        where TFloats : unmanaged, IFloats<TFloats>;

    /// <summary>
    /// Makes a query's result of its weighted sum, in place, and writes the number that the backward pass needs to
    /// <paramref name="kept"/>, if that is not null.
    /// </summary>
    void Finish<TFloats>(float maximum, TFloats sum, float* y, int width, float* kept)
        where TFloats : unmanaged, IFloats<TFloats>;

    /// <summary>
    /// Reads the gradient of a query's result as that of its weighted sum of values; zeros where the mask, if any, is
    /// 0. Returns the mean that <see cref="Backward"/> needs. Unless <paramref name="next"/> is 0, asks for the rows so
    /// many numbers further on.
    /// </summary>
    float ReadGradient<TFloats>(float* dy, float* y, float kept, int width, float* mask, float* to, nint next)
        where TFloats : unmanaged, IFloats<TFloats>;

    /// <summary>Replaces products by weights, and the weights' gradients by the products'.</summary>
    void Backward<TFloats>(int rows, float* products, float* gradients, int columns, float* kept, float* means)
        where TFloats : unmanaged, IFloats<TFloats>;
}

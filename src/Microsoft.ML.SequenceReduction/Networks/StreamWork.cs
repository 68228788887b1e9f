using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>Work on the items of a stream, one by one, that gives each result as soon as it can.</summary>
internal interface IStreamWork<in TItem, out TResult> : IDisposable
{
    /// <summary>Takes an item; the results that are ready with it.</summary>
    /// <exception cref="InvalidDataException">The item cannot be; the message names its place.</exception>
    IEnumerable<TResult> Push(TItem item);

    /// <summary>The results that are ready only now that the stream has ended.</summary>
    /// <exception cref="InvalidDataException">The stream cannot end here.</exception>
    IEnumerable<TResult> End();
}

/// <summary>Streams of items as streams of results.</summary>
internal static class StreamWork
{
    /// <summary>The results of a stream's items; every reading begins the work anew.</summary>
    public static IEnumerable<TResult> Through<TItem, TResult>(
        this IEnumerable<TItem> items, Func<IStreamWork<TItem, TResult>> begin)
    {
        using IStreamWork<TItem, TResult> work = begin();
        foreach (TItem item in items)
            foreach (TResult result in work.Push(item))
                yield return result;
        foreach (TResult result in work.End())
            yield return result;
    }

    /// <inheritdoc cref="Through{TItem, TResult}(IEnumerable{TItem}, Func{IStreamWork{TItem, TResult}})"/>
    public static async IAsyncEnumerable<TResult> Through<TItem, TResult>(
        this IAsyncEnumerable<TItem> items, Func<IStreamWork<TItem, TResult>> begin,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using IStreamWork<TItem, TResult> work = begin();
        await foreach (TItem item in items.WithCancellation(cancellation).ConfigureAwait(false))
            foreach (TResult result in work.Push(item))
                yield return result;
        foreach (TResult result in work.End())
            yield return result;
    }
}

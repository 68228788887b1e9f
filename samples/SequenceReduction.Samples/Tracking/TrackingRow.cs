namespace SequenceReduction.Samples.Tracking;

/// <summary>A contiguous part of a stream.</summary>
/// <param name="Tokens">Ids, <c>[T]</c>.</param>
/// <param name="Labels">The class at each position, <c>[T]</c>, or <see cref="ITrackingTask.NoLabel"/>.</param>
internal readonly record struct TrackingRow(ReadOnlyMemory<int> Tokens, ReadOnlyMemory<int> Labels);

using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators.Evaluation;

/// <summary>Compares restored sequences with their originals, in one streaming pass.</summary>
internal static class RestorationEvaluator
{
    /// <summary>Reads both columns and compares them.</summary>
    /// <exception cref="ArgumentException">
    /// A column is missing, holds no sequences, or the two are of different kinds.
    /// </exception>
    /// <exception cref="InvalidDataException">There are no rows.</exception>
    public static SequenceRestorationMetrics Run(
        IDataView data, string originalName, string restoredName, int? maxLength)
    {
        if (maxLength is < 1)
            throw new ArgumentOutOfRangeException(
                nameof(maxLength), maxLength, $"maxLength is {maxLength}; it must be 1 or more.");
        DataViewSchema.Column original = ColumnTypes.Find(data.Schema, originalName);
        DataViewSchema.Column restored = ColumnTypes.Find(data.Schema, restoredName);
        ColumnKind kind = SequenceValues.KindOf(original);
        if (SequenceValues.KindOf(restored) != kind)
            throw new ArgumentException(
                $"Column '{originalName}' is of type {original.Type}, and '{restoredName}' of type {restored.Type}; "
                + "only sequences of one kind can be compared.", restoredName);
        using DataViewRowCursor cursor = data.GetRowCursor([original, restored]);
        int limit = maxLength ?? int.MaxValue;
        return kind == ColumnKind.Frames
            ? Frames(cursor, original, restored, limit)
            : Tokens(cursor, original, restored, limit, missing: kind == ColumnKind.Keys ? 0 : null);
    }

    private static SequenceRestorationMetrics Tokens(
        DataViewRowCursor cursor, DataViewSchema.Column original, DataViewSchema.Column restored, int limit,
        long? missing)
    {
        Func<long[]> originals = SequenceValues.Tokens(cursor, original, limit);
        Func<long[]> restoreds = SequenceValues.Tokens(cursor, restored, int.MaxValue);
        long rows = 0, tokens = 0, right = 0, exact = 0, sameLength = 0;
        for (; cursor.MoveNext(); rows++)
        {
            long[] wanted = originals(), given = restoreds();
            int counted = 0, hits = 0;
            for (int i = 0; i < wanted.Length; i++)
            {
                if (wanted[i] == missing)
                    continue;
                counted++;
                hits += i < given.Length && given[i] == wanted[i] ? 1 : 0;
            }

            (tokens, right) = (tokens + counted, right + hits);
            sameLength += wanted.Length == given.Length ? 1 : 0;
            exact += wanted.Length == given.Length && hits == counted ? 1 : 0;
        }

        Require(rows, original);
        return new(rows, tokens, Share(right, tokens), Share(exact, rows), Share(sameLength, rows), double.NaN);
    }

    private static SequenceRestorationMetrics Frames(
        DataViewRowCursor cursor, DataViewSchema.Column original, DataViewSchema.Column restored, int limit)
    {
        int width = ColumnTypes.FrameWidth(original.Name, (Microsoft.ML.Data.VectorDataViewType)original.Type, null);
        int numbers = (int)Math.Min((long)limit * width, int.MaxValue);
        Func<double[]> originals = SequenceValues.Numbers(cursor, original, numbers);
        Func<double[]> restoreds = SequenceValues.Numbers(cursor, restored, int.MaxValue);
        long rows = 0, compared = 0, sameLength = 0;
        double squares = 0;
        for (; cursor.MoveNext(); rows++)
        {
            double[] wanted = originals(), given = restoreds();
            sameLength += wanted.Length == given.Length ? 1 : 0;
            for (int i = 0; i < Math.Min(wanted.Length, given.Length); i++)
            {
                if (double.IsNaN(wanted[i]))
                    continue;
                compared++;
                squares += (wanted[i] - given[i]) * (wanted[i] - given[i]);
            }
        }

        Require(rows, original);
        return new(rows, compared, double.NaN, double.NaN, Share(sameLength, rows), squares / compared);
    }

    private static double Share(long part, long whole) => whole == 0 ? double.NaN : (double)part / whole;

    private static void Require(long rows, DataViewSchema.Column original)
    {
        if (rows == 0)
            throw new InvalidDataException($"The data has no rows, so column '{original.Name}' cannot be evaluated.");
    }
}

namespace Microsoft.ML;

/// <summary>The exceptions for a column of the wrong type or a column that is not there.</summary>
internal static class SchemaMismatch
{
    public static Exception Missing(string name, string parameter = "inputSchema", string role = "input")
        => new ArgumentOutOfRangeException(parameter, $"Could not find {role} column '{name}'");

    public static Exception Wrong(
        string name, string expected, string actual, string role = "input", string parameter = "inputSchema")
        => new ArgumentOutOfRangeException(
            parameter, $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}");

    /// <summary>The column of this name, or the usual complaint.</summary>
    public static DataViewSchema.Column Require(this DataViewSchema schema, string name)
        => schema.GetColumnOrNull(name) ?? throw Missing(name);
}

using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace SequenceReduction.Tool.Display;

/// <summary>Named results in order: for people a table, for machines an object.</summary>
internal sealed class Facts
{
    private readonly List<(string Name, string Shown, JsonNode? Value)> _all = [];

    /// <summary>What people see of the facts, in order.</summary>
    public IEnumerable<string> Shown => _all.Select(f => Markup.Escape(f.Shown));

    /// <summary>Adds a text.</summary>
    public Facts Add(string name, string? value) => Add(name, value ?? "none", JsonValue.Create(value));

    /// <summary>Adds a count.</summary>
    public Facts Add(string name, long value) =>
        Add(name, value.ToString("N0", CultureInfo.InvariantCulture), JsonValue.Create(value));

    /// <summary>Adds a number; NaN is shown as none.</summary>
    public Facts Add(string name, double? value, string format = "0.######") =>
        value is { } number && double.IsFinite(number)
        ? Add(name, number.ToString(format, CultureInfo.InvariantCulture), JsonValue.Create(number))
        : Add(name, (string?)null);

    /// <summary>The facts as a table of two columns.</summary>
    public Table ToTable(string title)
    {
        Table table = Tables.Make(title, "", "").HideHeaders();
        foreach ((string name, string shown, _) in _all)
            table.AddRow(name, Markup.Escape(shown));
        return table;
    }

    /// <summary>The facts as an object; "token accuracy" is <c>token_accuracy</c>.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach ((string name, _, JsonNode? value) in _all)
            json[name.Replace(' ', '_')] = value?.DeepClone();
        return json;
    }

    private Facts Add(string name, string shown, JsonNode? value)
    {
        _all.Add((name, shown, value));
        return this;
    }
}

using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Estimators.Tests.Documentation;

/// <summary>The reference of all options as a page, out of the types, their defaults and their XML docs.</summary>
internal static partial class OptionsPage
{
    private static readonly Type[] _types =
    [
        typeof(SequenceLearningOptions), typeof(SequenceReducingOptions), typeof(SequenceEncodingOptions),
        typeof(SequencePredictingOptions), typeof(SequenceClassificationOptions), typeof(SequenceRegressionOptions),
        typeof(SequenceLabelingOptions), typeof(TrainingOptions), typeof(ReducingAutoencoderOptions),
        typeof(SequenceEncoderOptions), typeof(SoftmaxAttention), typeof(YosoAttention), typeof(StaircaseKind),
        typeof(StreamReducerOptions),
    ];

    private static readonly Dictionary<string, XElement> _docs = _types.Select(type => type.Assembly).Distinct()
        .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The page.</summary>
    public static string Write()
    {
        var page = new StringBuilder(
            "# Options\n\nWritten from the XML docs by the tests; see [CONTRIBUTING](../CONTRIBUTING.md).\n");
        foreach (Type type in _types)
            Write(type, page);
        return page.ToString();
    }

    private static void Write(Type type, StringBuilder page)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {type.Name}\n\n{Summary("T:" + type.FullName)}\n\n");
        if (_types.Contains(type.BaseType!))
            page.Append(
                CultureInfo.InvariantCulture,
                $"All of [{type.BaseType!.Name}](#{type.BaseType.Name.ToLowerInvariant()}) besides.\n\n");
        PropertyInfo[] options = [.. type
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(IsOption)];
        if (options.Length == 0)
            return;
        page.Append("| option | type | default | what |\n|---|---|---|---|\n");
        object? defaults = _types.First(some => some.IsAssignableTo(type) && !some.IsAbstract)
            .GetConstructor(Type.EmptyTypes)?.Invoke(null);
        foreach (PropertyInfo option in options)
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{option.Name}` | `{Name(option)}` | {Default(option, defaults)} | "
                + $"{Summary($"P:{type.FullName}.{option.Name}")} |\n");
    }

    private static bool IsOption(PropertyInfo option) => option.GetSetMethod() is not null
        || (option.DeclaringType == typeof(StaircaseKind) && option.GetMethod!.IsPublic);

    private static string Name(PropertyInfo option)
    {
        Type type = option.PropertyType;
        bool mayBeNull = Nullable.GetUnderlyingType(type) is not null
            || new NullabilityInfoContext().Create(option).ReadState == NullabilityState.Nullable;
        return Name(Nullable.GetUnderlyingType(type) ?? type) + (mayBeNull ? "?" : "");
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type switch
        {
            _ when type == typeof(int) => "int",
            _ when type == typeof(float) => "float",
            _ when type == typeof(double) => "double",
            _ when type == typeof(bool) => "bool",
            _ when type == typeof(string) => "string",
            _ => type.Name,
        };

    private static string Default(PropertyInfo option, object? defaults) => defaults is null
        ? ""
        : option.GetValue(defaults) switch
        {
            null => "none",
            "" => "empty",
            bool yes => yes ? "`true`" : "`false`",
            (string or Enum or int or float or double) and var value =>
                $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
            SoftmaxAttention => "`AttentionKind.Softmax`",
            var value when _types.Contains(value.GetType()) => $"[its defaults](#{value.GetType().Name.ToLowerInvariant()})",
            _ => "",
        };

    private static string Summary(string member)
    {
        if (!_docs.TryGetValue(member, out XElement? doc))
            throw new InvalidOperationException($"{member} has no XML docs.");
        var text = new StringBuilder();
        foreach (XNode node in doc.Element("summary")!.Nodes())
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "see" } see => see.Value.Length > 0 ? see.Value : $"`{Short(see)}`",
                XElement { Name.LocalName: "c" or "paramref" } code => $"`{code.Value}`",
                XElement other => other.Value,
                _ => "",
            });
        return Space().Replace(text.ToString(), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Short(XElement see) =>
        (see.Attribute("cref")?.Value[2..] ?? see.Attribute("langword")!.Value).Split('(')[0].Split('.')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}

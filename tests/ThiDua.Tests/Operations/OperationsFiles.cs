using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>What stands under <c>operations</c> and <c>docs/runbooks</c>.</summary>
internal static partial class OperationsFiles
{
    public static IReadOnlyList<string> Rules { get; } = Files("*.yml", "operations", "prometheus", "rules");

    public static IReadOnlyList<string> RuleTests { get; } = Files("*.yml", "operations", "prometheus", "tests");

    public static IReadOnlyList<string> Dashboards { get; } = Files("*.json", "operations", "grafana", "dashboards");

    public static IReadOnlyList<string> Runbooks { get; } = [.. Files("*.md", "docs", "runbooks").Where(file => Path.GetFileName(file) != "README.md")];

    public static IReadOnlyList<string> Alerts { get; } = [.. Rules.SelectMany(File.ReadLines).Select(line => AlertName().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    /// <summary>What a dashboard asks, with where.</summary>
    public static IEnumerable<(string Where, string Query)> QueriesOf(string dashboard)
    {
        var json = JsonNode.Parse(File.ReadAllText(dashboard))!;
        var name = Path.GetFileNameWithoutExtension(dashboard);
        foreach (var panel in PanelsOf(json))
        {
            foreach (var target in panel["targets"]?.AsArray() ?? [])
            {
                yield return ($"{name}: {panel["title"]}", (string)target!["expr"]!);
            }
        }

        foreach (var annotation in json["annotations"]!["list"]!.AsArray())
        {
            yield return ($"{name}: annotation {annotation!["name"]}", (string)annotation["expr"]!);
        }
    }

    /// <summary>The template variables that are asked for, in the order in which one needs the other: name and query.</summary>
    public static IEnumerable<(string Name, string Query, bool HasAll)> VariablesOf(string dashboard) =>
        JsonNode.Parse(File.ReadAllText(dashboard))!["templating"]!["list"]!.AsArray()
            .Where(variable => (string)variable!["type"]! == "query")
            .Select(variable => ((string)variable!["name"]!, (string)variable["query"]!["query"]!, (bool)variable["includeAll"]!));

    /// <summary>Panels, also those inside a row that is closed.</summary>
    public static IEnumerable<JsonNode> PanelsOf(JsonNode dashboard) =>
        dashboard["panels"]!.AsArray().SelectMany(panel => (panel!["panels"]?.AsArray() ?? []).Select(inner => inner!).Prepend(panel!));

    /// <summary>Names of the series in an expression of PromQL.</summary>
    public static IEnumerable<string> SeriesIn(string expression)
    {
        var bare = Grouping().Replace(Selector().Replace(Text().Replace(expression, ""), " "), " ");
        return Word().Matches(bare).Select(match => match.Value).Where(word => !s_words.Contains(word)).Distinct();
    }

    private static readonly HashSet<string> s_words = ["and", "or", "unless", "bool", "offset"];

    private static IReadOnlyList<string> Files(string pattern, params string[] folder) => [.. Directory.EnumerateFiles(Repository.PathOf(folder), pattern).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^\s*- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?<![\w.:])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex Word();
}

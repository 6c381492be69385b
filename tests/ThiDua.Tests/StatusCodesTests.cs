using System.Text.RegularExpressions;
using ThiDua.Tests.Support;

namespace ThiDua.Tests;

/// <summary>A caller finds every refusal of the system in docs/status-codes.md.</summary>
public sealed partial class StatusCodesTests
{
    [Fact]
    public void Every_refusal_is_explained_to_callers()
    {
        var explained = CodeInText().Matches(File.ReadAllText(Repository.PathOf("docs", "status-codes.md"))).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var silent = new[] { "services", "gateway" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Refusal().Matches(File.ReadAllText(file)).Select(match => match.Groups["code"].Value))
            .Where(code => !explained.Contains(code) && !code.StartsWith("L-", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal([], silent);
    }

    [GeneratedRegex(@"(?:RuleViolationException|AccessDeniedException|Violation|Refuse)\(\s*""(?<code>[A-Za-z][A-Za-z0-9_-]+)""|ThrowIfAny\([^;]*?,\s*""(?<code>[a-z]+(-[a-z]+)+)"",")]
    private static partial Regex Refusal();

    [GeneratedRegex("`([A-Za-z][A-Za-z0-9_-]+)`")]
    private static partial Regex CodeInText();
}

using System.Text.RegularExpressions;
using ThiDua.Tests.Support;

namespace ThiDua.Tests;

/// <summary>docs/asvs.md answers every requirement of its five chapters, and names no test that is not there.</summary>
public sealed partial class AsvsTableTests
{
    private const int ShortestReason = 40;

    /// <summary>The sections of ASVS 5.0.0, each with the levels of its requirements in their order.</summary>
    private static readonly Dictionary<string, int[]> s_levels = new()
    {
        ["2.1"] = [1, 2, 2], ["2.2"] = [1, 1, 2], ["2.3"] = [1, 2, 2, 2, 3], ["2.4"] = [2, 3],
        ["4.1"] = [1, 2, 2, 3, 3], ["4.2"] = [2, 3, 3, 3, 3], ["4.3"] = [2, 2], ["4.4"] = [1, 2, 2, 2],
        ["5.1"] = [2], ["5.2"] = [1, 1, 2, 3, 3, 3], ["5.3"] = [1, 1, 3], ["5.4"] = [2, 2, 2],
        ["8.1"] = [1, 2, 3, 3], ["8.2"] = [1, 1, 2, 3], ["8.3"] = [1, 3, 3], ["8.4"] = [2, 3],
        ["16.1"] = [2], ["16.2"] = [2, 2, 2, 2, 2], ["16.3"] = [2, 2, 2, 2], ["16.4"] = [2, 2, 2], ["16.5"] = [2, 2, 2, 3],
    };

    private static readonly List<(string Number, int Level, string How, string Answer)> s_rows =
        [.. Row().Matches(File.ReadAllText(Repository.PathOf("docs", "asvs.md"))).Select(row => (row.Groups[1].Value, int.Parse(row.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture), row.Groups[3].Value, row.Groups[4].Value))];

    [Fact]
    public void Every_requirement_stands_there_once_with_its_level()
    {
        var asked = s_levels.SelectMany(section => section.Value.Select((level, index) => $"{section.Key}.{index + 1} L{level}"));

        Assert.Equal(72, s_rows.Count);
        Assert.Equal(asked, s_rows.Select(row => $"{row.Number} L{row.Level}"));
    }

    [Fact]
    public void Every_answer_has_its_tests_or_its_reason()
    {
        var tests = typeof(AsvsTableTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().Select(method => $"{type.Name.Split('`')[0]}.{method.Name}")).ToHashSet(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var (number, _, how, answer) in s_rows)
        {
            var named = Test().Matches(answer).Select(test => test.Groups[1].Value).ToList();
            wrong.AddRange(named.Where(test => !tests.Contains(test)).Select(test => $"{number}: there is no test {test}"));
            var isReason = answer.StartsWith("N/A: ", StringComparison.Ordinal) || answer.StartsWith("Not met: ", StringComparison.Ordinal);
            var isTried = (answer.StartsWith("Met: ", StringComparison.Ordinal) || (answer.StartsWith("In part: ", StringComparison.Ordinal) && how.Length > ShortestReason)) && named.Count > 0;
            if (!isTried && !(isReason && answer.Length > ShortestReason))
            {
                wrong.Add($"{number}: neither tests nor a reason in “{answer}”");
            }
        }

        Nothing.In(wrong);
    }

    [GeneratedRegex(@"^\| (\d+\.\d+\.\d+) \| ([123]) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Test();
}

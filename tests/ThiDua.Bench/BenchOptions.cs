using System.Globalization;
using ThiDua.Bench.Rows;

namespace ThiDua.Bench;

/// <param name="Rows">Names of the rows to measure, in this order.</param>
/// <param name="Seconds">How long a run of one side takes.</param>
/// <param name="WarmUp">How long each side is loaded before its first run: the first seconds on a fresh connection measure page faults.</param>
/// <param name="Runs">Accepted runs of each side.</param>
/// <param name="Clusters">Clusters of ten units in the season that is filled in and in the one that is decided.</param>
/// <param name="Json">Where the figures go as JSON.</param>
/// <param name="WriteDocs">Whether the table of docs/performance.md is written anew.</param>
internal sealed record BenchOptions(IReadOnlyList<string> Rows, int Seconds, int WarmUp, int Runs, int Clusters, string? Json, bool WriteDocs)
{
    public static string Usage => $"""
        bench [ROW…] [--seconds N] [--warm-up N] [--runs N] [--clusters N] [--json FILE] [--write-docs]
        Rows: {string.Join(' ', Row.Names)}
        """;

    public static (BenchOptions? Options, string Mistake) Parse(string[] arguments)
    {
        List<string> rows = [];
        var options = new BenchOptions([], Seconds: 5, WarmUp: 8, Runs: 3, Clusters: 60, Json: null, WriteDocs: false);
        for (var index = 0; index < arguments.Length; index++)
        {
            var name = arguments[index];
            if (name == "--write-docs")
            {
                options = options with { WriteDocs = true };
                continue;
            }

            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                if (!Row.Names.Any(row => Matches(row, name)))
                {
                    return (null, $"There is no row '{name}'.");
                }

                rows.AddRange(Row.Names.Where(row => Matches(row, name)).Except(rows));
                continue;
            }

            if (++index == arguments.Length)
            {
                return (null, $"{name} needs a value.");
            }

            var value = arguments[index];
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (name)
            {
                case "--json": options = options with { Json = Path.GetFullPath(value) }; break;
                case "--seconds" when isNumber: options = options with { Seconds = number }; break;
                case "--warm-up" when isNumber: options = options with { WarmUp = number }; break;
                case "--runs" when isNumber: options = options with { Runs = number }; break;
                case "--clusters" when isNumber && number <= 500: options = options with { Clusters = number }; break;
                default: return (null, $"{name} {value} is not understood.");
            }
        }

        return (options with { Rows = rows.Count > 0 ? rows : Row.Names }, "");
    }

    /// <summary>A row by its name, or a group of rows by what their names begin with: gateway for gateway-hello, gateway-sheet and gateway-one.</summary>
    private static bool Matches(string row, string name) => row == name || row.StartsWith($"{name}-", StringComparison.Ordinal);
}

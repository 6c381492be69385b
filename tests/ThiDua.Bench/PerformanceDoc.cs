using System.Globalization;
using System.Text;
using ThiDua.Tests.Support;

namespace ThiDua.Bench;

/// <summary>The table of docs/performance.md, between its two markers.</summary>
internal static class PerformanceDoc
{
    private const string Begin = "<!-- bench: begin -->";
    private const string End = "<!-- bench: end -->";

    public static async Task WriteAsync(IReadOnlyList<RowResult> results, BenchOptions options, TimeProvider clock, CancellationToken ct)
    {
        var path = Repository.PathOf("docs", "performance.md");
        var text = await File.ReadAllTextAsync(path, ct);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"{path} has no markers for the table.");
        }

        await File.WriteAllTextAsync(path, text[..(begin + Begin.Length)] + "\n" + Table(results, options, clock) + text[end..], ct);
    }

    private static string Table(IReadOnlyList<RowResult> results, BenchOptions options, TimeProvider clock)
    {
        var table = new StringBuilder();
        table.Append(CultureInfo.InvariantCulture, $"Measured on {clock.GetUtcNow():d MMMM yyyy}, {options.Runs} runs of {options.Seconds} s a side after {options.WarmUp} s of load, {options.Clusters} clusters; median (least–most).\n\n");
        table.Append("| row | what | limit | limit's figure | product | p50, p99 ms | ratio | goal | floor | |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var result in results)
        {
            var latency = result.ProductSide is { P50: { } half, P99: { } most } ? $"{ResultTable.Number(half)}, {ResultTable.Number(most)}" : "";
            table.Append(CultureInfo.InvariantCulture, $"| {result.Row} | {result.Title} | {result.Anchor} | {ResultTable.Spread(result.AnchorSide)} {result.Unit} | {ResultTable.Spread(result.ProductSide)} {result.Unit} | {latency} | {ResultTable.Outcome(result)} | {ResultTable.Asked(result.Bound, result.Bound.Goal)} | {ResultTable.Asked(result.Bound, result.Bound.Floor)} | {ResultTable.Word(result)} |\n");
        }

        return table.ToString();
    }
}

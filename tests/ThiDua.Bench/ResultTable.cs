using System.Globalization;
using System.Text;
using System.Text.Json;
using ThiDua.Bench.Rows;

namespace ThiDua.Bench;

/// <summary>Results as people and as programs read them.</summary>
internal static class ResultTable
{
    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Run(Row row, string side, Sample sample) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Name} {side}: {Number(sample.Value)} {row.Unit}{Latency(sample.P50, sample.P99)}, others {sample.Foreign:P0}{(sample.Noisy ? " (noisy)" : "")}{(sample.Failed > 0 ? $", {sample.Failed} failed" : "")}{(sample.Note is { } note ? $": {note}" : "")}");

    public static string Line(RowResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Row,-16} {Spread(result.AnchorSide),-28} {Spread(result.ProductSide),-28} {Outcome(result),-12} {Asked(result.Bound, result.Bound.Goal),-9} {Asked(result.Bound, result.Bound.Floor),-9} {Word(result)}");

    public static string Text(IReadOnlyList<RowResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"row",-16} {"anchor (min-max)",-28} {"product (min-max)",-28} {"ratio",-12} {"goal",-9} {"floor",-9} verdict");
        foreach (var result in results)
        {
            text.AppendLine(Line(result));
        }

        return text.ToString();
    }

    public static string Json(IReadOnlyList<RowResult> results, BenchOptions options, TimeProvider clock) => JsonSerializer.Serialize(
        new
        {
            MeasuredAt = clock.GetUtcNow(),
            options.Seconds,
            options.WarmUp,
            options.Runs,
            options.Clusters,
            Rows = results.Select(result => new
            {
                result.Row, result.Title, result.Anchor, result.Unit, Bound = $"{result.Bound.Kind}", result.Bound.Goal, result.Bound.Floor,
                AnchorMedian = result.AnchorSide.Median, ProductMedian = result.ProductSide.Median, result.Ratio, Verdict = $"{result.Verdict}", result.Noisy, result.Problem,
                AnchorRuns = result.AnchorSide.Samples, ProductRuns = result.ProductSide.Samples,
            }),
        },
        s_readable);

    /// <summary>What the bound looks at: the ratio, or the difference in the row's unit.</summary>
    public static string Outcome(RowResult result) => result.Bound.Kind switch
    {
        _ when result.Problem is not null => "",
        BoundKind.DifferenceAtMost => string.Create(CultureInfo.InvariantCulture, $"+{result.ProductSide.Median - result.AnchorSide.Median:0.000}"),
        BoundKind.ValueAtMost => Number(result.ProductSide.Median),
        _ => string.Create(CultureInfo.InvariantCulture, $"{result.Ratio:0.00}"),
    };

    public static string Asked(Bound bound, double value) => bound.Kind switch
    {
        BoundKind.RatioAtLeast => string.Create(CultureInfo.InvariantCulture, $"≥ {value:0.00}"),
        BoundKind.RatioAtMost => string.Create(CultureInfo.InvariantCulture, $"≤ {value:0.0#}"),
        BoundKind.DifferenceAtMost => string.Create(CultureInfo.InvariantCulture, $"≤ +{value:0.000}"),
        _ => $"≤ {Number(value)}",
    };

    public static string Spread(Side side) => double.IsNaN(side.Median) ? "–" : $"{Number(side.Median)} ({Number(side.Least)}–{Number(side.Most)})";

    public static string Word(RowResult result) => result.Problem ?? $"{result.Verdict switch { Verdict.Pass => "PASS", Verdict.Floor => "MISS (floor held)", Verdict.Miss => "MISS", _ => $"FAILED: {FirstNote(result)}" }}{(result.Noisy ? ", noisy" : "")}";

    public static string Number(double value) => value switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static string? FirstNote(RowResult result) => result.AnchorSide.Samples.Concat(result.ProductSide.Samples).FirstOrDefault(sample => sample.Failed > 0)?.Note;

    private static string Latency(double? p50, double? p99) => p50 is { } half && p99 is { } most ? $", p50 {Number(half)} ms, p99 {Number(most)} ms" : "";
}

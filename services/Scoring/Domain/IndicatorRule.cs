using System.Globalization;
using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Ngưỡng của các chỉ số chiều sâu (P2): dated, with the text that they rest on. Of several in force, the one registered last counts.</summary>
public sealed class IndicatorRule
{
    public required Guid Id { get; init; }

    /// <summary>Grows with each rule registered.</summary>
    public required int Version { get; init; }

    /// <summary>First day on which it holds.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>Căn cứ, for people.</summary>
    public required string Basis { get; init; }

    public required IndicatorThresholds Thresholds { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public required string RegisteredBy { get; init; }

    /// <summary>The rule that the product comes with, read from its data file.</summary>
    public static IndicatorRule Default { get; } = ReadDefault();

    /// <summary>The rule of a day; null when none holds, and then nothing is said.</summary>
    public static IndicatorRule? On(DateOnly day, IEnumerable<IndicatorRule> rules) =>
        rules.Where(rule => rule.ValidFrom <= day && (rule.ValidTo ?? day) >= day).MaxBy(rule => rule.Version);

    private static IndicatorRule ReadDefault()
    {
        using var stream = typeof(IndicatorRule).Assembly.GetManifestResourceStream("default-indicator-rule.json")
            ?? throw new InvalidOperationException("default-indicator-rule.json is not in the assembly.");
        using var document = JsonDocument.Parse(stream);
        List<Violation> errors = [];
        var rule = new StrictJson(document.RootElement, "", errors);
        var thresholds = IndicatorThresholds.Read(rule.Member("thresholds")!);
        var validFrom = rule.Text("valid_from");
        var basis = rule.Text("basis");
        rule.RefuseUnknown();
        RuleViolationException.ThrowIfAny(errors);
        return new IndicatorRule
        {
            Id = new Guid("0199a000-0000-7000-8000-000000000002"), // fixed, so that seeding twice is seeding once
            Version = 1,
            ValidFrom = DateOnly.ParseExact(validFrom!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            Basis = basis!,
            Thresholds = thresholds!,
            RegisteredAt = DateTimeOffset.UnixEpoch,
            RegisteredBy = "system",
        };
    }
}

/// <summary>The numbers and switches of the depth indicators.</summary>
public sealed record IndicatorThresholds
{
    /// <summary>Fewer sheets than this say nothing.</summary>
    public required int LeastSheets { get; init; }

    /// <summary>Fewer compared lines than this say nothing.</summary>
    public required int LeastLines { get; init; }

    /// <summary>Formal when at least this share of the lines is the same in all three layers, in per cent.</summary>
    public required decimal UnchangedPercent { get; init; }

    /// <summary>Formal when every unit has at least this share of the maximum, in per cent …</summary>
    public required decimal HighPercent { get; init; }

    /// <summary>… and the spread of the totals is below this share of the maximum, in per cent.</summary>
    public required decimal NarrowPercent { get; init; }

    /// <summary>Whether lines filled by published results count too: nobody of the cluster could have changed them.</summary>
    public required bool CountPublished { get; init; }

    /// <summary>Words by which a note cites a document, beside its number.</summary>
    public required IReadOnlyList<string> DocumentMarks { get; init; }

    /// <summary>All of them are named; what is wrong is added to the value's violations, and then there is no result.</summary>
    public static IndicatorThresholds? Read(StrictJson thresholds)
    {
        if (!thresholds.ExpectObject())
        {
            return null;
        }

        var sheets = CountOf(thresholds, "least_sheets");
        var lines = CountOf(thresholds, "least_lines");
        var unchanged = PercentOf(thresholds, "unchanged_percent");
        var high = PercentOf(thresholds, "high_percent");
        var narrow = PercentOf(thresholds, "narrow_percent");
        var published = thresholds.Flag("count_published");
        List<string?> marks = [.. thresholds.List("document_marks").Select(mark => mark.AsText())];
        thresholds.RefuseUnknown();
        return sheets is null || lines is null || unchanged is null || high is null || narrow is null || published is null || marks.Contains(null)
            ? null
            : new IndicatorThresholds
            {
                LeastSheets = sheets.Value,
                LeastLines = lines.Value,
                UnchangedPercent = unchanged.Value,
                HighPercent = high.Value,
                NarrowPercent = narrow.Value,
                CountPublished = published.Value,
                DocumentMarks = [.. marks.OfType<string>()],
            };
    }

    private static int? CountOf(StrictJson parent, string name) => Within(parent, name, parent.WholeNumber(name), 1, 1_000_000);

    private static decimal? PercentOf(StrictJson parent, string name) => Within(parent, name, parent.Number(name), 0, 100);

    private static T? Within<T>(StrictJson parent, string name, T? value, T least, T most)
        where T : struct, IComparable<T>
    {
        if (value is null || (value.Value.CompareTo(least) >= 0 && value.Value.CompareTo(most) <= 0))
        {
            return value;
        }

        parent.Refuse("OUT_OF_RANGE", $"Phải từ {least} đến {most}.", name);
        return null;
    }
}

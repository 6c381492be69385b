namespace ThiDua.Scoring.Domain;

/// <summary>How much a finding weighs.</summary>
public enum LintSeverity
{
    /// <summary>The table is refused at adoption.</summary>
    Error,

    /// <summary>Adopted only when somebody says why.</summary>
    Warn,

    Info,
}

/// <summary>One remark of the linter about a criteria table.</summary>
/// <param name="Code">L-01 … L-17 (domain reference G.3).</param>
/// <param name="Path">JSON pointer from the table's root.</param>
/// <param name="Message">Vietnamese, for people.</param>
public sealed record LintFinding(string Code, LintSeverity Severity, string Path, string Message);

/// <summary>A cluster that uses the table: its code and its official size.</summary>
/// <param name="Clauses">Numbers of the clauses of its covenant in force; null: it has none in force.</param>
public sealed record ClusterSize(string Code, int Size, IReadOnlyCollection<string>? Clauses = null);

/// <summary>What the linter may know beside the table itself; what is absent is not judged.</summary>
public sealed record LintContext
{
    public required IReadOnlyCollection<ClusterSize> Clusters { get; init; }

    /// <summary>The date that dated texts are judged by.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Points of every unit in each criterion last season (L-14).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<decimal>> LastSeason { get; init; } = new Dictionary<string, IReadOnlyList<decimal>>();

    /// <summary>Members without a published result, by index (L-15).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> UnitsWithoutIndex { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public LintSettings Settings { get; init; } = new();
}

/// <summary>The thresholds and words of the linter's warnings; all of them are settings of the installation.</summary>
public sealed record LintSettings
{
    /// <summary>Share of judged points in per cent above which L-10 warns; the guidance says "limited" and names no number.</summary>
    public decimal MaxQualitativeSharePercent { get; init; } = 20;

    /// <summary>Bonus in per cent of the table above which L-13 warns.</summary>
    public decimal MaxBonusSharePercent { get; init; } = 10;

    /// <summary>Share of one criterion in per cent above which L-17 warns.</summary>
    public decimal MaxCriterionSharePercent { get; init; } = 50;

    /// <summary>Words that promise without measuring (L-08).</summary>
    public IReadOnlyList<string> VagueWords { get; init; } =
    [
        "tốt", "khá", "tích cực", "thường xuyên", "kịp thời", "đầy đủ", "nghiêm túc", "hiệu quả", "sâu rộng", "quan tâm", "đẩy mạnh",
        "tăng cường", "chặt chẽ", "góp phần", "nâng cao", "cơ bản", "nhiều", "tiêu biểu",
    ];

    /// <summary>Words for evidence that only the unit itself can produce (L-09).</summary>
    public IReadOnlyList<string> OwnWords { get; init; } = ["báo cáo của đơn vị", "đơn vị tự đánh giá", "tự báo cáo", "tự nhận xét", "tự kê khai"];

    /// <summary>Words that went out of use on a date, such as a level of government that was abolished (L-16).</summary>
    public IReadOnlyList<ExpiredWord> ExpiredWords { get; init; } = [];
}

/// <summary>A word that texts must not use from a date on.</summary>
public sealed record ExpiredWord
{
    public required string Word { get; init; }
    public required DateOnly Since { get; init; }
}

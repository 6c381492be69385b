using ThiDua.Clusters.Domain;

namespace ThiDua.Tests.Clusters;

/// <summary>The smallest things that a test of this service needs, true unless the test says otherwise.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.FromHours(7));

    public static readonly DateOnly Today = new(2026, 3, 1);

    /// <summary>Three levels of local government until 30 June 2025, two from then on (F-35).</summary>
    public static readonly IReadOnlyList<OrgLevel> Levels =
    [
        Level("TINH", 2, "2000-01-01"), Level("HUYEN", 3, "2000-01-01", "2025-06-30"),
        Level("XA", 4, "2000-01-01", "2025-06-30"), Level("XA", 3, "2025-07-01"),
    ];

    public static readonly IReadOnlyList<UnitCategory> Categories =
    [
        new() { Code = "HC", Label = "Cơ quan hành chính", SeasonType = "CALENDAR_YEAR", ValidFrom = Day("2000-01-01"), Basis = "R-06" },
    ];

    public static readonly SeasonType CalendarYear = new() { Code = "CALENDAR_YEAR", Label = "Năm", FirstMonth = 1, FirstDay = 1, ValidFrom = Day("2000-01-01"), Basis = "" };

    public static readonly SeasonType SchoolYear = new() { Code = "SCHOOL_YEAR", Label = "Năm học", FirstMonth = 9, FirstDay = 1, ValidFrom = Day("2000-01-01"), Basis = "" };

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd");

    public static OrgLevel Level(string code, int order, string from, string? to = null) =>
        new() { Code = code, Label = code, Order = order, ValidFrom = Day(from), ValidTo = to is null ? null : Day(to), Basis = "F-35" };

    public static UnitDetails Details(string name = "Sở Y tế", string level = "TINH", decimal? femaleShare = null) => new(name, "HC", level, femaleShare, new Dictionary<string, string>());

    public static Unit Registered(string code, string level = "TINH", string from = "2020-01-01") => Unit.Register(code, Details($"Đơn vị {code}", level), Day(from), Now);

    public static Season Opened(int year = 2026, IReadOnlyDictionary<SeasonPhase, PhaseWindow>? calendar = null) =>
        Season.Open($"{year}", CalendarYear, year, calendar ?? new Dictionary<SeasonPhase, PhaseWindow>(), Now);

    public static ClusterPlan Plan(string code, string[] members, string? leader = null, string? deputy = null) =>
        new(code, $"Cụm {code}", ClusterKind.Cum, leader ?? members[0], deputy ?? members[1], members);
}

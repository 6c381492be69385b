using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Year;

/// <summary>After the year: everything is where the calendar says.</summary>
public sealed partial class YearTests(YearSystem system) : IClassFixture<YearSystem>
{
    /// <summary>Season, who, what, to whom, due, how it ended, working days late, when it came. Written from the calendar and the two scripts by hand.</summary>
    private const string Obligations = """
        2026 - APPRAISAL COUNCIL 2026-12-31 ON_TIME 0 2026-12-22 09:00:00
        2026 X1 CLUSTER_REVIEW STANDING_AGENCY 2026-12-08 ON_TIME 0 2026-12-02 09:00:00
        2026 X1 MIDYEAR_REPORT STANDING_AGENCY 2026-06-20 ON_TIME 0 2026-06-18 09:00:00
        2026 X1 REGISTRATION CLUSTER_LEADER 2026-03-31 ON_TIME 0 2026-03-01 09:00:00
        2026 X1 SELF_SCORING CLUSTER_LEADER 2026-11-25 ON_TIME 0 2026-11-20 09:00:00
        2026 X1 YEAREND_REPORT STANDING_AGENCY 2026-12-10 ON_TIME 0 2026-12-09 09:00:00
        2026 X2 CLUSTER_REVIEW STANDING_AGENCY 2026-12-08 ON_TIME 0 2026-12-02 09:00:00
        2026 X2 MIDYEAR_REPORT CLUSTER_LEADER 2026-06-20 ON_TIME 0 2026-06-20 23:59:59
        2026 X2 MIDYEAR_REPORT STANDING_AGENCY 2026-06-20 ON_TIME 0 2026-06-20 23:59:59
        2026 X2 REGISTRATION CLUSTER_LEADER 2026-03-31 ON_TIME 0 2026-03-10 09:00:00
        2026 X2 SELF_SCORING CLUSTER_LEADER 2026-11-25 ON_TIME 0 2026-11-25 09:00:00
        2026 X2 YEAREND_REPORT CLUSTER_LEADER 2026-12-10 ON_TIME 0 2026-12-10 09:00:00
        2026 X2 YEAREND_REPORT STANDING_AGENCY 2026-12-10 ON_TIME 0 2026-12-10 09:00:00
        2026 X3 MIDYEAR_REPORT CLUSTER_LEADER 2026-06-20 LATE 3 2026-06-24 09:00:00
        2026 X3 MIDYEAR_REPORT STANDING_AGENCY 2026-06-20 LATE 3 2026-06-24 09:00:00
        2026 X3 REGISTRATION CLUSTER_LEADER 2026-03-31 ON_TIME 0 2026-03-31 09:00:00
        2026 X3 SELF_SCORING CLUSTER_LEADER 2026-11-25 ON_TIME 0 2026-11-24 09:00:00
        2026 X3 YEAREND_REPORT CLUSTER_LEADER 2026-12-10 ON_TIME 0 2026-12-10 09:00:00
        2026 X3 YEAREND_REPORT STANDING_AGENCY 2026-12-10 ON_TIME 0 2026-12-10 09:00:00
        2026 X4 MIDYEAR_REPORT CLUSTER_LEADER 2026-06-30 ON_TIME 0 2026-06-30 09:00:00
        2026 X4 MIDYEAR_REPORT STANDING_AGENCY 2026-06-30 ON_TIME 0 2026-06-30 09:00:00
        2026 X4 REGISTRATION CLUSTER_LEADER 2026-03-31 LATE 2 2026-04-02 09:00:00
        2026 X4 SELF_SCORING CLUSTER_LEADER 2026-11-25 LATE 2 2026-11-27 09:00:00
        2026 X4 YEAREND_REPORT CLUSTER_LEADER 2026-12-10 LATE 3 2026-12-15 09:00:00
        2026 X4 YEAREND_REPORT STANDING_AGENCY 2026-12-10 LATE 3 2026-12-15 09:00:00
        NH2025 - APPRAISAL COUNCIL 2026-07-20 ON_TIME 0 2026-07-16 09:00:00
        NH2025 T1 CLUSTER_REVIEW STANDING_AGENCY 2026-06-30 ON_TIME 0 2026-06-20 09:00:00
        NH2025 T1 MIDYEAR_REPORT STANDING_AGENCY 2026-01-31 ON_TIME 0 2026-01-30 09:00:00
        NH2025 T1 REGISTRATION CLUSTER_LEADER 2026-02-10 ON_TIME 0 2026-01-20 09:00:00
        NH2025 T1 SELF_SCORING CLUSTER_LEADER 2026-06-15 ON_TIME 0 2026-06-05 09:00:00
        NH2025 T1 YEAREND_REPORT STANDING_AGENCY 2026-07-10 ON_TIME 0 2026-07-08 09:00:00
        NH2025 T2 CLUSTER_REVIEW STANDING_AGENCY 2026-06-30 ON_TIME 0 2026-06-20 09:00:00
        NH2025 T2 MIDYEAR_REPORT CLUSTER_LEADER 2026-01-31 ON_TIME 0 2026-01-31 23:59:59
        NH2025 T2 MIDYEAR_REPORT STANDING_AGENCY 2026-01-31 ON_TIME 0 2026-01-31 23:59:59
        NH2025 T2 REGISTRATION CLUSTER_LEADER 2026-02-10 ON_TIME 0 2026-01-20 09:00:00
        NH2025 T2 SELF_SCORING CLUSTER_LEADER 2026-06-15 ON_TIME 0 2026-06-15 09:00:00
        NH2025 T2 YEAREND_REPORT CLUSTER_LEADER 2026-07-10 ON_TIME 0 2026-07-10 09:00:00
        NH2025 T2 YEAREND_REPORT STANDING_AGENCY 2026-07-10 ON_TIME 0 2026-07-10 09:00:00
        NH2025 T3 MIDYEAR_REPORT CLUSTER_LEADER 2026-01-31 LATE 3 2026-02-04 09:00:00
        NH2025 T3 MIDYEAR_REPORT STANDING_AGENCY 2026-01-31 LATE 3 2026-02-04 09:00:00
        NH2025 T3 REGISTRATION CLUSTER_LEADER 2026-02-10 LATE 2 2026-02-12 09:00:00
        NH2025 T3 SELF_SCORING CLUSTER_LEADER 2026-06-15 LATE 2 2026-06-17 09:00:00
        NH2025 T3 YEAREND_REPORT CLUSTER_LEADER 2026-07-10 LATE 1 2026-07-13 09:00:00
        NH2025 T3 YEAREND_REPORT STANDING_AGENCY 2026-07-10 LATE 1 2026-07-13 09:00:00
        """;

    private static readonly TimeSpan s_vietnam = TimeSpan.FromHours(7);

    private static IReadOnlyList<Line> Expected { get; } = [.. Obligations.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Line.Of)];

    [Fact]
    public async Task Every_obligation_was_due_and_met_as_the_calendars_say()
    {
        using var auditor = system.Clusters.As(Roles.Auditor);
        var found = (await AllAsync(auditor, "obligations")).Select(item =>
            $"{item["season"]} {item["unit"] ?? "-"} {item["kind"]} {item["recipient"]} {item["due_on"]} {item["state"]} {item["late_working_days"]} {(item["met_at"] is { } at ? Local(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "-")}");
        Assert.Equal(Obligations.ReplaceLineEndings("\n").Split('\n').Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_reminder_went_out_on_its_day_and_no_other_did()
    {
        using var auditor = system.Clusters.As(Roles.Auditor);
        var log = await AllAsync(auditor, "reminders");
        var found = log.Select(item => $"{item["planned_for"]} {item["season"]} {item["unit"] ?? "-"} {item["kind"]} {item["owed_to"]} {item["occurrence"]} {item["recipient"]}").Order(StringComparer.Ordinal);
        Assert.Equal(Reminders().Order(StringComparer.Ordinal), found);
        Assert.All(log, item => Assert.Equal(("SENT", "DELIVERED"), ((string)item["state"]!, (string)Assert.Single(item["attempts"]!.AsArray())!["outcome"]!)));
        Assert.Equal(log.Select(item => Guid.Parse((string)item["id"]!).ToString("N")).Order(StringComparer.Ordinal), system.Mails.Select(mail => mail.MessageId.Split('@')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_calendar_says_of_one_late_report_reads_as_an_official_would_say_it() => Assert.Equal(
        [
            "2026-06-05 T-15 UNIT", "2026-06-13 T-7 UNIT", "2026-06-17 T-3 UNIT", "2026-06-19 T-1 LEADER", "2026-06-19 T-1 UNIT",
            "2026-06-21 T+1 AGENCY", "2026-06-21 T+1 LEADER", "2026-06-21 T+1 UNIT",
        ],
        Reminders().Where(line => line.Contains("2026 X3 MIDYEAR_REPORT STANDING_AGENCY", StringComparison.Ordinal)).Select(line => line.Split(' ')).Select(words => $"{words[0]} {words[^2]} {words[^1]}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("clusters")]
    [InlineData("scoring")]
    [InlineData("awards")]
    public async Task Every_change_that_somebody_asked_for_is_in_the_journal_on_its_day(string service)
    {
        var rows = await JournalAsync(service);
        var found = rows.Where(row => Verb().IsMatch(Action(row))).DistinctBy(row => (string)row["trace_id"]!).Select(row => $"{DayOf(row)} {Route(Action(row))}");
        var casting = rows.Where(row => (string)row["actor"]! == "secret").Select(row => $"{DayOf(row)} POST council-sessions/{{}}/items/{{}}/ballot-box");
        var asked = system.Year.Requests.Where(request => request.Service == service).Select(request => $"{request.Day:yyyy-MM-dd} {request.Action}");
        Assert.Equal(asked.Order(StringComparer.Ordinal), found.Concat(casting).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_nobody_asked_for_is_in_the_journal_on_the_days_of_reminders_and_messages_only()
    {
        var rows = (await JournalAsync("clusters")).Where(row => !Verb().IsMatch(Action(row)) && Action(row) != "migrate").ToList();
        string[] days = [.. Reminders().Select(line => line[..10]).Distinct().Order(StringComparer.Ordinal)];
        foreach (var job in new[] { "plan reminders", "send reminders" })
        {
            Assert.Equal(days, rows.Where(row => Action(row) == job).Select(DayOf).Distinct().Order(StringComparer.Ordinal));
        }

        var messages = rows.Where(row => row["subjects"]!.AsArray().Any(subject => ((string)subject!).StartsWith("Message/", StringComparison.Ordinal))).Select(row => $"{DayOf(row)} {Action(row)}");
        Assert.Equal(Messages().Order(StringComparer.Ordinal), messages.Order(StringComparer.Ordinal));
        Assert.Empty(rows.Where(row => Action(row) is not ("plan reminders" or "send reminders") && !Action(row).StartsWith("message ", StringComparison.Ordinal)).Select(row => $"{DayOf(row)} {Action(row)}"));
    }

    [Theory]
    [InlineData(EmulationYear.Schools, "2026-01-10 CRITERIA; 2026-06-01 SELF_SCORING; 2026-06-18 CLUSTER_REVIEW; 2026-07-01 APPRAISAL; 2026-08-01 PROPOSAL; 2026-09-01 COUNCIL")]
    [InlineData(EmulationYear.Communes, "2026-02-15 CRITERIA; 2026-11-15 SELF_SCORING; 2026-11-28 CLUSTER_REVIEW; 2026-12-09 APPRAISAL; 2027-01-04 PROPOSAL; 2027-01-11 COUNCIL")]
    public async Task Each_season_came_to_its_phases_on_its_days(string season, string phases)
    {
        var rows = (await JournalAsync("clusters")).Where(row => Action(row).EndsWith("/advance", StringComparison.Ordinal));
        var found = rows.SelectMany(row => row["changes"]!.AsArray().Where(change => (string)change!["entity"]! == "Season" && (string)change["key"]! == season).Select(change => $"{DayOf(row)} {change!["after"]!["phase"]}"));
        Assert.Equal(phases, string.Join("; ", found.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(EmulationYear.Schools, "T1 40.00 1; T2 37.33 2; T3 27.50 3")] // T3: 9/12 of 20, 3 and 1 working days late for 2 points each, one of two activities, 5.5
    [InlineData(EmulationYear.Communes, "X1 40.00 1; X2 34.33 4; X3 36.00 2; X4 34.67 3")] // X2 missed one of two activities; X3 late at mid-year; X4 late at the year's end
    public async Task What_was_recorded_through_the_year_is_what_the_scores_rest_on(string season, string ranking)
    {
        using var agency = system.Scoring.As(Roles.AppraisalHead);
        var decided = (await agency.GetJson($"rankings/{system.Year.ClusterOf(season)}")).Expect(200)["ranking"].AsArray();
        Assert.Equal(ranking, string.Join("; ", decided.OrderBy(row => (string)row!["unit"]!, StringComparer.Ordinal).Select(row => $"{row!["unit"]} {row["total"]} {row["rank"]}")));
    }

    [Theory]
    [InlineData(EmulationYear.Schools, "T1", 5)]
    [InlineData(EmulationYear.Communes, "X1", 4)]
    public async Task The_council_gave_the_flag_to_the_leading_unit_and_its_history_shows_it(string season, string unit, int yes)
    {
        var ballot = Assert.Single((await system.Awards.As(Roles.Auditor).GetJson($"ballots?season={season}")).Expect(200)["items"].AsArray())!;
        Assert.Equal((unit, 5, yes, 4, true), ((string)ballot["unit"]!, (int)ballot["members"]!, (int)ballot["yes"]!, (int)ballot["needed"]!, (bool)ballot["passed"]!));
        Assert.Contains("PROVINCIAL_FLAG", (await system.Clusters.As(Roles.Auditor).GetJson($"units/{unit}/history")).Expect(200).Text, StringComparison.Ordinal);
    }

    /// <summary>
    /// The reminders that the calendar asks for, worked out again by going through the days: −15, −7, −3, −1, +1 and every week after, at
    /// 7:30, to who has not handed in by then; the leader from −1 on, the agency from +1, its head from the third week after that.
    /// </summary>
    private static IEnumerable<string> Reminders()
    {
        var formed = new DateOnly(2026, 1, 5);
        foreach (var line in Expected)
        {
            var leader = line.Season == EmulationYear.Schools ? "T1" : "X1";
            (DateOnly Due, int Sent) count = (line.FirstDue, int.MinValue);
            for (var day = formed.AddDays(1); day <= EmulationYear.Last && line.Met > day.ToDateTime(new TimeOnly(7, 30)); day = day.AddDays(1))
            {
                if (line.IsExtended && day > new DateOnly(2026, 6, 19) && count.Due == line.FirstDue)
                {
                    count = (line.Due, int.MinValue);
                }

                var passed = new[] { -15, -7, -3, -1, 1 }.Concat(Enumerable.Range(1, 60).Select(week => 1 + (7 * week))).Where(offset => count.Due.AddDays(offset) <= day).ToList();
                if (passed.Count == 0 || passed[^1] <= count.Sent)
                {
                    continue;
                }

                count.Sent = passed[^1];
                foreach (var recipient in Recipients(line.Unit, leader, count.Sent))
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} {line.Season} {line.Unit} {line.Kind} {line.Recipient} T{count.Sent:+0;-0} {recipient}");
                }
            }
        }
    }

    private static IEnumerable<string> Recipients(string unit, string leader, int offset)
    {
        if (unit != "-")
        {
            yield return "UNIT";
        }

        if (unit != "-" && unit != leader && offset >= -1)
        {
            yield return "LEADER";
        }

        if (unit == "-" || offset >= 1)
        {
            yield return "AGENCY";
        }

        if (offset >= 22)
        {
            yield return "AGENCY_HEAD";
        }
    }

    /// <summary>The news from the other services, each on the day of what it tells of.</summary>
    private static IEnumerable<string> Messages() =>
    [
        .. Enumerable.Repeat("2026-01-02 message AwardPolicySet", 2),
        .. new[] { "2026-02-20", "2026-03-20" }.Select(day => $"{day} message CriteriaTableAdopted"),
        .. new[] { "2026-06-05", "2026-06-15", "2026-06-17", "2026-11-20", "2026-11-24", "2026-11-25", "2026-11-27" }.Select(day => $"{day} message SheetSubmitted"),
        .. Enumerable.Repeat("2026-06-20 message SheetReviewed", 3).Concat(Enumerable.Repeat("2026-12-02 message SheetReviewed", 4)),
        .. new[] { "2026-07-16", "2026-12-22" }.SelectMany(day => new[] { $"{day} message ClusterResultDecided", $"{day} message ClusterIndicatorsComputed" }),
        .. new[] { "2026-09-10", "2027-01-20" }.Select(day => $"{day} message AwardDecided"),
    ];

    private Task<List<JsonNode>> JournalAsync(string service)
    {
        var client = service switch
        {
            "clusters" => system.Clusters.As(Roles.Auditor),
            "scoring" => system.Scoring.As(Roles.Auditor),
            _ => system.Awards.As(Roles.Auditor),
        };
        return AllAsync(client, $"journal/{service}");
    }

    private static async Task<List<JsonNode>> AllAsync(HttpClient client, string path)
    {
        var (items, cursor) = (new List<JsonNode>(), (string?)null);
        do
        {
            var page = (await client.GetJson($"{path}?limit=200{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(200);
            items.AddRange(page["items"].AsArray().Select(item => item!));
            cursor = (string?)page.Json!["next"];
        }
        while (cursor is not null);

        return items;
    }

    private static string Action(JsonNode row) => (string)row["action"]!;

    private static string DayOf(JsonNode row) => Local(row["at"]!).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset Local(JsonNode at) => DateTimeOffset.Parse((string)at!, CultureInfo.InvariantCulture).ToOffset(s_vietnam);

    /// <summary>POST /api/v1/seasons/{code}/advance becomes POST seasons/{}/advance.</summary>
    private static string Route(string action) => Parameter().Replace(action.Replace("/api/v1/", "", StringComparison.Ordinal), "{}").TrimEnd('/');

    [GeneratedRegex("^(POST|PUT|DELETE) ")]
    private static partial Regex Verb();

    [GeneratedRegex("\\{[^}]*\\}")]
    private static partial Regex Parameter();

    private sealed record Line(string Season, string Unit, string Kind, string Recipient, DateOnly Due, DateTime Met)
    {
        public bool IsExtended => Unit == "X4" && Kind == "MIDYEAR_REPORT";

        public DateOnly FirstDue => IsExtended ? new DateOnly(2026, 6, 20) : Due;

        public static Line Of(string text)
        {
            var words = text.Split(' ');
            return new Line(
                words[0], words[1], words[2], words[3], DateOnly.ParseExact(words[4], "yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTime.ParseExact($"{words[7]} {words[8]}", "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        }
    }
}

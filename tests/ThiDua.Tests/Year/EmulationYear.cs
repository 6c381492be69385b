using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Year;

/// <summary>
/// A year of two clusters, day by day: four communes in the calendar year 2026, three schools in the school year 2025–2026. Every
/// morning at 7:30 the reminders go round; what people do, they do at nine, two of them at the last second of the day.
/// </summary>
public sealed partial class EmulationYear(YearSystem system)
{
    public const string Communes = "2026";
    public const string Schools = "NH2025";
    private const int CouncilSize = 5;

    private const string Table = """
        {"id": "T", "title": "Bảng tiêu chí năm", "total_max": 40, "groups": [
          {"code": "I", "title": "Nhiệm vụ chính trị", "tag": "POLITICAL_TASK", "max": 20, "criteria": [
            {"code": "I.1", "title": "Nhiệm vụ được giao đã hoàn thành", "max": 20, "kind": "RATIO", "i": 20, "evidence": "Sổ theo dõi nhiệm vụ"}]},
          {"code": "II", "title": "Công tác thi đua", "tag": "EMULATION_WORK", "max": 20, "criteria": [
            {"code": "II.1", "title": "Báo cáo sơ kết, tổng kết đúng hạn", "max": 8, "kind": "TIMELINESS", "official_fact": "REPORTS", "obligations": ["MIDYEAR", "YEAREND"],
             "scale": [{"late_wd_lte": 0, "points": 4}, {"late_wd_lte": 3, "points": 2}, {"points": 0}]},
            {"code": "II.2", "title": "Tham gia hoạt động của cụm, khối", "max": 6, "kind": "RATIO", "i": 6, "official_fact": "ATTENDANCE", "nothing_assigned": "FULL"},
            {"code": "II.3", "title": "Thực hiện giao ước thi đua", "max": 6, "kind": "MANUAL", "covenant_clause": "1", "evidence": "Biên bản kiểm tra chéo"}]}]}
        """;

    private static readonly TimeOnly s_morning = new(7, 30);
    private static readonly TimeOnly s_nine = new(9, 0);
    private static readonly TimeOnly s_lastSecond = new(23, 59, 59);
    private static readonly DateOnly s_first = new(2026, 1, 1);

    private readonly List<(DateOnly Day, TimeOnly Time, Func<Task> Act)> _plan = [];
    private readonly Dictionary<string, Guid> _clusters = [];
    private readonly Dictionary<string, string> _sheets = [];
    private readonly Dictionary<string, int> _heard = [];

    /// <summary>The last day that is played: the session of the council about the communes.</summary>
    public static DateOnly Last { get; } = new(2027, 1, 20);

    /// <summary>Every change that was asked for and made, in order: day, service, method and address.</summary>
    public List<(DateOnly Day, string Service, string Action)> Requests { get; } = [];

    private DateOnly Today { get; set; }

    private HttpClient Head => system.Clusters.As(Roles.AppraisalHead, subject: "lanh-dao");

    public async Task PlayAsync()
    {
        Plan();
        for (Today = s_first; Today <= Last; Today = Today.AddDays(1))
        {
            system.GoTo(Today, s_morning);
            await system.RemindAsync();
            foreach (var (_, time, act) in _plan.Where(step => step.Day == Today).OrderBy(step => step.Time).ToList())
            {
                system.GoTo(Today, time);
                await act();
            }
        }
    }

    public Guid ClusterOf(string season) => _clusters[season];

    private void Plan()
    {
        On("2026-01-02", PrepareAsync);
        On("2026-01-05", () => FormAsync(Schools, "KHOI", "T1", "T2", "T3"));
        On("2026-01-05", () => FormAsync(Communes, "CUM", "X1", "X2", "X3", "X4"));

        On("2026-01-06", () => PledgeAsync(Schools, "T1", "T2", "T3"));
        On("2026-01-10", () => AdvanceAsync(Schools, "CRITERIA"));
        On("2026-01-20", () => RegisterAsync(Schools, "T1"));
        On("2026-01-20", () => RegisterAsync(Schools, "T2"));
        On("2026-01-30", () => ReportAsync(Schools, "T1", "MIDYEAR"));
        AtLastSecond("2026-01-31", () => ReportAsync(Schools, "T2", "MIDYEAR"));
        On("2026-02-02", () => PledgeAsync(Communes, "X1", "X2", "X3"));
        On("2026-02-04", () => ReportAsync(Schools, "T3", "MIDYEAR"));
        On("2026-02-10", () => ExceptAsync(Communes, "X4"));
        On("2026-02-12", () => RegisterAsync(Schools, "T3"));
        On("2026-02-15", () => AdvanceAsync(Communes, "CRITERIA"));
        On("2026-02-20", () => AgreeAsync(Schools, ["T1", "T2"], []));
        On("2026-02-25", () => MeetAsync(Schools, "T1", "MIDYEAR", []));
        On("2026-03-01", () => RegisterAsync(Communes, "X1"));
        On("2026-03-10", () => RegisterAsync(Communes, "X2"));
        On("2026-03-10", () => ShareAsync(Schools, "T1", ["T3"]));
        On("2026-03-20", () => AgreeAsync(Communes, ["X1", "X2", "X3"], ["X4"]));
        On("2026-03-31", () => RegisterAsync(Communes, "X3"));
        On("2026-04-02", () => RegisterAsync(Communes, "X4"));

        On("2026-06-01", () => AdvanceAsync(Schools, "SELF_SCORING"));
        On("2026-06-05", () => ScoreAsync(Schools, "T1", 12, "6"));
        On("2026-06-15", () => ScoreAsync(Schools, "T2", 11, "5"));
        On("2026-06-17", () => ScoreAsync(Schools, "T3", 9, "5.5"));
        On("2026-06-18", () => AdvanceAsync(Schools, "CLUSTER_REVIEW"));
        On("2026-06-18", () => ReportAsync(Communes, "X1", "MIDYEAR"));
        On("2026-06-19", () => ExtendAsync(Communes, "X4", "2026-06-30"));
        On("2026-06-20", () => ReviewAsync(Schools, "T1", "T2", "T3"));
        AtLastSecond("2026-06-20", () => ReportAsync(Communes, "X2", "MIDYEAR"));
        On("2026-06-24", () => ReportAsync(Communes, "X3", "MIDYEAR"));
        On("2026-06-30", () => ReportAsync(Communes, "X4", "MIDYEAR"));
        On("2026-07-01", () => AdvanceAsync(Schools, "APPRAISAL"));
        On("2026-07-08", () => ReportAsync(Schools, "T1", "YEAREND"));
        On("2026-07-10", () => ReportAsync(Schools, "T2", "YEAREND"));
        On("2026-07-13", () => ReportAsync(Schools, "T3", "YEAREND"));
        On("2026-07-14", () => MeetAsync(Communes, "X1", "MIDYEAR", []));
        On("2026-07-15", () => AppraiseAsync("T1", "T2", "T3"));
        On("2026-07-16", () => DecideAsync(Schools));
        On("2026-08-01", () => AdvanceAsync(Schools, "PROPOSAL"));
        On("2026-08-03", () => NominateAsync(Schools));
        On("2026-09-01", () => AdvanceAsync(Schools, "COUNCIL"));
        On("2026-09-10", () => VoteAsync(Schools, yes: 5));

        On("2026-10-05", () => ShareAsync(Communes, "X1", ["X2"]));
        On("2026-11-15", () => AdvanceAsync(Communes, "SELF_SCORING"));
        On("2026-11-20", () => ScoreAsync(Communes, "X1", 12, "6"));
        On("2026-11-24", () => ScoreAsync(Communes, "X3", 12, "4"));
        On("2026-11-25", () => ScoreAsync(Communes, "X2", 11, "5"));
        On("2026-11-27", () => ScoreAsync(Communes, "X4", 10, "6"));
        On("2026-11-28", () => AdvanceAsync(Communes, "CLUSTER_REVIEW"));
        On("2026-12-02", () => ReviewAsync(Communes, "X1", "X2", "X3", "X4"));
        On("2026-12-09", () => AdvanceAsync(Communes, "APPRAISAL"));
        On("2026-12-09", () => ReportAsync(Communes, "X1", "YEAREND"));
        On("2026-12-10", () => ReportAsync(Communes, "X2", "YEAREND"));
        On("2026-12-10", () => ReportAsync(Communes, "X3", "YEAREND"));
        On("2026-12-15", () => ReportAsync(Communes, "X4", "YEAREND"));
        On("2026-12-20", () => AppraiseAsync("X1", "X2", "X3", "X4"));
        On("2026-12-22", () => DecideAsync(Communes));
        On("2027-01-04", () => AdvanceAsync(Communes, "PROPOSAL"));
        On("2027-01-05", () => NominateAsync(Communes));
        On("2027-01-11", () => AdvanceAsync(Communes, "COUNCIL"));
        On("2027-01-20", () => VoteAsync(Communes, yes: 4));
    }

    private async Task PrepareAsync()
    {
        var (clusters, awards) = (system.Clusters, system.Awards);
        using var admin = clusters.As(Roles.Admin, subject: "quan-tri");
        string[] communes = ["X1", "X2", "X3", "X4"];
        string[] schools = ["T1", "T2", "T3"];
        await CallAsync("clusters", admin, "POST", "units", new
        {
            units = communes.Select(code => new { code, name = $"UBND xã {code}", category = "HC", level = "XA", valid_from = "2025-07-01" })
                .Concat(schools.Select(code => new { code, name = $"Trường THPT {code}", category = "GD", level = "TINH", valid_from = "2025-07-01" })),
        });
        await CallAsync("clusters", Head, "POST", "seasons", new { code = Schools, type = "SCHOOL_YEAR", year = 2025, calendar = Calendar("2026-01-10/2026-02-10", "2026-06-01/2026-06-15", "2026-06-16/2026-06-30", "2026-07-01/2026-07-20", "2026-08-01/2026-08-10", "2026-09-01/2026-09-30") });
        await CallAsync("clusters", Head, "POST", "seasons", new { code = Communes, type = "CALENDAR_YEAR", year = 2026, calendar = Calendar("2026-02-15/2026-03-31", "2026-11-15/2026-11-25", "2026-11-26/2026-12-08", "2026-12-09/2026-12-31", "2027-01-04/2027-01-10", "2027-01-11/2027-01-31") });
        foreach (var unit in communes.Concat(schools))
        {
            await CallAsync("clusters", admin, "POST", "contacts", new { holder = "UNIT", unit, name = $"Văn phòng {unit}", email = $"{unit.ToLowerInvariant()}@tinh.gov.vn" });
        }

        await CallAsync("clusters", admin, "POST", "contacts", new { holder = "AGENCY", name = "Phòng Thi đua", email = "phong@tinh.gov.vn" });
        await CallAsync("clusters", admin, "POST", "contacts", new { holder = "AGENCY_HEAD", name = "Lãnh đạo", email = "lanhdao@tinh.gov.vn" });
        await HeardAsync("AwardPolicySet"); // Awards tells its general policies when it hears of a season
        await HeardAsync("AwardPolicySet");
        await CallAsync("awards", awards.As(Roles.Admin), "POST", "councils", new
        {
            code = "HD",
            name = "Hội đồng Thi đua - Khen thưởng tỉnh",
            members = Enumerable.Range(1, CouncilSize).Select(number => new
            {
                subject = Seat(number), name = $"Ủy viên {number}", office = "Giám đốc sở", role = number == 1 ? "CHAIR" : "MEMBER", from = "2026-01-01", document = "QĐ 12/QĐ-UBND",
            }),
        });
    }

    private async Task FormAsync(string season, string kind, params string[] members)
    {
        var formed = await CallAsync("clusters", Head, "POST", "clusters", new
        {
            season,
            clusters = new[] { new { code = "K1", name = kind == "CUM" ? "Cụm thi đua các xã" : "Khối thi đua các trường THPT", kind, leader = members[0], deputy = members[1], members } },
        });
        _clusters[season] = (Guid)formed["clusters"][0]!["id"]!;
    }

    private async Task AdvanceAsync(string season, string to) =>
        await CallAsync("clusters", Head, "POST", $"seasons/{season}/advance", new { to }, (await Head.GetJson($"seasons/{season}")).ETag);

    private async Task PledgeAsync(string season, params string[] signing)
    {
        var covenant = await CallAsync("clusters", UnitOf(signing[0]), "POST", "covenants", new { season, cluster = "K1", clauses = new[] { new { number = "1", text = "Hoàn thành nhiệm vụ được giao, kiểm tra chéo mỗi quý một lần." } } });
        var hash = (string)covenant["parts"][0]!["hash"]!;
        foreach (var unit in signing)
        {
            await CallAsync("clusters", UnitOf(unit), "POST", $"covenants/{covenant["id"]}/sign", new { hash });
        }
    }

    private async Task ExceptAsync(string season, string unit)
    {
        var covenant = (await Head.GetJson($"covenants?season={season}")).Expect(200)["items"][0]!;
        await CallAsync("clusters", Head, "POST", $"covenants/{covenant["id"]}/exceptions", new { unit, reason = "Đang kiện toàn lãnh đạo", document = "CV 7/UBND" }, (await Head.GetJson($"covenants/{covenant["id"]}")).ETag);
    }

    private async Task RegisterAsync(string season, string unit)
    {
        var draft = await CallAsync("clusters", UnitOf(unit), "POST", "registrations", new { season, targets = new[] { new { code = "CT1", text = "Nhiệm vụ hoàn thành", planned_value = "12", unit_of_measure = "nhiệm vụ", criterion = "I.1" } } });
        await CallAsync("clusters", UnitOf(unit), "POST", $"registrations/{draft["id"]}/submit", etag: draft.ETag);
    }

    private async Task ReportAsync(string season, string unit, string kind)
    {
        var draft = await CallAsync("clusters", UnitOf(unit), "POST", "reports", new { season, kind, summary = "Kết quả thực hiện phong trào thi đua." });
        await CallAsync("clusters", UnitOf(unit), "POST", $"reports/{draft["id"]}/submit", new { }, draft.ETag);
    }

    private async Task ExtendAsync(string season, string unit, string dueOn)
    {
        foreach (var obligation in (await Head.GetJson($"obligations?season={season}&unit={unit}&kind=MIDYEAR_REPORT")).Expect(200)["items"].AsArray().Select(item => (string)item!["id"]!))
        {
            await CallAsync("clusters", Head, "POST", $"obligations/{obligation}/extend", new { due_on = dueOn, reason = "Ảnh hưởng của bão" }, (await Head.GetJson($"obligations/{obligation}")).ETag);
        }
    }

    private Task MeetAsync(string season, string leader, string review, string[] absent) =>
        HoldAsync(season, leader, absent, new { season, cluster = "K1", kind = "MEETING", title = "Hội nghị sơ kết", planned_on = Iso(Today), host = leader, review }, minutes: "BB 3/BB-K1");

    private Task ShareAsync(string season, string leader, string[] absent) =>
        HoldAsync(season, leader, absent, new { season, cluster = "K1", kind = "ACTIVITY", type = "HOC_TAP_KINH_NGHIEM", title = "Học tập kinh nghiệm", planned_on = Iso(Today), host = leader }, minutes: null);

    private async Task HoldAsync(string season, string leader, string[] absent, object plan, string? minutes)
    {
        var planned = await CallAsync("clusters", UnitOf(leader), "POST", "activities", plan);
        var attendance = MembersOf(season).ToDictionary(unit => unit, unit => absent.Contains(unit) ? "ABSENT" : "PRESENT");
        var body = new Dictionary<string, object> { ["held_on"] = Iso(Today), ["attendance"] = attendance, ["outcome"] = "Thống nhất chương trình hành động" };
        if (minutes is not null)
        {
            body["minutes"] = minutes;
        }

        await CallAsync("clusters", UnitOf(leader), "POST", $"activities/{planned["id"]}/hold", body, planned.ETag);
    }

    private async Task AgreeAsync(string season, string[] agreeing, string[] against)
    {
        using var appraiser = system.Scoring.As(Roles.Appraiser, subject: "chuyen-vien");
        using var head = system.Scoring.As(Roles.AppraisalHead, subject: "lanh-dao");
        var draft = await CallAsync("scoring", appraiser, "POST", "criteria-tables", $$"""{"season":"{{season}}","table":{{Table}},"clusters":["K1"]}""");
        foreach (var unit in agreeing.Concat(against))
        {
            using var own = system.Scoring.As([Roles.UnitClerk, Roles.UnitHead], unit);
            await CallAsync("scoring", own, "POST", $"criteria-tables/{draft["id"]}/votes", new { cluster = "K1", agree = agreeing.Contains(unit) }, (await own.GetJson($"criteria-tables/{draft["id"]}")).ETag);
        }

        await CallAsync("scoring", head, "POST", $"criteria-tables/{draft["id"]}/adopt", new { document = "QĐ 9/QĐ-SNV", accepted_warnings_reason = "Đã cân nhắc" }, (await head.GetJson($"criteria-tables/{draft["id"]}")).ETag);
        await HeardAsync("CriteriaTableAdopted");
    }

    private async Task ScoreAsync(string season, string unit, int done, string pledged)
    {
        using var own = system.Scoring.As([Roles.UnitClerk, Roles.UnitHead], unit);
        var sheet = await CallAsync("scoring", own, "POST", "score-sheets", new { season, unit });
        var entered = await CallAsync(
            "scoring", own, "PUT", $"score-sheets/{sheet["id"]}/lines",
            $$$"""{"inputs":{"I.1":{"n":{{{done}}},"N":12},"II.3":{"points":{{{pledged}}}}},"notes":{"I.1":"Báo cáo số 12/BC ngày 01/6","II.3":"Biên bản số 3/BB"}}""", sheet.ETag);
        await CallAsync("scoring", own, "POST", $"score-sheets/{sheet["id"]}/submit", new { }, entered.ETag);
        _sheets[unit] = (string)sheet["id"]!;
        await HeardAsync("SheetSubmitted");
    }

    private async Task ReviewAsync(string season, string leader, string deputy, params string[] others)
    {
        foreach (var (unit, reviewer) in others.SelectMany(unit => new[] { (unit, leader), (unit, deputy) }).Prepend((deputy, leader)).Prepend((leader, deputy)))
        {
            await StepAsync(system.Scoring.As(Roles.UnitHead, reviewer), unit, "review");
        }

        foreach (var _ in others.Append(leader).Append(deputy))
        {
            await HeardAsync("SheetReviewed");
        }

        await Eventually.TrueAsync(async () => (await Head.GetJson($"obligations?season={season}&kind=CLUSTER_REVIEW")).Expect(200)["items"].AsArray().All(item => item!["met_at"] is not null), "the review is known to be done");
    }

    private async Task AppraiseAsync(params string[] units)
    {
        foreach (var unit in units)
        {
            await StepAsync(system.Scoring.As(Roles.Appraiser, subject: "chuyen-vien"), unit, "appraise");
        }
    }

    private async Task StepAsync(HttpClient actor, string unit, string step) =>
        await CallAsync("scoring", actor, "POST", $"score-sheets/{_sheets[unit]}/{step}", new { lines = Array.Empty<object>() }, (await actor.GetJson($"score-sheets/{_sheets[unit]}")).ETag);

    private async Task DecideAsync(string season)
    {
        using var head = system.Scoring.As(Roles.AppraisalHead, subject: "lanh-dao");
        await CallAsync("scoring", head, "POST", $"rankings/{_clusters[season]}/decide", new { document = "QĐ 21/QĐ-SNV" });
        await HeardAsync("ClusterResultDecided");
        await HeardAsync("ClusterIndicatorsComputed");
    }

    private async Task NominateAsync(string season) =>
        await CallAsync("awards", system.Awards.As(Roles.Appraiser, subject: "chuyen-vien"), "POST", "nominations", new { season, cluster = "K1" });

    private async Task VoteAsync(string season, int yes)
    {
        using var secretary = system.Awards.As(Roles.CouncilSecretary, subject: "thu-ky");
        var flag = (await secretary.GetJson($"nominations?season={season}")).Expect(200)["items"].AsArray().Single(item => (string)item!["award"]! == "PROVINCIAL_FLAG")!;
        var session = await CallAsync("awards", secretary, "POST", "council-sessions", new
        {
            council = "HD", season, date = Iso(Today), kind = "AWARDS", document = "GM 5/GM-HĐ", agenda = new[] { new { award = "PROVINCIAL_FLAG", nomination_id = (string)flag["id"]! } },
        });
        var (address, item) = ($"council-sessions/{session["id"]}", (string)session["agenda"][0]!["id"]!);
        async Task<string?> TagAsync() => (await secretary.GetJson(address)).ETag;
        await CallAsync("awards", secretary, "PUT", $"{address}/attendance", new { entries = Enumerable.Range(1, CouncilSize).Select(number => new { subject = Seat(number), kind = "PRESENT" }) }, await TagAsync());
        await CallAsync("awards", secretary, "POST", $"{address}/items/{item}/open", etag: await TagAsync());
        for (var number = 1; number <= CouncilSize; number++)
        {
            using var member = system.Awards.As(Roles.CouncilMember, subject: Seat(number));
            var paper = await CallAsync("awards", member, "POST", $"{address}/items/{item}/ballot-papers");
            await CallAsync("awards", member, "POST", $"{address}/items/{item}/ballot-box", new { token = (string)paper["token"]!, choice = number <= yes ? "YES" : "NO" });
        }

        await CallAsync("awards", secretary, "POST", $"{address}/items/{item}/close", etag: await TagAsync());
        await CallAsync("awards", system.Awards.As([Roles.CouncilMember, Roles.CouncilChair], subject: Seat(1)), "POST", $"{address}/items/{item}/confirm", new { minutes = "BB 7/BB-HĐ" }, await TagAsync());
        await HeardAsync("AwardDecided");
    }

    /// <summary>A change at one of the services, asked again while a fact is still on its way to it.</summary>
    private async Task<ApiAnswer> CallAsync(string service, HttpClient who, string verb, string path, object? body = null, string? etag = null)
    {
        var answer = await Eventually.AnswerAsync(() => who.CallAsync(new HttpMethod(verb), path, body, etag), answer => answer.Code is not ("not-known-yet" or "MISSING_OFFICIAL"), $"{verb} {path} finds what it needs");
        Assert.True(answer.Status is >= 200 and < 300, $"{Iso(Today)}: {answer}");
        Requests.Add((Today, service, $"{verb} {Pattern(path)}"));
        return answer;
    }

    /// <summary>Waits until one more message of this type has reached Clusters, so that the day does not end before.</summary>
    private async Task HeardAsync(string message)
    {
        var expected = _heard[message] = _heard.GetValueOrDefault(message) + 1;
        await system.Clusters.EventuallyAsync(
            () => system.Clusters.WithDatabaseAsync(async db => await db.Set<JournalEntry>().CountAsync(entry => entry.Action == $"message {message}" && entry.Subjects[0].StartsWith("Message/")) >= expected),
            $"{message} number {expected} has arrived");
    }

    private HttpClient UnitOf(string unit) => system.Clusters.As([Roles.UnitClerk, Roles.UnitHead], unit);

    private void On(string day, Func<Task> act) => _plan.Add((Day(day), s_nine, act));

    private void AtLastSecond(string day, Func<Task> act) => _plan.Add((Day(day), s_lastSecond, act));

    private static string[] MembersOf(string season) => season == Schools ? ["T1", "T2", "T3"] : ["X1", "X2", "X3", "X4"];

    private static string Seat(int number) => string.Create(CultureInfo.InvariantCulture, $"uy-vien-{number}");

    private static Dictionary<string, object> Calendar(params string[] windows) =>
        new[] { "CRITERIA", "SELF_SCORING", "CLUSTER_REVIEW", "APPRAISAL", "PROPOSAL", "COUNCIL" }.Zip(windows, (phase, window) => (phase, Days: window.Split('/')))
            .ToDictionary(entry => entry.phase, entry => (object)new { opens = entry.Days[0], closes = entry.Days[1] });

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>An address with its keys taken out: <c>seasons/2026/advance</c> becomes <c>seasons/{}/advance</c>.</summary>
    internal static string Pattern(string path) => Season().Replace(Key().Replace(path, "{}"), "seasons/{}");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Key();

    [GeneratedRegex("seasons/[^/]+")]
    private static partial Regex Season();
}

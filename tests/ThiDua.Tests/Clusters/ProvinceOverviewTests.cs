using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Identity;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>The service on a day that the test sets.</summary>
public sealed class OverviewHost(Servers servers) : ServiceHost<ClustersDbContext>(servers)
{
    private readonly ShiftedClock _clock = new();

    /// <summary>At nine in the morning in Việt Nam.</summary>
    public void On(string day) => _clock.Ahead = DateTimeOffset.Parse($"{day}T09:00:00+07:00", CultureInfo.InvariantCulture) - TimeProvider.System.GetUtcNow();

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(_clock);
}

public sealed class ProvinceOverviewTests(OverviewHost host) : IClassFixture<OverviewHost>
{
    private static readonly string[] s_members = ["VA", "VB", "VC"];

    private readonly HttpClient _head = host.As([Roles.Admin, Roles.AppraisalHead]);

    [Fact]
    public async Task The_agency_sees_what_is_overdue_by_whom_and_for_how_long_what_is_silent_and_what_scoring_tells()
    {
        host.On("2026-03-02");
        (await _head.PostJson("units", new { units = s_members.Select(code => new { code, name = $"Sở {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        await SeasonAsync("V-2025", 2025);
        var id = await SeasonAsync("V-2026", 2026);
        using var leader = host.As([Roles.UnitClerk, Roles.UnitHead], "VA");
        var activity = (await leader.PostJson("activities", new { season = "V-2026", cluster = "VK", kind = "ACTIVITY", title = "Toạ đàm", planned_on = "2026-03-20", host = "VB", type = "TOA_DAM_GIAO_LUU" })).Expect(201);
        host.On("2026-03-20");
        (await leader.PostJson($"activities/{activity["id"]}/hold", new { held_on = "2026-03-20", attendance = new Dictionary<string, string> { ["VA"] = "PRESENT", ["VB"] = "PRESENT" }, outcome = "Đã tổ chức" }, activity.ETag)).Expect(200);
        host.On("2026-06-19");
        await ReportAsync("VC");

        // the mid-year report was due on 20 June; the 20th and the 21st are a Saturday and a Sunday
        host.On("2026-06-25");
        var cluster = await ClusterAsync();
        Assert.Equal(
            ["VA STANDING_AGENCY 2026-06-20 5 4", "VB CLUSTER_LEADER 2026-06-20 5 4", "VB STANDING_AGENCY 2026-06-20 5 4"],
            cluster["overdue"]!.AsArray().Select(item => $"{item!["unit"]} {item["recipient"]} {item["last_day"]} {item["days_overdue"]} {item["working_days_overdue"]}").Order(StringComparer.Ordinal));
        Assert.Equal((2, 3, 0), ((int)cluster["obligations"]!["on_time"]!, (int)cluster["obligations"]!["overdue"]!, (int)cluster["obligations"]!["late"]!));
        Assert.Equal(("2026-03-20", "2026-06-19", 6, 1), ((string?)cluster["last_activity_on"], (string?)cluster["last_report_on"], (int)cluster["quiet_days"]!, (int)cluster["activities"]!["held"]!));
        Assert.Equal(["LEADER_NOT_SELECTED"], Codes(cluster["attention"]!));
        Assert.Equal(1, (int)cluster["similarity_findings"]!); // NO_BASIS: nobody states a sector
        Assert.Null(cluster["indicators"]);

        host.On("2026-09-18");
        Assert.Equal(["SILENT_CLUSTER", "LEADER_NOT_SELECTED"], Codes((await ClusterAsync())["attention"]!));

        // told in the wrong order, the later decision stays
        await host.PublishAsync(Told(id, 2, formalism: true));
        await host.PublishAsync(Told(id, 1, formalism: false));
        await host.PublishAsync(Told(Guid.CreateVersion7(), 1, formalism: true));
        var overview = await Eventually.AnswerAsync(OverviewAsync, answer => answer.Json?["clusters"]?["items"]?[0]?["indicators"] is not null, "the indicators have arrived", TimeSpan.FromSeconds(30));
        var indicators = overview["clusters"]["items"]![0]!["indicators"]!;
        Assert.Equal((2, true, "7.25"), ((int)indicators["result_version"]!, (bool)indicators["figures"]!["formalism"]!, (string?)indicators["figures"]!["spread"]));
        var totals = overview["totals"];
        Assert.Equal((1, 3, 1, 1, 1, 0), ((int)totals["clusters"]!, (int)totals["members"]!, (int)totals["silent_clusters"]!, (int)totals["formalism_signs"]!, (int)totals["leaders_not_selected"]!, (int)totals["clusters_without_activity"]!));
        Assert.Equal(3, (int)totals["overdue_by_kind"]!["MIDYEAR_REPORT"]!);
        Assert.DoesNotContain("vi phạm", overview.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_agency_and_the_auditor_look_over_the_province()
    {
        host.On("2026-03-02");
        (await _head.GetJson("province-overview?season=NONE")).Expect(404);
        foreach (var (role, status) in new[] { (Roles.Appraiser, 404), (Roles.Auditor, 404), (Roles.UnitHead, 403), (Roles.Admin, 403), (Roles.CouncilMember, 403) })
        {
            (await host.As(role, "VA").GetJson("province-overview?season=NONE")).Expect(status);
        }
    }

    private static ClusterIndicatorsComputed Told(Guid cluster, int version, bool formalism) => new()
    {
        ClusterId = cluster,
        Season = "V-2026",
        Year = 2026,
        Code = "VK",
        Name = "Khối",
        ResultVersion = version,
        Sheets = 3,
        ReturnedSheets = 0,
        Lines = 60,
        EvidencedLines = 12,
        ComparedLines = 60,
        UnchangedLines = 60,
        Max = 100,
        Spread = 7.25m,
        Formalism = formalism,
        Explanation = ["Điểm ba lớp giống nhau ở 60 trên 60 dòng."],
        ComputedAt = Sample.Now.AddDays(version).ToUniversalTime(),
    };

    private static IEnumerable<string> Codes(JsonNode findings) => findings.AsArray().Select(finding => (string)finding!["code"]!);

    private Task<ApiAnswer> OverviewAsync() => _head.GetJson("province-overview?season=V-2026");

    private async Task<JsonNode> ClusterAsync() => Assert.Single((await OverviewAsync()).Expect(200)["clusters"]["items"]!.AsArray())!;

    private async Task<Guid> SeasonAsync(string season, int year)
    {
        (await _head.PostJson("seasons", new { code = season, type = "CALENDAR_YEAR", year })).Expect(201);
        var formed = await _head.PostJson("clusters", new { season, clusters = new[] { new { code = "VK", name = "Khối", kind = "KHOI", leader = "VA", deputy = "VB", members = s_members } } });
        return Guid.Parse((string)formed.Expect(201)["clusters"][0]!["id"]!);
    }

    private async Task ReportAsync(string unit)
    {
        using var client = host.As([Roles.UnitClerk, Roles.UnitHead], unit);
        var report = (await client.PostJson("reports", new { season = "V-2026", kind = "MIDYEAR", summary = "Kết quả 6 tháng" })).Expect(201);
        (await client.PostJson($"reports/{report["id"]}/submit", new { }, report.ETag)).Expect(200);
    }
}

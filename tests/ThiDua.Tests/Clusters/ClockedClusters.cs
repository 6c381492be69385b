using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using ThiDua.Clusters.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>The service with a clock that stands where a test sets it.</summary>
public sealed class ClockedClusters(Servers servers) : ServiceHost<ClustersDbContext>(servers)
{
    public FakeTimeProvider Clock { get; } = new(Sample.Now.ToUniversalTime());

    /// <summary>Sets the clock; 2026-06-19T23:59:59 is that moment in Việt Nam. What ticks on the clock does not notice.</summary>
    public void At(string moment) => Clock.AdjustTime(new DateTimeOffset(DateTime.Parse(moment, CultureInfo.InvariantCulture), TimeSpan.FromHours(7)).ToUniversalTime());

    public HttpClient Unit(string unit) => As([Roles.UnitClerk, Roles.UnitHead], unit);

    /// <summary>A season of three members of one cluster, <c>code-A</c> its leader and <c>code-B</c> its deputy.</summary>
    public async Task<ClockedSeason> SeasonAsync(string code, int year = 2026, object? calendar = null)
    {
        var head = As([Roles.Admin, Roles.AppraisalHead]);
        string[] members = [.. "ABC".Select(letter => $"{code}-{letter}")];
        (await head.PostJson("units", new { units = members.Append($"{code}-D").Select(unit => new { code = unit, name = $"Đơn vị {unit}", category = "HC", level = "TINH", valid_from = "2020-01-01", attributes = new { female_share = 40 } }) })).Expect(200);
        (await head.PostJson("seasons", calendar is null ? new { code, type = "CALENDAR_YEAR", year } : new { code, type = "CALENDAR_YEAR", year, calendar })).Expect(201);
        var formed = (await head.PostJson("clusters", new { season = code, clusters = new[] { new { code = "C1", name = "Khối 1", kind = "KHOI", leader = members[0], deputy = members[1], members } } })).Expect(201);
        return new ClockedSeason(this, code, head, Guid.Parse((string)formed["clusters"][0]!["id"]!));
    }

    protected override void ConfigureServices(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
}

/// <summary>One season on that service, and the steps of a test in it.</summary>
public sealed record ClockedSeason(ClockedClusters Host, string Code, HttpClient Head, Guid Cluster)
{
    public async Task AdvanceAsync(string to) =>
        (await Head.PostJson($"seasons/{Code}/advance", new { to, reason = "Theo lịch" }, (await Head.GetJson($"seasons/{Code}")).ETag)).Expect(200);

    /// <summary>Hands in the report of a unit (<c>B</c>), a new version when there is one already.</summary>
    public async Task<ApiAnswer> SubmitAsync(string unit, string kind, string? reason = null)
    {
        using var client = Host.Unit($"{Code}-{unit}");
        var known = (await client.GetJson($"reports?season={Code}&unit={Code}-{unit}&kind={kind}")).Expect(200)["items"].AsArray();
        var report = known.Count > 0
            ? (await client.GetJson($"reports/{known[0]!["id"]}")).Expect(200)
            : (await client.PostJson("reports", new { season = Code, kind, summary = "Kết quả 6 tháng" })).Expect(201);
        return await client.PostJson($"reports/{report["id"]}/submit", new { reason }, report.ETag);
    }

    public async Task<ApiAnswer> ReturnAsync(HttpClient by, string unit, string kind, object? body = null)
    {
        var report = (await Head.GetJson($"reports?season={Code}&unit={Code}-{unit}&kind={kind}")).Expect(200)["items"][0]!["id"];
        return await by.PostJson($"reports/{report}/return", body ?? new { reason = "Thiếu số liệu" }, (await Head.GetJson($"reports/{report}")).ETag);
    }

    /// <summary>Obligations as a caller sees them: unit's letter, kind, recipient, state and working days late.</summary>
    public async Task<IReadOnlyList<string>> ObligationsAsync(string query = "", HttpClient? by = null)
    {
        var found = (await (by ?? Head).GetJson($"obligations?season={Code}&limit=200{query}")).Expect(200)["items"].AsArray();
        return [.. found.Select(one => $"{(string?)one!["unit"] ?? "-"} {one["kind"]} {one["recipient"]} {one["state"]} {one["late_working_days"]}".Replace($"{Code}-", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}

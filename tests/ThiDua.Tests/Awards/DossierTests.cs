using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Identity;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

/// <summary>The awards service two days after the amending law came into force.</summary>
public sealed class OctoberHost(Servers servers) : ServiceHost<AwardsDbContext>(servers)
{
    private readonly ShiftedClock _clock = new() { Ahead = new DateTimeOffset(2026, 10, 3, 9, 0, 0, TimeSpan.FromHours(7)) - TimeProvider.System.GetUtcNow() };

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(_clock);
}

/// <summary>Dossiers over HTTP: received, under which law, and who may take a newer one (I13).</summary>
public sealed class DossierTests(OctoberHost host) : IClassFixture<OctoberHost>
{
    private const string Law = "EMULATION_LAW";
    private static readonly object s_exception = new { family = Law, reason = "Bớt một loại giấy tờ", document = "CV 77/SNV", provision = "Điều 1" };

    [Theory]
    [InlineData("2025-06-30", "LUAT-06-2022-QH15", "ND-98-2023")]
    [InlineData("2025-07-01", "LUAT-06-2022-QH15", "ND-152-2025")]
    [InlineData("2026-09-30", "LUAT-06-2022-QH15", "ND-152-2025")]
    [InlineData("2026-10-01", "LUAT-06-2022-QH15 LUAT-06-2026-QH16", "ND-152-2025")]
    [InlineData(null, "LUAT-06-2022-QH15 LUAT-06-2026-QH16", "ND-152-2025")]
    public async Task A_dossier_gets_the_law_of_its_day(string? receivedOn, string law, string decree)
    {
        var season = await SeasonAsync($"day-{receivedOn}");
        var dossier = (await ReceiveAsync(season, receivedOn)).Expect(201);

        Assert.Equal(receivedOn ?? "2026-10-03", (string)dossier["received_on"]!);
        Assert.Equal((law, decree), (Codes(dossier, Law), Codes(dossier, "EMULATION_DECREE")));
        var read = (await season.Head.GetJson($"dossiers/{dossier["id"]}")).Expect(200);
        Assert.Equal(law, Codes(read, Law));
        Assert.False((bool)Line(read, Law)["register_now"]!["differs"]!);
    }

    [Fact]
    public async Task The_more_favourable_law_is_taken_by_another_head_with_reason_and_only_once()
    {
        var season = await SeasonAsync("favourable");
        using var both = host.As([Roles.Appraiser, Roles.AppraisalHead], subject: "receives");
        var dossier = (await ReceiveAsync(season, "2026-09-28", both)).Expect(201);
        var path = $"dossiers/{dossier["id"]}/more-favourable";
        Assert.True((bool)Line(await season.Head.GetJson($"dossiers/{dossier["id"]}"), Law)["register_now"]!["may_be_more_favourable"]!);

        (await season.Secretary.PostJson(path, s_exception, dossier.ETag)).Expect(403);
        (await both.PostJson(path, s_exception, dossier.ETag)).Expect(403, "receiver-decides");
        (await season.Head.PostJson(path, s_exception)).Expect(428);
        Assert.Equal(["/document", "/provision", "/reason"], (await season.Head.PostJson(path, new { family = Law }, dossier.ETag)).Expect(422).Errors.Select(error => error.Path).Order());
        (await season.Head.PostJson(path, new { family = "WEATHER", reason = "x", document = "x", provision = "x" }, dossier.ETag)).Expect(422);
        (await season.Head.PostJson(path, new { family = "EMULATION_DECREE", reason = "x", document = "x", provision = "x" }, dossier.ETag)).Expect(409, "no-favourable-law");

        var taken = (await season.Head.PostJson(path, s_exception, dossier.ETag)).Expect(200);
        Assert.Equal("LUAT-06-2022-QH15 LUAT-06-2026-QH16", Codes(taken, Law));
        Assert.Equal(("Điều 1", "2026-10-03"), ((string)Line(taken, Law)["exception"]!["provision"]!, (string)Line(taken, Law)["exception"]!["on"]!));
        (await season.Head.PostJson(path, s_exception, taken.ETag)).Expect(409, "exception-recorded");
        (await season.Head.PostJson(path, s_exception, dossier.ETag)).Expect(412);
        var journal = (await host.As(Roles.Auditor).GetJson($"journal/awards?subject=Dossier/{dossier["id"]}")).Expect(200);
        Assert.Equal("Bớt một loại giấy tờ", (string)journal["items"][0]!["reason"]!);
    }

    [Fact]
    public async Task Received_under_the_new_law_there_is_nothing_more_favourable()
    {
        var season = await SeasonAsync("new-law");
        var dossier = (await ReceiveAsync(season, null)).Expect(201);
        (await season.Head.PostJson($"dossiers/{dossier["id"]}/more-favourable", s_exception, dossier.ETag)).Expect(409, "no-favourable-law");
    }

    [Fact]
    public async Task A_change_of_the_register_is_shown_and_changes_nothing()
    {
        var season = await SeasonAsync("register");
        var made = new LegalInstrumentRegistered
        {
            Code = "QC-1", Number = "1/2026/QĐ-UBND", Title = "Quy chế", Kind = "DECISION", Issuer = "UBND tỉnh", InForceFrom = new DateOnly(2026, 1, 1), DatesVerified = true, Family = "QUY_CHE",
            ReplacedBy = [], Amends = [], Transitions = [], Fragments = [], Source = new LegalSource { Tag = "Bản chính", Reading = "FULL" }, Version = 2,
        };
        await host.PublishAsync(made);
        var dossier = await Eventually.AnswerAsync(() => ReceiveAsync(season, "2026-02-01"), answer => answer.Text.Contains("QUY_CHE", StringComparison.Ordinal), "the instrument is known");

        await host.PublishAsync(made with { Number = "cũ hơn", Version = 1 }); // overtaken on its way
        await host.PublishAsync(made with { InForceFrom = new DateOnly(2026, 3, 1), Version = 3 });
        var line = await Eventually.AnswerAsync(async () => Line(await season.Head.GetJson($"dossiers/{dossier["id"]}"), "QUY_CHE"), known => (bool)known["register_now"]!["differs"]!, "the correction is known");

        Assert.Equal(("1/2026/QĐ-UBND", 2, "CHOSEN"), ((string)line["instruments"]![0]!["number"]!, (int)line["instruments"]![0]!["version"]!, (string)line["state"]!));
        Assert.Empty(line["register_now"]!["instruments"]!.AsArray());
        Assert.Contains("Sổ văn bản hiện nay cho kết quả khác", (string)line["register_now"]!["statement"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_dossier_is_named_at_once()
    {
        var season = await SeasonAsync("wrong");
        Assert.Equal([("MISSING_PROPERTY", "/award"), ("MISSING_PROPERTY", "/clusters"), ("MISSING_PROPERTY", "/season")], (await season.Secretary.PostJson("dossiers", new { })).Expect(422).Errors.OrderBy(error => error.Path));
        Assert.Equal([("OUT_OF_RANGE", "/received_on")], (await ReceiveAsync(season, "2026-10-04")).Expect(422).Errors);
        Assert.Equal([("MISSING_PROPERTY", "/document")], (await season.Secretary.PostJson("dossiers", new { season = season.Code, award = "PROVINCIAL_FLAG", clusters = new[] { "C1" }, received_on = "2026-10-01" })).Expect(422).Errors);
        Assert.Equal([("UNKNOWN_NOMINATION", "/nomination_id")], (await season.Secretary.PostJson("dossiers", new { season = season.Code, award = "PROVINCIAL_FLAG", clusters = new[] { "C1" }, nomination_id = Guid.CreateVersion7() })).Expect(422).Errors);
        (await season.Secretary.PostJson("dossiers", new { season = season.Code, award = "PROVINCIAL_FLAG", clusters = new[] { "C9" } })).Expect(409, "not-known-yet");
        (await season.Head.PostJson("dossiers", new { season = season.Code, award = "PROVINCIAL_FLAG", clusters = new[] { "C1" } })).Expect(403);
    }

    [Fact]
    public async Task Units_do_not_see_dossiers_and_lists_are_paged()
    {
        var season = await SeasonAsync("list");
        var nomination = (string)(await season.Appraiser.GetJson("nominations?season=list"))["items"][0]!["id"]!;
        var first = (await season.Secretary.PostJson("dossiers", new { season = "list", award = "PROVINCIAL_FLAG", clusters = new[] { "C1", "C1" }, nomination_id = nomination })).Expect(201);
        var second = (await ReceiveAsync(season, null)).Expect(201);
        Assert.Equal(["C1"], first["clusters"].AsArray().Select(code => (string)code!));

        using var unit = host.As(Roles.UnitHead, "A");
        (await unit.GetJson("dossiers?season=list")).Expect(403);
        (await unit.GetJson($"dossiers/{first["id"]}")).Expect(403);
        (await season.Head.GetJson($"dossiers/{Guid.CreateVersion7()}")).Expect(404);
        var page = (await season.Head.GetJson("dossiers?season=list&limit=1")).Expect(200);
        var next = (await season.Head.GetJson($"dossiers?season=list&limit=1&cursor={page["next"]}")).Expect(200);
        Assert.Equal([(string)first["id"]!, (string)second["id"]!], new[] { page, next }.Select(answer => (string)answer["items"][0]!["id"]!));
    }

    [Fact]
    public async Task The_basis_of_a_policy_carries_what_became_of_its_citations()
    {
        await using var set = await host.CollectAsync<AwardPolicySet>();
        var season = await SeasonAsync("basis");
        Assert.Equal(1, (await set.FirstAsync(fact => fact.Season is null)).Version);

        var policies = (await season.Head.GetJson("award-policies?season=basis")).Expect(200)["items"].AsArray();
        Assert.Equal(
            ["923/SNV-TĐKT UNVERIFIED", "152/2025/NĐ-CP VERIFIED", "98/2023/NĐ-CP EXPIRED"],
            policies.Single(policy => (int)policy!["version"]! == 1)!["citations"]!.AsArray().Select(citation => $"{citation!["number"]} {citation["status"]}"));
        var id = (string)(await season.Appraiser.GetJson("nominations?season=basis"))["items"][0]!["id"]!;
        var explained = (await season.Head.GetJson($"nominations/{id}/explanation")).Expect(200);
        Assert.Equal("Điều 4 khoản 6", (string)explained["policy"]!["citations"]![1]!["provision"]!);

        (await season.Head.PostJson("award-policies", new { season = "basis", valid_from = "2026-01-01", switches = new { }, basis = "Quyết định 9/2026/QĐ-UBND" })).Expect(201);
        Assert.Equal("Quyết định 9/2026/QĐ-UBND", (await set.FirstAsync(fact => fact.Season == "basis")).Basis);
    }

    private async Task<AwardSeason> SeasonAsync(string code)
    {
        var season = new AwardSeason(host, code);
        await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        return season;
    }

    private static Task<ApiAnswer> ReceiveAsync(AwardSeason season, string? receivedOn, HttpClient? by = null) => AwardSeason.Known(() => (by ?? season.Secretary).PostJson("dossiers", receivedOn is null
        ? new { season = season.Code, award = "PROVINCIAL_FLAG", clusters = new[] { "C1" } }
        : (object)new { season = season.Code, award = "PROVINCIAL_FLAG", clusters = new[] { "C1" }, received_on = receivedOn, document = "12/TTr-SYT" }));

    private static JsonNode Line(ApiAnswer dossier, string family) => dossier.Json!["laws"]!.AsArray().Single(law => (string)law!["family"]! == family)!;

    private static string Codes(ApiAnswer dossier, string family) => string.Join(' ', Line(dossier, family)["instruments"]!.AsArray().Select(instrument => (string)instrument!["code"]!));
}

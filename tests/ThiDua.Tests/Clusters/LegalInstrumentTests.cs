using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>The register of law over HTTP: who may write it, what does not fit into it, and what cites an instrument (I13, C32).</summary>
public sealed class LegalInstrumentTests(ServiceHost<ClustersDbContext> host) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    [Theory]
    [InlineData("2023-12-31", "EMULATION_DECREE", "ND-91-2017")]
    [InlineData("2025-06-30", "EMULATION_DECREE", "ND-98-2023")]
    [InlineData("2025-07-01", "EMULATION_DECREE", "ND-152-2025")]
    [InlineData("2026-09-30", "EMULATION_LAW", "LUAT-06-2022-QH15")]
    [InlineData("2026-10-01", "EMULATION_LAW", "LUAT-06-2022-QH15 LUAT-06-2026-QH16")]
    public async Task The_register_answers_by_the_day(string asOf, string family, string codes)
    {
        using var reader = host.As(Roles.UnitClerk, "U");
        var found = (await reader.GetJson($"legal-instruments?as_of={asOf}&limit=200")).Expect(200)["items"].AsArray();
        Assert.Equal(codes, string.Join(' ', found.Where(item => (string?)item!["family"] == family).Select(item => (string)item!["code"]!)));
    }

    [Fact]
    public async Task It_is_searched_without_diacritics_in_its_texts_too_and_paged()
    {
        using var reader = host.As(Roles.Auditor);
        Assert.Equal(["ND-152-2025"], Codes(await reader.GetJson("legal-instruments?search=ty+le+nu+tu+70%25")));
        Assert.Empty(Codes(await reader.GetJson("legal-instruments?search=khongcochunay")));
        var (first, all) = (await reader.GetJson("legal-instruments?limit=5"), Codes(await reader.GetJson("legal-instruments?limit=200")));
        var second = await reader.GetJson($"legal-instruments?limit=5&cursor={first["next"]}");
        Assert.Equal(all.Take(10), Codes(first).Concat(Codes(second)));
    }

    [Fact]
    public async Task What_is_not_certain_is_marked()
    {
        using var reader = host.As(Roles.Auditor);
        var law = (await reader.GetJson("legal-instruments/LUAT-06-2026-QH16")).Expect(200);
        Assert.Equal((false, false, true), ((bool)law["dates_verified"], (bool)law["transitions"][0]!["verified"]!, (bool)law["transitions"][0]!["more_favourable_exception"]!));
        Assert.Empty(law["fragments"].AsArray());

        var decree = (await reader.GetJson("legal-instruments/ND-152-2025")).Expect(200);
        Assert.Equal("2027-03-01", (string)decree["claimed_in_force_to"]!);
        Assert.Null(decree.Json!["in_force_to"]);
    }

    [Fact]
    public void Only_what_was_read_in_full_is_called_verified_and_everything_has_a_source()
    {
        var register = InitialRegister.Read<LegalInstrumentRegistered>();
        Assert.NotEmpty(register);
        Assert.All(register.SelectMany(instrument => instrument.Fragments), fragment =>
        {
            Assert.NotEmpty(fragment.Source.Tag);
            Assert.True(fragment.Verified ? fragment.Source.Reading == "FULL" : fragment.Reason is { Length: > 0 }, fragment.Text);
        });
        Assert.All(register.SelectMany(instrument => instrument.Transitions), rule => Assert.True(!rule.Verified || rule.Source.Reading == "FULL", rule.Words));
        Assert.All(register.Where(instrument => !instrument.DatesVerified), instrument => Assert.NotEmpty(instrument.DatesNote ?? ""));
    }

    [Fact]
    public async Task A_successor_is_registered_when_its_predecessor_has_ended_and_everybody_is_told()
    {
        using var head = host.As(Roles.AppraisalHead);
        await using var told = await host.CollectAsync<LegalInstrumentRegistered>();
        var old = (await head.PostJson("legal-instruments", Body("QD-1-2020", "1/2020/QĐ-UBND", "2020-01-01", family: "QUY_CHE"))).Expect(201);
        (await head.PostJson("legal-instruments", Body("QD-2-2026", "2/2026/QĐ-UBND", "2026-06-01", family: "QUY_CHE"))).Expect(422);
        (await head.PostJson("legal-instruments", Body("QD-1-2020", "9/2020/QĐ-UBND", "2020-01-01"))).Expect(409, "already-exists");

        var ended = Body(null, "1/2020/QĐ-UBND", "2020-01-01", family: "QUY_CHE");
        ended["in_force_to"] = "2026-05-31";
        (await head.PutJson("legal-instruments/QD-1-2020", ended)).Expect(428);
        var corrected = (await head.PutJson("legal-instruments/QD-1-2020", ended, old.ETag)).Expect(200);
        (await head.PutJson("legal-instruments/QD-1-2020", ended, old.ETag)).Expect(412);
        (await head.PostJson("legal-instruments", Body("QD-2-2026", "2/2026/QĐ-UBND", "2026-06-01", family: "QUY_CHE"))).Expect(201);
        ended["replaced_by"] = new JsonArray("QD-2-2026");
        (await head.PutJson("legal-instruments/QD-1-2020", ended, corrected.ETag)).Expect(200);

        Assert.Equal(["QD-1-2020 1", "QD-1-2020 2", "QD-1-2020 3", "QD-2-2026 1"], (await told.CountAsync(4, fact => fact.Family == "QUY_CHE")).Select(fact => $"{fact.Code} {fact.Version}").Order(StringComparer.Ordinal));
        Assert.Equal(["QD-2-2026"], (await told.FirstAsync(fact => fact is { Code: "QD-1-2020", Version: 3 })).ReplacedBy);
        Assert.Equal("Điều 3 khoản 2", (string)(await head.GetJson("legal-instruments/QD-2-2026"))["fragments"][0]!["provision"]!);
    }

    [Theory]
    [InlineData("/in_force_to", "\"2019-12-31\"", "CLOSES_BEFORE_OPENS", "/in_force_to")]
    [InlineData("/replaced_by", "[\"ND-152-2025\",\"QD-KHONG-CO\"]", "UNKNOWN_INSTRUMENT", "/replaced_by/1")]
    [InlineData("/amends", "[\"QD-BAD\"]", "UNKNOWN_INSTRUMENT", "/amends/0")]
    [InlineData("/number", "\"152/2025/NĐ-CP\"", "DUPLICATE_CODE", "/number")]
    [InlineData("/fragments/0/source/reading", "\"PARTIAL\"", "UNREAD_TEXT", "/fragments/0/verified")]
    [InlineData("/fragments/0/verified", "false", "MISSING_REASON", "/fragments/0/reason")]
    [InlineData("/source", null, "MISSING_PROPERTY", "/source")]
    [InlineData("/kind", "\"SONG\"", "WRONG_TYPE", "/kind")]
    [InlineData("/weather", "1", "UNKNOWN_PROPERTY", "/weather")]
    public async Task What_does_not_fit_is_refused_by_name(string at, string? value, string code, string path)
    {
        using var admin = host.As(Roles.Admin);
        var body = Body("QD-BAD", "152/2025/NĐ-CP", "2020-01-01", issuedOn: at == "/number" ? "2025-06-14" : null);
        var steps = at[1..].Split('/');
        var parent = steps[..^1].Aggregate((JsonNode)body, (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!);
        parent[steps[^1]] = value is null ? null : JsonNode.Parse(value);

        Assert.Contains((code, path), (await admin.PostJson("legal-instruments", body)).Expect(422).Errors);
    }

    [Theory]
    [InlineData(Roles.UnitHead)]
    [InlineData(Roles.Appraiser)]
    [InlineData(Roles.CouncilSecretary)]
    [InlineData(Roles.Auditor)]
    public async Task Only_administrator_and_head_of_the_agency_write_it(string role)
    {
        using var client = host.As(role, role == Roles.UnitHead ? "U" : null);
        (await client.PostJson("legal-instruments", Body("QD-X", "7/2020/QĐ-UBND", "2020-01-01"))).Expect(403);
        (await client.PutJson("legal-instruments/ND-152-2025", Body(null, "152/2025/NĐ-CP", "2025-07-01"), "\"1\"")).Expect(403);
        (await client.GetJson("legal-instruments/QD-KHONG-CO")).Expect(404);
    }

    [Fact]
    public async Task What_cites_an_instrument_is_answered_from_everywhere()
    {
        using var head = host.As(Roles.AppraisalHead);
        (await head.PostJson("legal-instruments", Body("QD-5-2026", "5/2026/QĐ-UBND", "2026-01-01"))).Expect(201);
        (await head.PostJson("rules", new { code = "CLUSTER_SIZE", label = "Quy mô", value = new { min = 5, max = 15 }, valid_from = "1950-01-01", valid_to = "1950-12-31", basis = "khoản 2 Điều 3 Quyết định 5/2026/QĐ-UBND" })).Expect(201);
        var adopted = new CriteriaTableAdopted
        {
            TableId = Guid.CreateVersion7(), Season = "CITES", Code = "T9", Title = "Bảng tiêu chí các sở", Version = 3, Clusters = ["C1"], At = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
            Citations =
            [
                new CitedBasis { Path = "/basis", Text = "Quyết định 5/2026/QĐ-UBND: “cụm thi đua”; Công văn 923/SNV-TĐKT" },
                new CitedBasis { Path = "/groups/0/criteria/1/basis", Text = "Quyết định 5/2026/QĐ-UBND: “khối thi đua”" },
            ],
        };
        await host.PublishAsync(adopted);
        await host.PublishAsync(adopted); // told again, it says the same
        await host.PublishAsync(new AwardPolicySet { ValidFrom = new DateOnly(2026, 1, 1), Basis = "Quyết định 5/2026/QĐ-UBND", Version = 77, At = adopted.At });

        string[] expected =
        [
            "AWARD_POLICY 77 /basis UNVERIFIED", "CRITERIA_TABLE CITES/T9/3 /basis VERIFIED", "CRITERIA_TABLE CITES/T9/3 /groups/0/criteria/1/basis UNVERIFIED", "RULE CLUSTER_SIZE/1950-01-01 /basis EXPIRED",
        ];
        var cited = await Eventually.AnswerAsync(() => head.GetJson("legal-instruments/QD-5-2026/citations?as_of=2026-07-01"), answer => answer["items"].AsArray().Count >= 4, "both facts arrived");
        Assert.Equal(expected, cited["items"].AsArray().Select(item => $"{item!["source"]} {item["source_key"]} {item["path"]} {item["status"]}").Order(StringComparer.Ordinal));
        Assert.Contains("CITES/T9/3", (await head.GetJson("legal-instruments/CV-923-2023-SNV/citations")).Expect(200).Text, StringComparison.Ordinal);
        var expired = (await head.GetJson("citations?status=EXPIRED&source=RULE")).Expect(200)["items"].AsArray();
        Assert.Equal("1950-12-31", (string)Assert.Single(expired, item => (string)item!["source_key"]! == "CLUSTER_SIZE/1950-01-01")!["judged_on"]!);

        // A corrected basis cites what it says now, and no longer what it said.
        var rule = await head.GetJson("rules/CLUSTER_SIZE/1950-01-01");
        Assert.Equal("EXPIRED", (string)rule["citations"][0]!["status"]!);
        (await head.PutJson("rules/CLUSTER_SIZE/1950-01-01", new { label = "Quy mô", value = new { min = 5, max = 15 }, valid_to = "1950-12-31", basis = "Quy ước" }, rule.ETag)).Expect(200);
        Assert.DoesNotContain("RULE", (await head.GetJson("legal-instruments/QD-5-2026/citations")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact] // 300 criteria tables of 60 criteria, each with a basis of its own
    public async Task What_cites_an_instrument_is_one_look_up_in_an_index()
    {
        var plan = await host.WithDatabaseAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync("""
                insert into citations (id, source, source_key, source_label, path, text, number, holds_from)
                select gen_random_uuid(), 'CriteriaTable', 'BIG/T' || t || '/1', 'Bảng', '/groups/0/criteria/' || c || '/basis', 'Quyết định ' || (c % 50) || '/2019/QĐ-UBND', (c % 50) || '/2019/QĐ-UBND', date '2026-01-01'
                from generate_series(1, 300) t, generate_series(1, 60) c
                """, TestContext.Current.CancellationToken);
            await db.Database.ExecuteSqlRawAsync("analyze citations", TestContext.Current.CancellationToken);
            return await db.Database.SqlQueryRaw<string>("explain select * from citations where number = '7/2019/QĐ-UBND' and (issued_on is null or issued_on = date '2019-01-01') order by id limit 51").ToListAsync(TestContext.Current.CancellationToken);
        });
        Assert.Contains("ix_citations_number_id", string.Join('\n', plan), StringComparison.Ordinal);

        using var head = host.As(Roles.AppraisalHead);
        (await head.PostJson("legal-instruments", Body("QD-7-2019", "7/2019/QĐ-UBND", "2019-01-01"))).Expect(201);
        var citing = new List<string>();
        for (string? next = null; citing.Count == 0 || next is not null;)
        {
            var page = (await head.GetJson($"legal-instruments/QD-7-2019/citations?limit=200{(next is null ? "" : $"&cursor={next}")}")).Expect(200);
            citing.AddRange(page["items"].AsArray().Select(item => (string)item!["source_key"]! + item["path"]));
            next = (string?)page.Json!["next"];
        }

        Assert.Equal(600, citing.Distinct().Count());
        Assert.Equal(200, (await head.GetJson("citations?status=UNVERIFIED&source=CRITERIA_TABLE&limit=200")).Expect(200)["items"].AsArray().Count);
    }

    [Fact]
    public async Task A_citation_of_what_nobody_has_registered_is_verified_once_somebody_has()
    {
        using var head = host.As(Roles.AppraisalHead);
        await host.PublishAsync(new AwardPolicySet { Season = "LATE", ValidFrom = new DateOnly(2026, 1, 1), Basis = "khoản 2 Điều 3 Quyết định 6/2026/QĐ-UBND", Version = 78, At = DateTimeOffset.UnixEpoch });
        var before = await Eventually.AnswerAsync(() => PolicyAsync("78"), citation => citation is not null, "the policy is known");
        Assert.Equal(("UNVERIFIED", "Sổ văn bản không có 6/2026/QĐ-UBND."), ((string)before!["status"]!, (string)before["reason"]!));

        (await head.PostJson("legal-instruments", Body("QD-6-2026", "6/2026/QĐ-UBND", "2026-01-01"))).Expect(201);
        Assert.Equal(("VERIFIED", "QD-6-2026"), ((string)(await PolicyAsync("78"))!["status"]!, (string)(await PolicyAsync("78"))!["instrument"]!));

        async Task<JsonNode?> PolicyAsync(string key) =>
            (await head.GetJson("citations?source=AWARD_POLICY&limit=200")).Expect(200)["items"].AsArray().SingleOrDefault(item => (string)item!["source_key"]! == key);
    }

    [Theory]
    [InlineData("citations?status=SURE")]
    [InlineData("citations?source=weather")]
    public async Task An_unknown_filter_is_refused(string path)
    {
        using var reader = host.As(Roles.Auditor);
        (await reader.GetJson(path)).Expect(422);
    }

    private static IEnumerable<string> Codes(ApiAnswer answer) => answer.Expect(200)["items"].AsArray().Select(item => (string)item!["code"]!);

    private static JsonObject Body(string? code, string number, string from, string? family = null, string? issuedOn = null)
    {
        var body = new JsonObject
        {
            ["number"] = number, ["title"] = "Quyết định ban hành quy chế", ["kind"] = "DECISION", ["issuer"] = "UBND tỉnh", ["in_force_from"] = from, ["dates_verified"] = true,
            ["fragments"] = new JsonArray(new JsonObject { ["provision"] = "khoản 2, Điều 3", ["text"] = "Chia cụm thi đua", ["verified"] = true, ["source"] = new JsonObject { ["tag"] = "Bản chính", ["reading"] = "FULL" } }),
            ["source"] = new JsonObject { ["tag"] = "Bản chính", ["reading"] = "FULL" },
        };
        foreach (var (name, value) in new[] { ("code", code), ("family", family), ("issued_on", issuedOn) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body;
    }
}

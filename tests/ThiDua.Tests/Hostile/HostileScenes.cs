using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Data;
using ThiDua.Identity.Data;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Awards;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Identity;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Hostile;

public sealed class HostileScoringTests(ServiceHost<ScoringDbContext> host) : HostileRequestTests<ScoringDbContext>(host), IClassFixture<ServiceHost<ScoringDbContext>>
{
    internal override async Task<Scene> PrepareAsync()
    {
        var commune = Samples.Read("domain/tables.json").EnumerateArray().Single(table => table.GetProperty("id").GetString() == "T2_COMMUNE_100").GetRawText();
        var drafting = new ScoringSeason(Host, "DRAFTING");
        await drafting.PhaseAsync("CRITERIA");
        await drafting.ClusterAsync("C1", "A", "B", "A", "B", "C", "D");
        await drafting.AdoptAsync(commune, "C1");
        var table = JsonNode.Parse(commune)!;
        var body = new JsonObject { ["season"] = "DRAFTING", ["table"] = table, ["clusters"] = new JsonArray("C1") }.ToJsonString();
        var toAdopt = (await drafting.Appraiser.PostJson("criteria-tables", body)).Expect(201)["id"];
        var draft = (await drafting.Appraiser.PostJson("criteria-tables", body)).Expect(201)["id"];
        await drafting.PhaseAsync("SELF_SCORING");
        var opened = (await drafting.OpenAsync("A")).Expect(201)["id"];
        var ready = (await drafting.OpenAsync("B")).Expect(201)["id"];

        var reviewing = new ScoringSeason(Host, "REVIEWING");
        var submitted = await reviewing.SubmittedAsync();
        await reviewing.PhaseAsync("CLUSTER_REVIEW");

        var appraising = new ScoringSeason(Host, "APPRAISING");
        var reviewed = await appraising.ReviewedAsync();
        await ScoringSeason.StepAsync(appraising.Appraiser, reviewed["B"], "return", new { reason = "Thiếu", criteria = new[] { "I.1", "I.3" } });

        var deciding = new ScoringSeason(Host, "DECIDING");
        await deciding.AppraisedAsync();
        var decided = new ScoringSeason(Host, "DECIDED");
        await decided.AppraisedAsync();
        using var otherHead = Host.As(Roles.AppraisalHead, subject: "decides");
        (await ScoringSeason.KnownAsync(() => otherHead.PostJson($"rankings/{decided.Cluster}/decide", new { document = "QĐ 5" }))).Expect(200);

        string Unit(string unit) => Host.Tokens.Token([Roles.UnitClerk, Roles.UnitHead], unit);
        const string Inputs = """
            "inputs":{"I.1":{"actual":45360,"base":48000},"I.3":{"n":40,"N":42},"I.9":{"level":"DAT"},"II.3":{"counts":{"KL":1}},"III.1":{"done":["DK","GU"]},"III.2":{"count":2},"III.3":{"late":{"MIDYEAR":0,"YEAREND":3}}},
            "bonus":{"BK_TTG":1,"SK_TINH":2},"deductions":{"HS_CHAM":1},"notes":{"I.1":"Báo cáo số 12"}
            """;
        const string Lines = """{"lines":[{"criterion":"I.1","points":"7.5","reason":"Số liệu chưa đúng"},{"criterion":"II.1","points":6,"reason":"Biên bản"}]}""";
        var examples = new Examples(Host.Tokens.Token([.. Roles.All]));
        examples.Add("POST /api/v1/criteria-tables", "/api/v1/criteria-tables", body);
        examples.Add("PUT /api/v1/criteria-tables/{id}", $"/api/v1/criteria-tables/{draft}", body, $"/api/v1/criteria-tables/{draft}");
        examples.Add("POST /api/v1/criteria-tables/{id}/adopt", $"/api/v1/criteria-tables/{toAdopt}/adopt", """{"document":"QĐ 2","accepted_warnings_reason":"Đã cân nhắc","reason":"Sửa","minutes":{"document":"BB 3","reason":"Họp trực tiếp"}}""", $"/api/v1/criteria-tables/{toAdopt}");
        examples.Add("POST /api/v1/criteria-tables/{id}/votes", $"/api/v1/criteria-tables/{draft}/votes", """{"cluster":"C1","agree":true,"note":"Nhất trí"}""", $"/api/v1/criteria-tables/{draft}", Host.Tokens.Token([Roles.UnitHead], "D"));
        examples.Add("POST /api/v1/criteria-tables/{id}/comments", $"/api/v1/criteria-tables/{draft}/comments", """{"text":"Tiêu chí II.3 cần nêu rõ minh chứng"}""", token: Host.Tokens.Token([Roles.UnitHead], "D"));
        examples.Add("POST /api/v1/published-results", "/api/v1/published-results", """{"season":"DRAFTING","results":[{"index":"PAR","unit":"A","value":"91.25","document":"QĐ 24"}],"reason":"Công bố lại"}""");
        examples.Add("POST /api/v1/score-sheets", "/api/v1/score-sheets", """{"season":"DRAFTING","unit":"C"}""", token: Unit("C"));
        examples.Add("PUT /api/v1/score-sheets/{id}/lines", $"/api/v1/score-sheets/{opened}/lines", "{" + Inputs + "}", $"/api/v1/score-sheets/{opened}", Unit("A"));
        using var unitA = Host.WithToken(Unit("A"));
        await AddWorkbookAsync(examples, unitA, $"score-sheets/{opened}/workbook", "score-sheets/{id}/workbook", Unit("A"));
        await AddWorkbookAsync(examples, drafting.Appraiser, "published-results/workbook?season=DRAFTING", "published-results/workbook", Host.Tokens.Token([.. Roles.All]));
        examples.Add("POST /api/v1/score-sheets/{id}/submit", $"/api/v1/score-sheets/{ready}/submit", null, $"/api/v1/score-sheets/{ready}", Unit("B"));
        examples.Add("POST /api/v1/score-sheets/{id}/explain", $"/api/v1/score-sheets/{reviewed["B"]["id"]}/explain", """{"text":"Đã bổ sung","inputs":{"I.1":{"n":11,"N":12},"I.3":{"actual":"99.5","target":100}},"notes":{"I.1":"BC 14"}}""", $"/api/v1/score-sheets/{reviewed["B"]["id"]}", Unit("B"));
        examples.Add("POST /api/v1/score-sheets/{id}/review", $"/api/v1/score-sheets/{submitted["C"]["id"]}/review", Lines, $"/api/v1/score-sheets/{submitted["C"]["id"]}", Unit("A"));
        examples.Add("POST /api/v1/score-sheets/{id}/appraise", $"/api/v1/score-sheets/{reviewed["A"]["id"]}/appraise", Lines, $"/api/v1/score-sheets/{reviewed["A"]["id"]}", Host.Tokens.Token([Roles.Appraiser]));
        examples.Add("POST /api/v1/score-sheets/{id}/return", $"/api/v1/score-sheets/{reviewed["C"]["id"]}/return", """{"reason":"Thiếu minh chứng","criteria":["I.1"]}""", $"/api/v1/score-sheets/{reviewed["C"]["id"]}", Host.Tokens.Token([Roles.Appraiser]));
        examples.Add("POST /api/v1/rankings/{clusterId}/decide", $"/api/v1/rankings/{deciding.Cluster}/decide", """{"document":"QĐ 5"}""", token: Host.Tokens.Token([Roles.AppraisalHead]));
        examples.Add("POST /api/v1/rankings/{clusterId}/reopen", $"/api/v1/rankings/{decided.Cluster}/reopen", """{"reason":"Số liệu sai"}""", token: Host.Tokens.Token([Roles.AppraisalHead]));
        examples.Add("POST /api/v1/indicator-rules", "/api/v1/indicator-rules", """{"valid_from":"2026-01-01","valid_to":"2030-12-31","basis":"KH 15","thresholds":{"least_sheets":3,"least_lines":20,"unchanged_percent":"95","high_percent":"98","narrow_percent":"1","count_published":false,"document_marks":["số","QĐ"]}}""");
        examples.Always("POST /api/v1/criteria-tables", "/table/groups/0/criteria/1/bands/4/text = {\"\\u0000\":1}", "/table/groups/1/criteria/0/max = \"a\\udc00b\"", "/table/deductions/items/0/minus = \"9999999999999999999999999999\"");
        examples.Always("POST /api/v1/published-results", "/season = \"a\\udc00b\"", "body 14 {\"season\":\"\\xff\\xc0\"}");
        examples.Always("POST /api/v1/score-sheets/{id}/appraise", "/lines = [null]");
        examples.Always("PUT /api/v1/score-sheets/{id}/lines", "/bonus/SK_TINH = 1E+28", "/deductions/HS_CHAM = 9999999999999999999999999999");
        examples.AddAdministration("scoring");
        return examples.With(new() { ["id"] = $"{submitted["A"]["id"]}", ["clusterId"] = $"{decided.Cluster}" }, ("/criteria-tables/{id}", $"/criteria-tables/{draft}"));
    }

    /// <summary>A workbook as it is downloaded, sent back to be checked and to be taken in.</summary>
    private static async Task AddWorkbookAsync(Examples examples, HttpClient client, string path, string route, string token)
    {
        var file = await client.GetByteArrayAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var address = $"/api/v1/{path.Split('?')[0]}";
        examples.Add($"GET /api/v1/{route}", $"/api/v1/{path}");
        examples.Add($"POST /api/v1/{route}", address, new Example("", token, file, WorkbookBuilder.ContentType));
        examples.Add($"POST /api/v1/{route}/check", $"{address}/check", new Example("", token, file, WorkbookBuilder.ContentType));
    }
}

public sealed class HostileAwardsTests(ServiceHost<AwardsDbContext> host) : HostileRequestTests<AwardsDbContext>(host), IClassFixture<ServiceHost<AwardsDbContext>>
{
    internal override async Task<Scene> PrepareAsync()
    {
        var season = new AwardSeason(Host, "S");
        var nominations = await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        (await season.VoteAsync("C1", 17)).Expect(201);
        (await season.Head.PostJson("government-flag-proposals", new { season = "S" })).Expect(201);
        var open = new AwardSeason(Host, "OPEN");
        await open.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");

        var examples = new Examples(Host.Tokens.Token([.. Roles.All]));
        examples.Add("POST /api/v1/award-policies", "/api/v1/award-policies", """{"season":"S","valid_from":"2024-01-01","valid_to":"2030-12-31","switches":{"merit_ranks":{"first":[2,3]},"definitive_policy":"LEAVE_VACANT","vote_threshold_percent":"90"},"basis":"QĐ 7"}""");
        examples.Add("POST /api/v1/exclusions", "/api/v1/exclusions", """{"exclusions":[{"season":"S","unit":"C","type":"SUSPECTED_PENDING","status":"PENDING","ground":"Đơn thư","document":"CV 1","from":"2024-01-01","to":"2030-12-31"}]}""");
        examples.Add("POST /api/v1/award-history", "/api/v1/award-history", """{"season":"S","entries":[{"year":2023,"cluster":"C1","winner":"A","leader":"B","members":["A","B"],"ranks":{"A":1},"margin":"0.25","maximum":100,"figures_leader":"B","lineage":"K1"}],"reason":"Sửa"}""");
        examples.Add("POST /api/v1/nominations", "/api/v1/nominations", """{"season":"OPEN","cluster":"C1"}""");
        examples.Add("POST /api/v1/ballots", "/api/v1/ballots", """{"season":"OPEN","award":"PROVINCIAL_FLAG","cluster":"C1","members":17,"yes":16}""");
        examples.Add("POST /api/v1/government-flag-proposals", "/api/v1/government-flag-proposals", """{"season":"S"}""");
        examples.Add("POST /api/v1/confirmations", "/api/v1/confirmations", """{"season":"OPEN","confirmations":[{"unit":"A","topic":"TAX","status":"NOTHING_TO_REPORT","document":"CV 7","note":"Không nợ thuế"}],"reason":"Sửa"}""");
        examples.Add("POST /api/v1/confirmation-topics/{code}/providers", "/api/v1/confirmation-topics/TAX/providers", """{"provider":"CT","valid_from":"2024-01-01","valid_to":"2024-12-31","document":"CV 8"}""");
        examples.Add("GET /api/v1/rotation-signals/province", "/api/v1/rotation-signals/province?season=S");
        const string Dossier = """{"season":"S","award":"PROVINCIAL_FLAG","clusters":["C1"],"received_on":"2024-05-05","document":"12/TTr"}""";
        var dossier = (string)(await season.Secretary.PostJson("dossiers", Dossier)).Expect(201)["id"]!;
        examples.Add("POST /api/v1/dossiers", "/api/v1/dossiers", Dossier);
        examples.Add("GET /api/v1/dossiers", "/api/v1/dossiers?season=S");
        examples.Add("GET /api/v1/dossiers/{id}", $"/api/v1/dossiers/{dossier}");
        examples.Add("POST /api/v1/dossiers/{id}/more-favourable", $"/api/v1/dossiers/{dossier}/more-favourable", """{"family":"EMULATION_LAW","reason":"Có lợi hơn","document":"CV 7","provision":"Điều 1"}""", $"/api/v1/dossiers/{dossier}");
        foreach (var noun in new[] { "award-history", "ballots", "council-sessions", "exclusions", "nominations", "public-comments", "revocations", "rotation-signals", "confirmations" })
        {
            examples.Add($"GET /api/v1/{noun}", $"/api/v1/{noun}?season=S");
        }

        var things = await HostileCouncil.AddAsync(Host, examples);
        examples.Always("POST /api/v1/award-history", "/entries/0/members/1 = \"a\\udc00b\"", "/entries/0/ranks = {\"\\ud800\":1}", "/entries/0/ranks/A = \"a\\u0000b\"");
        examples.Always("POST /api/v1/ballots", "Content-Type: application/json; charset=nonsense");
        examples.AddAdministration("awards");
        return examples.With(new() { ["id"] = (string)nominations["nominations"][0]!["id"]!, ["season"] = "S" }, things);
    }
}

public sealed class HostileDocumentsTests(PaperJobHost host) : HostileRequestTests<DocumentsDbContext>(host), IClassFixture<PaperJobHost>
{
    internal override async Task<Scene> PrepareAsync()
    {
        var (leader, _, _) = await host.FormClusterAsync();
        using var clerk = host.Clerk(leader);
        var kept = (string)(await DocumentsHost.UploadAsync(clerk, leader)).Expect(201)["id"]!;
        var withdrawn = (string)(await DocumentsHost.UploadAsync(clerk, leader)).Expect(201)["id"]!;

        var unit = Host.Tokens.Token([Roles.UnitClerk, Roles.UnitHead], leader);
        var examples = new Examples(Host.Tokens.Token([.. Roles.All], leader));
        examples.Add("POST /api/v1/documents", $"/api/v1/{DocumentsHost.Query(leader)}&number=12&date=2026-01-01&issuer=UBND", new Example("", unit, DocumentsHost.Pdf(), "application/pdf"));
        examples.Add("GET /api/v1/documents", $"/api/v1/documents?season={DocumentsHost.Season}&unit={leader}");
        examples.Add("DELETE /api/v1/documents/{id}", $"/api/v1/documents/{withdrawn}?reason=Nh%E1%BA%A7m", null, $"/api/v1/documents/{withdrawn}", unit);
        examples.Always("GET /api/v1/documents/{id}/content", "Range: bytes=-0");
        await host.PublishAsync(new SeasonPhaseChanged { Season = DocumentsHost.Season, Type = "CALENDAR_YEAR", Year = 2026, Phase = "SETUP", Version = 1, At = DateTimeOffset.UnixEpoch });
        await Eventually.AnswerAsync(() => host.As(Roles.Auditor).GetJson($"statistics/{DocumentsHost.Season}"), answer => answer.Status == 200, "the season is known");
        examples.Add("PUT /api/v1/documents/{id}/paper", $"/api/v1/documents/{kept}/paper", """{"number":"12/QĐ-UBND","date":"2026-03-01","issuer":"UBND tỉnh"}""", $"/api/v1/documents/{kept}", unit);
        examples.Add("POST /api/v1/retention-periods", "/api/v1/retention-periods", """{"code":"KHAC","title":"Hồ sơ khác","years":5,"basis":"Thông tư","valid_from":"2026-01-01"}""");
        examples.Add("POST /api/v1/evidence-deletions", "/api/v1/evidence-deletions", """{"dry_run":false,"reason":"Hết hạn"}""");

        // An upload for each that ends it; a part that is wrong ends it too.
        var content = DocumentsHost.Pdf();
        async Task<string> BegunAsync() => (await TusClient.BeginAsync(clerk, leader, content.Length)).Expect(201).Location!;
        (string, string) version = ("Tus-Resumable", "1.0.0");
        examples.Add("POST /api/v1/documents/uploads", "/api/v1/documents/uploads", new Example("", unit)
        {
            Headers = [version, ("Upload-Length", "100"), ("Upload-Metadata", TusClient.Metadata(leader, "a.pdf", "application/pdf", "I.1", DocumentsHost.Season))],
        });
        examples.Add("PATCH /api/v1/documents/uploads/{id}", await BegunAsync(), new Example("", unit, content, "application/offset+octet-stream") { Headers = [version, ("Upload-Offset", "0")] });
        examples.Add("DELETE /api/v1/documents/uploads/{id}", await BegunAsync(), new Example("", unit) { Headers = [version] });
        await HostilePapers.AddAsync(host, examples);
        examples.AddAdministration("documents");
        return examples.With(new() { ["id"] = kept, ["season"] = DocumentsHost.Season }, ("/documents/uploads/{id}", new Uri(Host.Address, await BegunAsync()).AbsolutePath["/api/v1".Length..]));
    }
}

public sealed class HostileIdentityTests(IdentityHost host) : HostileRequestTests<IdentityDbContext>(host), IClassFixture<IdentityHost>
{
    internal override async Task<Scene> PrepareAsync()
    {
        (await host.RegisterUnitAsync("X")).Expect(200);
        (await host.RegisterAsync(new { id = "auditor", kind = "CLIENT", name = "Kiểm tra", secret = IdentityHost.Secret, roles = new[] { "auditor" } })).Expect(200);

        var admin = await host.TokenAsync("admin", IdentityHost.AdminSecret);
        var examples = new Examples(admin);
        examples.Add("GET /api/v1/journal/identity", "/api/v1/journal/identity", token: await host.TokenAsync("auditor", IdentityHost.Secret));
        examples.Add("POST /api/v1/accounts", "/api/v1/accounts", """{"accounts":[{"id":"unit-N","kind":"CLIENT","name":"Đơn vị N","secret":"a-random-secret-of-a-unit-0123456789","roles":["unit_clerk","unit_head"],"unit":"N","disabled":false}]}""");
        examples.Always("POST /api/v1/accounts", "/accounts/0/roles/1 = \"\\ud800\"", "body 23 {\"\\ud800\":1}");
        examples.Add("POST /api/v1/accounts/{id}/unlock", "/api/v1/accounts/unit-X/unlock", """{"reason":"Xác nhận qua điện thoại"}""");
        examples.Add("POST /api/v1/accounts/{id}/rotate-secret", "/api/v1/accounts/unit-X/rotate-secret", """{"reason":"Đổi định kỳ","overlap_hours":1}""");
        examples.Add("POST /api/v1/signing-keys/rotate", "/api/v1/signing-keys/rotate", """{"reason":"Đổi định kỳ"}""");
        return examples.With(new() { ["id"] = "unit-X" });
    }
}

/// <summary>Collects the good requests of a service.</summary>
internal sealed class Examples(string everyRole)
{
    private readonly Dictionary<string, Example> _examples = new(StringComparer.Ordinal);

    public void Add(string operation, string target, string? json = null, string? etagOf = null, string? token = null, bool findsNothing = false) =>
        Add(operation, target, new Example("", token ?? everyRole, json is null ? null : Encoding.UTF8.GetBytes(json), EtagOf: etagOf) { FindsNothing = findsNothing });

    public void Add(string operation, string target, Example example) => _examples.Add(operation, example with { Target = target });

    /// <summary>Bad requests that once were answered badly: sent whatever the choice of the rest.</summary>
    public void Always(string operation, params IReadOnlyList<string> what) => _examples[operation] = (_examples.GetValueOrDefault(operation) ?? new Example("", everyRole)) with { Always = what };

    public Scene With(Dictionary<string, string> things, params (string Path, string Address)[] special) =>
        new(everyRole, things.Concat([new("code", "S"), new("from", "2000-01-01")]).ToDictionary(), special, _examples);
}

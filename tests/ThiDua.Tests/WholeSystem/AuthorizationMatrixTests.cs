using System.Text;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Spreadsheets;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Every operation of the API with every role, on things that exist: what is not opened to a role is closed to it.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class AuthorizationMatrixTests(SharedSystem shared)
{
    private static readonly string[] s_ofUnits = [Roles.UnitClerk, Roles.UnitHead];

    [Fact]
    public async Task Without_a_token_nothing_answers_but_what_is_open_by_name()
    {
        var system = await shared.Running;
        using var scene = await SceneAsync(system);
        using var anybody = system.Anonymous();
        var open = new List<string>();
        foreach (var operation in await Operation.AllAsync(system))
        {
            var answer = await CallAsync(anybody, operation, scene.Things);
            if (Operation.Open.Contains(operation.ToString()) ? answer.Status != 200 : answer.Status != 401 || answer.Code != "unauthenticated")
            {
                open.Add(answer.ToString());
            }
        }

        Nothing.In(open);
    }

    [Fact]
    public async Task A_role_reaches_what_is_opened_to_it_and_nothing_else()
    {
        var system = await shared.Running;
        using var scene = await SceneAsync(system);
        var operations = await Operation.AllAsync(system);
        var wrong = new List<string>();
        foreach (var role in Roles.All)
        {
            using var client = await system.WithAccountAsync($"matrix-{role}", [role], s_ofUnits.Contains(role) ? scene.Season.Member : null);

            // What takes something away comes last: the others shall meet it alive.
            foreach (var operation in operations.OrderBy(operation => operation.Method is "DELETE"))
            {
                var answer = await CallAsync(client, operation, scene.Things);
                var isOpen = operation.IsOpen || operation.Roles!.Contains(role);
                if (answer.Status is 401 or >= 500 || (!isOpen && answer.Status is not (403 or 404)) || (answer.Status >= 400 && !answer.IsProblem))
                {
                    wrong.Add($"{role} ({(isOpen ? "open" : "closed")}): {answer}");
                }
            }
        }

        Nothing.In(wrong);
    }

    [Fact]
    public async Task The_sheet_and_the_evidence_of_another_cluster_do_not_exist_for_a_unit()
    {
        var system = await shared.Running;
        using var scene = await SceneAsync(system);
        using var stranger = await SmallSeason.CreateAsync(system);
        var client = stranger.Unit[stranger.Leader];
        var nothing = scene.Things.ToDictionary(thing => thing.Key, thing => Guid.TryParse(thing.Value, out _) ? Guid.CreateVersion7().ToString() : thing.Value, StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var operation in (await Operation.AllAsync(system)).Where(operation => operation.Path.Contains("/score-sheets/{", StringComparison.Ordinal) || operation.Path.Contains("/documents/{", StringComparison.Ordinal)))
        {
            var answer = await CallAsync(client, operation, scene.Things, "\"1\"");
            var unknown = await CallAsync(client, operation, nothing, "\"1\"");
            if (answer.Status is not (403 or 404) || (answer.Status, answer.Code) != (unknown.Status, unknown.Code))
            {
                wrong.Add($"{answer}\nbut of what does not exist: {unknown}");
            }
        }

        Nothing.In(wrong);
    }

    // Bodies that can be read, where a body that cannot is refused before anything else is looked at.
    private static object? BodyOf(Operation operation) => operation switch
    {
        { Method: "GET" or "DELETE" } => null,
        { Path: var path } when path.EndsWith("/workbook", StringComparison.Ordinal) || path.EndsWith("/workbook/check", StringComparison.Ordinal) => EmptyWorkbook(),
        { Path: var path } when path.EndsWith("/review", StringComparison.Ordinal) || path.EndsWith("/appraise", StringComparison.Ordinal) => new { lines = Array.Empty<object>() },
        _ => "{}",
    };

    private static ByteArrayContent EmptyWorkbook() => new(WorkbookFiles.WithRows("")) { Headers = { ContentType = new(WorkbookBuilder.ContentType) } };

    private static Task<ApiAnswer> CallAsync(HttpClient client, Operation operation, IReadOnlyDictionary<string, string> things, string? etag = null) =>
        client.CallAsync(new HttpMethod(operation.Method), operation.With(things), BodyOf(operation), etag);

    private static async Task<Scene> SceneAsync(RunningSystem system)
    {
        var season = await SmallSeason.CreateAsync(system);
        await season.BeginSelfScoringAsync();
        var member = season.Unit[season.Member];
        var sheet = await season.OpenSheetAsync(season.Member);
        var document = await SmallSeason.Known(() => member.CallAsync(
            HttpMethod.Post, $"documents?season={season.Code}&unit={season.Member}&criterion=I.1&filename={Uri.EscapeDataString("Quyết định.pdf")}", new StringContent("%PDF-1.4 minh chứng\n%%EOF", Encoding.UTF8, "application/pdf"))); // sent again, it must be whole again
        document.Expect(201);
        var upload = (await TusClient.BeginAsync(member, season.Member, 1000, season: season.Code)).Expect(201);
        (await season.Admin.PostJson("accounts", new { accounts = new[] { system.AccountBody("matrix-bystander", [Roles.Auditor]) } })).Expect(200);

        // Nominations exist only of a decided result, so they come from a season that is further on.
        using var decided = await SmallSeason.CreateAsync(system);
        await decided.PlayUntilDecidedAsync();
        await decided.AdvanceAsync("PROPOSAL");
        var nominations = (await SmallSeason.Known(() => decided.Appraiser.PostJson("nominations", new { season = decided.Code, cluster = decided.ClusterCode }))).Expect(201);

        var (paper, job) = await PapersAsync(decided);
        var renamed = $"RENAMED-{decided.Code}";
        (await season.Admin.PostJson("units", new { units = new[] { new { code = renamed, name = "Đơn vị", category = "HC", level = "TINH", valid_from = "2024-01-01" } } })).Expect(200);
        var reorganisation = (await season.Admin.PostJson("reorganisations", new { kind = "RENAME", effective_on = "2025-01-01", document = "QĐ 1", predecessors = new[] { renamed }, successors = new[] { new { name = "Đơn vị mới", category = "HC", level = "TINH" } } })).Expect(201);

        return new Scene(season, new Dictionary<string, string>(await YearAsync(system, season, decided), StringComparer.Ordinal)
        {
            ["units"] = season.Member,
            ["seasons"] = season.Code,
            ["statistics"] = season.Code,
            ["clusters"] = season.ClusterId,
            ["reorganisations"] = (string)reorganisation["reorganisation"]["id"]!,
            ["criteria-tables"] = season.TableId,
            ["score-sheets"] = (string)sheet["id"]!,
            ["documents"] = (string)document["id"]!,
            ["uploads"] = upload.Location!.Split('/')[^1],
            ["papers"] = (string)paper["id"]!,
            ["paper-verifications"] = (string)paper["hash"]!,
            ["paper-jobs"] = (string)job["id"]!,
            ["paper-letterheads"] = decided.Code,
            ["paper-templates"] = "UNIT_NOTICE",
            ["rankings"] = season.ClusterId,
            ["nominations"] = (string)nominations.Json!["nominations"]!.AsArray().First()!["id"]!,
            ["government-flag-proposals"] = decided.Code,
            ["confirmation-topics"] = "TAX",
            ["accounts"] = "matrix-bystander",
            ["levels"] = "TINH",
            ["levels/{from}"] = "2000-01-01",
            ["rules"] = "CLUSTER_SIZE",
            ["rules/{from}"] = "2000-01-01",
            ["legal-instruments"] = "ND-152-2025",
            ["unit-categories"] = "HC",
            ["unit-categories/{from}"] = "2000-01-01",
            ["scoring"] = Guid.CreateVersion7().ToString(), // messages that failed, of which there are none
            ["awards"] = Guid.CreateVersion7().ToString(),
        });
    }

    /// <summary>A paper and a job of papers.</summary>
    private static async Task<(ApiAnswer Paper, ApiAnswer Job)> PapersAsync(SmallSeason decided)
    {
        (await decided.Head.PutJson($"paper-letterheads/{decided.Code}", new { valid_from = "2020-01-01", scope = "CLUSTERS", superior_agency = "UBND TỈNH …", place = "Tỉnh …" })).Expect(201);
        var body = new { kind = "SCORE_SUMMARY", season = decided.Code, cluster = decided.ClusterCode, letterhead = decided.Code };
        var paper = await Eventually.AnswerAsync(() => decided.Appraiser.PostJson("papers", body), answer => answer.Status is 200 or 201, "what the paper is made of has come");
        var job = await decided.Appraiser.PostJson("paper-jobs", new { season = decided.Code, kinds = new[] { "SCORE_SUMMARY" }, format = "DOCX", cluster_letterhead = decided.Code });
        return (paper, job.Expect(202));
    }

    /// <summary>What a year leaves behind beside the scoring.</summary>
    private static async Task<Dictionary<string, string>> YearAsync(RunningSystem system, SmallSeason scored, SmallSeason decided)
    {
        using var young = await SmallSeason.CreateAsync(system);
        var (leader, member) = (young.Unit[young.Leader], young.Unit[young.Member]);
        static string Id(ApiAnswer answer) => (string)answer.Expect(201)["id"]!;
        async Task<string> FirstAsync(HttpClient client, string path) => (string)(await client.GetJson(path)).Expect(200)["items"][0]!["id"]!;

        var activity = new { season = young.Code, cluster = young.ClusterCode, kind = "ACTIVITY", type = "KHAC", title = "Giao lưu", planned_on = "2026-05-15", host = young.Leader };
        var exclusion = await SmallSeason.Known(() => scored.Appraiser.PostJson("exclusions", new { exclusions = new[] { new { season = scored.Code, unit = scored.Member, type = "SUSPECTED_PENDING", status = "PENDING", document = "CV 1" } } }));
        var council = $"HD-{young.Code}";
        (await scored.Admin.PostJson("councils", new { code = council, name = "Hội đồng", members = new[] { new { subject = "matrix-seat", name = "Ông A", office = "Giám đốc sở", role = "CHAIR", from = "2024-01-01", document = "QĐ 1" } } })).Expect(201);
        var session = (await decided.Secretary.PostJson("council-sessions", new { council, season = decided.Code, date = "2026-01-15", kind = "ORDINARY", document = "GM 1", agenda = new[] { new { topic = "Công tác năm" } } })).Expect(201);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["activities"] = Id(await leader.PostJson("activities", activity)),
            ["activity-types"] = "KHAC",
            ["activity-types/{from}"] = "2000-01-01",
            ["covenants"] = Id(await leader.PostJson("covenants", new { season = young.Code, cluster = young.ClusterCode, clauses = new[] { new { number = "1", text = "Đúng hạn" } } })),
            ["addenda"] = "1",
            ["registrations"] = Id(await member.PostJson("registrations", new { season = young.Code, targets = new[] { new { code = "CT1", text = "Nhiệm vụ", planned_value = "12", unit_of_measure = "việc" } } })),
            ["reports"] = Id(await member.PostJson("reports", new { season = young.Code, kind = "MIDYEAR", summary = "Báo cáo" })),
            ["obligations"] = await FirstAsync(member, $"obligations?season={young.Code}"),
            ["holidays"] = "2026-09-02",
            ["contacts"] = Id(await scored.Admin.PostJson("contacts", new { holder = "AGENCY", name = "Phòng Thi đua", email = $"{young.Code.ToLowerInvariant()}@tinh.gov.vn" })),
            ["webhooks"] = Id(await scored.Admin.PostJson("webhooks", new { url = $"https://example.gov.vn/{young.Code}", unit = young.Member })),
            ["reminders"] = Guid.CreateVersion7().ToString(), // planned by the clock, not by a test
            ["cluster-proposals"] = Guid.CreateVersion7().ToString(), // proposes units that no cluster has, of which other tests must not find fewer
            ["exclusions"] = (string)exclusion.Expect(200)["exclusions"][0]!["id"]!,
            ["dossiers"] = Id(await SmallSeason.Known(() => decided.Secretary.PostJson("dossiers", new { season = decided.Code, award = "PROVINCIAL_FLAG", clusters = new[] { decided.ClusterCode }, received_on = "2026-01-05", document = "12/TTr" }))),
            ["councils"] = council,
            ["council-sessions"] = (string)session["id"]!,
            ["items"] = (string)session["agenda"][0]!["id"]!,
            ["public-comments"] = Guid.CreateVersion7().ToString(), // opened for nominations of a season that is further on
            ["comments"] = Guid.CreateVersion7().ToString(),
            ["revocations"] = Guid.CreateVersion7().ToString(),
        };
    }

    private sealed record Scene(SmallSeason Season, IReadOnlyDictionary<string, string> Things) : IDisposable
    {
        public void Dispose() => Season.Dispose();
    }
}

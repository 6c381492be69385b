using System.Text;
using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Things that every operation can be tried on, and the accounts of all who try: one scene for all tests of the matrix.</summary>
public sealed class MatrixScene(SharedSystem shared) : IAsyncLifetime
{
    private readonly Dictionary<(string Season, string Actor), HttpClient> _clients = [];
    private readonly Dictionary<string, string?> _etags = new(StringComparer.Ordinal);

    public RunningSystem System { get; private set; } = null!;

    /// <summary>The season of most things; its sheet is handed in.</summary>
    public SmallSeason Season { get; private set; } = null!;

    /// <summary>Further on, because nominations and papers exist only of a decided result.</summary>
    public SmallSeason Decided { get; private set; } = null!;

    /// <summary>Ids, by noun.</summary>
    public IReadOnlyDictionary<string, string> Things { get; private set; } = new Dictionary<string, string>();

    /// <summary>Nouns of things that do not come about by a request, so that there is none to find.</summary>
    public IReadOnlySet<string> Absent { get; } = new HashSet<string>(StringComparer.Ordinal) { "addenda", "reminders", "cluster-proposals", "public-comments", "comments", "revocations", "scoring", "awards" };

    /// <summary>Ids of the same form that nothing has.</summary>
    public IReadOnlyDictionary<string, string> Nothings { get; private set; } = new Dictionary<string, string>();

    /// <summary>The content of the criteria table.</summary>
    public JsonNode Table { get; private set; } = new JsonObject();

    public string CovenantHash { get; private set; } = "";

    public SmallSeason SeasonOf(Operation operation) => operation.Path.StartsWith("/api/v1/papers", StringComparison.Ordinal) ? Decided : Season;

    /// <summary>The accounts of all who try, as the journal names them.</summary>
    public IReadOnlyList<string> Accounts => [.. MatrixActor.All.SelectMany(actor => new[] { Season, Decided }.Select(season => AccountOf(actor, season).Id)).Distinct()];

    internal HttpClient ClientOf(MatrixActor actor, Operation operation) => _clients[(SeasonOf(operation).Code, actor.ToString())];

    /// <summary>The state that a step on the thing starts from, as whoever may read it knows it.</summary>
    public string? ETagOf(Operation operation) => _etags.GetValueOrDefault(Resource(operation));

    /// <summary>Looks up the states of all things that are changed.</summary>
    public async Task ReadStatesAsync(IEnumerable<Operation> operations)
    {
        var all = operations.ToList();
        HttpClient[] readers = [Season.Auditor, Season.Admin, Season.Unit[Season.Member]];
        foreach (var operation in all.Where(operation => operation.Method == "GET"))
        {
            if (!all.Exists(other => other.Method != "GET" && Resource(other) == operation.Path))
            {
                continue;
            }

            foreach (var reader in readers)
            {
                if ((await reader.GetJson(operation.With(Things))).ETag is { } etag)
                {
                    _etags[operation.Path] = etag;
                    break;
                }
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        System = await shared.Running;
        Season = await SmallSeason.CreateAsync(System, units: 4);
        Decided = await SmallSeason.CreateAsync(System, units: 4);
        await FormForeignClusterAsync();
        var things = await YearAsync();
        await Season.BeginSelfScoringAsync("Giao ước chưa ký để thử");
        await SheetAsync(things);
        await DecidedAsync(things);
        await ReferenceAsync(things);
        Things = things;
        Nothings = things.ToDictionary(thing => thing.Key, thing => Guid.TryParse(thing.Value, out _) ? Guid.CreateVersion7().ToString() : thing.Value, StringComparer.Ordinal);
        await SignInAsync();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values.Distinct())
        {
            client.Dispose();
        }

        Season?.Dispose();
        Decided?.Dispose();
        return ValueTask.CompletedTask;
    }

    // Its first two segments that end with a parameter: the thing that a step is taken on.
    private static string Resource(Operation operation)
    {
        var end = operation.Path.IndexOf('}', StringComparison.Ordinal);
        var whole = operation.Path.AsSpan(end + 1);
        return end < 0 ? operation.Path : whole.StartsWith("/{") ? operation.Path[..(end + 1 + whole.IndexOf('}') + 1)] : operation.Path[..(end + 1)];
    }

    private string Foreign(char letter) => $"{Season.Code}{letter}";

    private async Task FormForeignClusterAsync()
    {
        var units = "XYZ".Select(Foreign).ToList();
        (await Season.Appraiser.PostJson("units", new { units = units.Select(unit => new { code = unit, name = $"Sở thử nghiệm {unit}", category = "HC", level = "TINH" }) })).Expect(200);
        (await Season.Head.PostJson("clusters", new
        {
            season = Season.Code,
            clusters = new[] { new { code = $"{Season.Code}-F", name = $"Khối khác {Season.Code}", kind = "KHOI", leader = units[0], deputy = units[1], members = units } },
        })).Expect(201);
    }

    private (string Id, string? Unit) AccountOf(MatrixActor actor, SmallSeason season)
    {
        var unit = actor.Position switch
        {
            "own" => season.Member,
            "cluster" => season.Units[3],
            "leader" => season.Leader,
            "deputy" => season.Deputy,
            "foreign" => Foreign('Z'),
            "other" when actor.Role == Roles.DataProvider => Foreign('X'),
            _ => null,
        };
        return ($"matrix-{actor.Role}-{unit ?? actor.Position}", unit);
    }

    private async Task SignInAsync()
    {
        var accounts = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var (actor, season) in MatrixActor.All.SelectMany(actor => new[] { (actor, Season), (actor, Decided) }))
        {
            var (id, unit) = AccountOf(actor, season);
            accounts[id] = System.AccountBody(id, [actor.Role], unit ?? (actor.Position == "none" ? Foreign('N') : null));
        }

        (await Season.Appraiser.PostJson("units", new { units = new[] { new { code = Foreign('N'), name = "Đơn vị chưa vào cụm", category = "HC", level = "TINH" } } })).Expect(200);
        (await Season.Admin.PostJson("accounts", new JsonObject { ["accounts"] = new JsonArray([.. accounts.Values]) })).Expect(200);
        var clients = new Dictionary<string, HttpClient>(StringComparer.Ordinal);
        foreach (var (actor, season) in MatrixActor.All.SelectMany(actor => new[] { (actor, Season), (actor, Decided) }))
        {
            var id = AccountOf(actor, season).Id;
            clients.TryAdd(id, clients.TryGetValue(id, out var known) ? known : await System.AsAsync(id));
            _clients[(season.Code, actor.ToString())] = clients[id];
        }
    }

    /// <summary>What a year leaves behind beside the scoring.</summary>
    private async Task<Dictionary<string, string>> YearAsync()
    {
        var (leader, member) = (Season.Unit[Season.Leader], Season.Unit[Season.Member]);
        var covenant = (await leader.PostJson("covenants", new { season = Season.Code, cluster = Season.ClusterCode, clauses = new[] { new { number = "1", text = "Đúng hạn" } } })).Expect(201);
        CovenantHash = (string)covenant["parts"][0]!["hash"]!;
        var report = (await member.PostJson("reports", new { season = Season.Code, kind = "MIDYEAR", summary = "Báo cáo" })).Expect(201);
        (await member.PostJson($"reports/{report["id"]}/submit", new { }, report.ETag)).Expect(200);
        var activity = new { season = Season.Code, cluster = Season.ClusterCode, kind = "ACTIVITY", type = "KHAC", title = "Giao lưu", planned_on = "2026-05-15", host = Season.Leader };
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["activities"] = Id(await leader.PostJson("activities", activity)),
            ["covenants"] = (string)covenant["id"]!,
            ["addenda"] = "1",
            ["registrations"] = Id(await member.PostJson("registrations", new { season = Season.Code, targets = new[] { new { code = "CT1", text = "Nhiệm vụ", planned_value = "12", unit_of_measure = "việc" } } })),
            ["reports"] = (string)report["id"]!,
            ["obligations"] = (string)(await member.GetJson($"obligations?season={Season.Code}&unit={Season.Member}")).Expect(200)["items"][0]!["id"]!,
            ["contacts"] = Id(await Season.Admin.PostJson("contacts", new { holder = "UNIT", unit = Season.Member, name = "Văn phòng", email = $"{Season.Code.ToLowerInvariant()}@tinh.gov.vn" })),
            ["webhooks"] = Id(await Season.Admin.PostJson("webhooks", new { url = $"https://example.gov.vn/{Season.Code}", unit = Season.Member })),
        };
    }

    /// <summary>Evidence, an upload and a sheet, which is handed in; the agency's next draft of the table.</summary>
    private async Task SheetAsync(Dictionary<string, string> things)
    {
        var member = Season.Unit[Season.Member];
        await Season.OpenSheetAsync(Season.Member);
        var document = await SmallSeason.Known(() => member.CallAsync(
            HttpMethod.Post, $"documents?season={Season.Code}&unit={Season.Member}&criterion=I.1&filename={Uri.EscapeDataString("Quyết định.pdf")}", new StringContent("%PDF-1.4 minh chứng\n%%EOF", Encoding.UTF8, "application/pdf"))); // sent again, it must be whole again
        var upload = (await TusClient.BeginAsync(member, Season.Member, 1000, season: Season.Code)).Expect(201);
        Table = (await Season.Appraiser.GetJson($"criteria-tables/{Season.TableId}")).Expect(200)["table"];
        var draft = (await Season.Appraiser.PostJson("criteria-tables", new JsonObject { ["season"] = Season.Code, ["clusters"] = new JsonArray(Season.ClusterCode), ["table"] = Table.DeepClone() })).Expect(201);
        (things["documents"], things["uploads"], things["criteria-tables"]) = ((string)document.Expect(201)["id"]!, upload.Location!.Split('/')[^1], (string)draft["id"]!);
        things["score-sheets"] = (await Season.SubmitSheetAsync(Season.Member, 8)).ToString();
        await Season.AdvanceAsync("CLUSTER_REVIEW");
        await Eventually.AnswerAsync(() => Season.Unit[Season.Leader].GetJson($"documents/{things["documents"]}"), answer => answer.Status == 200, "that the sheet was handed in has come to the documents");
        var exclusion = await SmallSeason.Known(() => Season.Appraiser.PostJson("exclusions", new { exclusions = new[] { new { season = Season.Code, unit = Season.Member, type = "SUSPECTED_PENDING", status = "PENDING", document = "CV 1" } } }));
        things["exclusions"] = (string)exclusion.Expect(200)["exclusions"][0]!["id"]!;
        (await Season.Admin.PostJson("confirmation-topics/TAX/providers", new { document = "CV 40", provider = Foreign('X'), valid_from = "2025-01-01" })).Expect(201);
        var confirmation = await SmallSeason.Known(() => Season.Appraiser.PostJson("confirmations", new { season = Season.Code, confirmations = new[] { new { unit = Season.Member, topic = "TAX", status = "CONFIRMED", document = "CV 2" } } }));
        things["confirmations"] = (string)confirmation.Expect(200)["confirmations"][0]!["id"]!;
    }

    /// <summary>What exists only of a decided result.</summary>
    private async Task DecidedAsync(Dictionary<string, string> things)
    {
        await Decided.PlayUntilDecidedAsync();
        await Decided.AdvanceAsync("PROPOSAL");
        var nominations = (await SmallSeason.Known(() => Decided.Appraiser.PostJson("nominations", new { season = Decided.Code, cluster = Decided.ClusterCode }))).Expect(201);
        (await Decided.Head.PutJson($"paper-letterheads/{Decided.Code}", new { valid_from = "2020-01-01", scope = "CLUSTERS", superior_agency = "UBND TỈNH …", place = "Tỉnh …" })).Expect(201);
        var body = new { kind = "SCORE_SUMMARY", season = Decided.Code, cluster = Decided.ClusterCode, letterhead = Decided.Code };
        var paper = await Eventually.AnswerAsync(() => Decided.Appraiser.PostJson("papers", body), answer => answer.Status is 200 or 201, "what the paper is made of has come");
        var job = await Decided.Appraiser.PostJson("paper-jobs", new { season = Decided.Code, kinds = new[] { "SCORE_SUMMARY" }, format = "DOCX", cluster_letterhead = Decided.Code });
        (things["papers"], things["paper-verifications"], things["paper-jobs"]) = ((string)paper["id"]!, (string)paper["hash"]!, (string)job.Expect(202)["id"]!);
        var council = $"HD-{Decided.Code}";
        object[] members = [Seat(Roles.CouncilChair, "CHAIR"), Seat(Roles.CouncilMember, "MEMBER")];
        (await Decided.Admin.PostJson("councils", new { code = council, name = "Hội đồng", members })).Expect(201);
        var session = (await Decided.Secretary.PostJson("council-sessions", new { council, season = Decided.Code, date = "2026-01-15", kind = "ORDINARY", document = "GM 1", agenda = new[] { new { topic = "Công tác năm" } } })).Expect(201);
        (things["councils"], things["council-sessions"], things["items"]) = (council, (string)session["id"]!, (string)session["agenda"][0]!["id"]!);
        things["nominations"] = (string)nominations["nominations"].AsArray()[0]!["id"]!;
        things["dossiers"] = Id(await SmallSeason.Known(() => Decided.Secretary.PostJson("dossiers", new { season = Decided.Code, award = "PROVINCIAL_FLAG", clusters = new[] { Decided.ClusterCode }, received_on = "2026-01-05", document = "12/TTr" })));

        object Seat(string role, string seat) =>
            new { subject = AccountOf(new MatrixActor(role, "other"), Decided).Id, name = "Ông A", office = "Giám đốc sở", role = seat, from = "2024-01-01", document = "QĐ 1" };
    }

    /// <summary>What belongs to no unit.</summary>
    private async Task ReferenceAsync(Dictionary<string, string> things)
    {
        (await Season.Admin.PostJson("accounts", new { accounts = new[] { System.AccountBody("matrix-bystander", [Roles.Auditor]) } })).Expect(200);
        var renamed = $"RENAMED-{Season.Code}";
        (await Season.Admin.PostJson("units", new { units = new[] { new { code = renamed, name = "Đơn vị", category = "HC", level = "TINH", valid_from = "2024-01-01" } } })).Expect(200);
        var reorganisation = (await Season.Admin.PostJson("reorganisations", new { kind = "RENAME", effective_on = "2025-01-01", document = "QĐ 1", predecessors = new[] { renamed }, successors = new[] { new { name = "Đơn vị mới", category = "HC", level = "TINH" } } })).Expect(201);
        things["reorganisations"] = (string)reorganisation["reorganisation"]["id"]!;
        things["accounts"] = "matrix-bystander";
        (things["units"], things["seasons"], things["statistics"]) = (Season.Member, Season.Code, Season.Code);
        (things["clusters"], things["rankings"]) = (Season.ClusterId, Season.ClusterId);
        (things["paper-letterheads"], things["paper-templates"]) = (Decided.Code, "UNIT_NOTICE");
        (things["government-flag-proposals"], things["confirmation-topics"], things["legal-instruments"]) = (Decided.Code, "TAX", "ND-152-2025");
        (things["rules"], things["holidays"]) = ("CLUSTER_SIZE", "2026-09-02");
        (things["activity-types"], things["levels"], things["unit-categories"]) = ("KHAC", "TINH", "HC");
        foreach (var dated in new[] { "rules", "activity-types", "levels", "unit-categories" })
        {
            things[$"{dated}/{{from}}"] = "2000-01-01";
        }

        foreach (var absent in Absent.Where(noun => noun != "addenda"))
        {
            things[absent] = Guid.CreateVersion7().ToString();
        }
    }

    private static string Id(ApiAnswer answer) => (string)answer.Expect(201)["id"]!;
}

using System.Globalization;
using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>A season of one cluster with units of its own, played as far as a test needs it.</summary>
public sealed class SmallSeason : IDisposable
{
    private static readonly string[] s_phases = ["SETUP", "CRITERIA", "SELF_SCORING", "CLUSTER_REVIEW", "APPRAISAL", "PROPOSAL", "COUNCIL", "CLOSED"];
    private static int s_created;

    private readonly List<HttpClient> _clients = [];

    private SmallSeason(RunningSystem system, string code, IReadOnlyList<string> units, IReadOnlyList<string> criteria)
    {
        Running = system;
        Code = code;
        Units = units;
        Criteria = criteria;
    }

    public RunningSystem Running { get; }

    public string Code { get; }

    public string ClusterCode => $"{Code}-C";

    public string ClusterId { get; private set; } = "";

    public string TableId { get; private set; } = "";

    /// <summary>Members of the cluster: the first leads it, the second is its deputy.</summary>
    public IReadOnlyList<string> Units { get; }

    public string Leader => Units[0];

    public string Deputy => Units[1];

    /// <summary>A plain member, neither leader nor deputy.</summary>
    public string Member => Units[2];

    public IReadOnlyList<string> Criteria { get; }

    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Appraiser { get; private set; } = null!;

    public HttpClient Head { get; private set; } = null!;

    public HttpClient Secretary { get; private set; } = null!;

    public HttpClient Auditor { get; private set; } = null!;

    /// <summary>The units' own clients, clerk and head in one.</summary>
    public IReadOnlyDictionary<string, HttpClient> Unit { get; private set; } = new Dictionary<string, HttpClient>();

    /// <summary>A season in phase SETUP with its accounts, units and cluster.</summary>
    public static async Task<SmallSeason> CreateAsync(RunningSystem system, int units = 3, int criteria = 3)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"T{Interlocked.Increment(ref s_created):00}");
        var season = new SmallSeason(
            system,
            code,
            [.. Enumerable.Range(0, units).Select(index => $"{code}{(char)('A' + index)}")],
            [.. Enumerable.Range(1, criteria).Select(index => $"I.{index}")]);
        await season.SetUpAsync();
        return season;
    }

    /// <summary>Goes on, phase by phase, until this one; with a reason also where something is not done yet.</summary>
    public async Task AdvanceAsync(string phase, string? reason = null)
    {
        while (true)
        {
            var season = (await Head.GetJson($"seasons/{Code}")).Expect(200);
            var current = (string)season["phase"]!;
            if (current == phase)
            {
                return;
            }

            var next = s_phases[Array.IndexOf(s_phases, current) + 1];
            (await Head.PostJson($"seasons/{Code}/advance", reason is null ? (object)new { to = next } : new { to = next, reason }, season.ETag)).Expect(200);
        }
    }

    /// <summary>Criteria of ten points each, counted by items; drafted by the appraiser, adopted by the head.</summary>
    public async Task AdoptTableAsync()
    {
        var table = new
        {
            id = "T",
            title = "Bảng chấm điểm để thử",
            total_max = 10 * Criteria.Count,
            groups = new[]
            {
                new
                {
                    code = "I", title = "Nhiệm vụ chính trị", tag = "POLITICAL_TASK", max = 10 * Criteria.Count,
                    criteria = Criteria.Select(criterion => new { code = criterion, title = $"Tiêu chí {criterion}", max = 10, kind = "COUNT", per_item = 1, cap = 10 }).ToArray(),
                },
            },
        };
        var draft = await Known(() => Appraiser.PostJson("criteria-tables", new { season = Code, table, clusters = new[] { ClusterCode } }));
        draft.Expect(201);
        TableId = (string)draft["id"]!;
        (await Known(() => Head.PostJson($"criteria-tables/{TableId}/adopt", new { document = "QĐ thử nghiệm", accepted_warnings_reason = "Bảng chấm điểm để thử" }, draft.ETag))).Expect(200);
    }

    /// <summary>To SELF_SCORING with an adopted table.</summary>
    public async Task BeginSelfScoringAsync(string? reason = null)
    {
        await AdvanceAsync("CRITERIA", reason);
        await AdoptTableAsync();
        await AdvanceAsync("SELF_SCORING", reason);
    }

    public async Task<ApiAnswer> OpenSheetAsync(string unit)
    {
        var opened = await Known(() => Unit[unit].PostJson("score-sheets", new { season = Code, unit }));
        Assert.True(opened.Status is 200 or 201, opened.ToString());
        return opened;
    }

    /// <summary>The sheet of a unit, filled in with these counts per criterion and submitted.</summary>
    public async Task<Guid> SubmitSheetAsync(string unit, int count)
    {
        var sheet = await OpenSheetAsync(unit);
        var id = Guid.Parse((string)sheet["id"]!);
        var filled = (await Unit[unit].PutJson($"score-sheets/{id}/lines", Lines(count), sheet.ETag)).Expect(200);
        (await Unit[unit].PostJson($"score-sheets/{id}/submit", new { }, filled.ETag)).Expect(200);
        return id;
    }

    public object Lines(int count) => new
    {
        inputs = Criteria.ToDictionary(criterion => criterion, _ => new { count }),
        notes = Criteria.ToDictionary(criterion => criterion, _ => "Theo hồ sơ"),
    };

    /// <summary>Leader and deputy, each where it may, confirm every line as it stands.</summary>
    public async Task ReviewAsync(Guid sheet, string unit)
    {
        foreach (var reviewer in new[] { Leader, Deputy }.Where(reviewer => reviewer != unit))
        {
            await StepAsync(Unit[reviewer], sheet, "review", new { lines = Array.Empty<object>() });
        }
    }

    public Task AppraiseAsync(Guid sheet) => StepAsync(Appraiser, sheet, "appraise", new { lines = Array.Empty<object>() });

    public async Task<ApiAnswer> DecideAsync() =>
        (await Known(() => Head.PostJson($"rankings/{ClusterId}/decide", new { document = "Thông báo kết quả để thử" }))).Expect(200);

    /// <summary>From SETUP to a decided result; every unit scores one point a criterion less than the one before it.</summary>
    public async Task<IReadOnlyDictionary<string, Guid>> PlayUntilDecidedAsync()
    {
        await BeginSelfScoringAsync();
        var sheets = new Dictionary<string, Guid>(StringComparer.Ordinal);
        for (var index = 0; index < Units.Count; index++)
        {
            sheets[Units[index]] = await SubmitSheetAsync(Units[index], 9 - index);
        }

        await AdvanceAsync("CLUSTER_REVIEW");
        foreach (var (unit, sheet) in sheets)
        {
            await ReviewAsync(sheet, unit);
        }

        await AdvanceAsync("APPRAISAL");
        foreach (var sheet in sheets.Values)
        {
            await AppraiseAsync(sheet);
        }

        await DecideAsync();
        return sheets;
    }

    /// <summary>Repeats a request while the fact it needs is still on its way between the services.</summary>
    public static Task<ApiAnswer> Known(Func<Task<ApiAnswer>> request) =>
        Eventually.AnswerAsync(request, answer => answer.Code is not ("not-known-yet" or "wrong-phase"), "the facts have arrived");

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private static async Task StepAsync(HttpClient client, Guid sheet, string step, object body)
    {
        var current = (await client.GetJson($"score-sheets/{sheet}")).Expect(200);
        (await Known(() => client.PostJson($"score-sheets/{sheet}/{step}", body, current.ETag))).Expect(200);
    }

    private async Task SetUpAsync()
    {
        Admin = Keep(await Running.AsAsync("admin"));
        var accounts = new JsonArray(
            Running.AccountBody("agency-appraiser", [Roles.Appraiser]),
            Running.AccountBody("agency-head", [Roles.AppraisalHead]),
            Running.AccountBody("council-secretary", [Roles.CouncilSecretary]),
            Running.AccountBody("test-auditor", [Roles.Auditor]));
        foreach (var unit in Units)
        {
            accounts.Add(Running.AccountBody($"unit-{unit}", [Roles.UnitClerk, Roles.UnitHead], unit));
        }

        (await Admin.PostJson("accounts", new JsonObject { ["accounts"] = accounts })).Expect(200);
        Appraiser = Keep(await Running.AsAsync("agency-appraiser"));
        Head = Keep(await Running.AsAsync("agency-head"));
        Secretary = Keep(await Running.AsAsync("council-secretary"));
        Auditor = Keep(await Running.AsAsync("test-auditor"));
        var clients = new Dictionary<string, HttpClient>(StringComparer.Ordinal);
        foreach (var unit in Units)
        {
            clients[unit] = Keep(await Running.AsAsync($"unit-{unit}"));
        }

        Unit = clients;
        (await Appraiser.PostJson("units", new { units = Units.Select(unit => new { code = unit, name = $"Sở thử nghiệm {unit}", category = "HC", level = "TINH" }) })).Expect(200);
        (await Head.PostJson("seasons", new { code = Code, type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        var formed = (await Head.PostJson("clusters", new
        {
            season = Code,
            clusters = new[] { new { code = ClusterCode, name = $"Khối thử nghiệm {Code}", kind = "KHOI", leader = Leader, deputy = Deputy, members = Units } },
        })).Expect(201);
        ClusterId = (string)formed.Json!["clusters"]![0]!["id"]!;
    }

    private HttpClient Keep(HttpClient client)
    {
        _clients.Add(client);
        return client;
    }
}

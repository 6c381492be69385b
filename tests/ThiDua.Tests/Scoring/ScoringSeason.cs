using System.Text.Json.Nodes;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>A season as the scoring service lives it: facts arrive over the broker, people act over HTTP.</summary>
internal sealed class ScoringSeason(ServiceHost<ScoringDbContext> service, string code)
{
    /// <summary>A declared ratio, a published rank, judged points and a distance to the best: one of each temper.</summary>
    public const string Table = """
        {"id": "T", "title": "Bảng thử", "total_max": 40, "groups": [
          {"code": "I", "title": "Nhiệm vụ", "tag": "POLITICAL_TASK", "max": 30, "criteria": [
            {"code": "I.1", "title": "Nhiệm vụ hoàn thành", "max": 10, "kind": "RATIO", "i": 10, "evidence": "Sổ theo dõi"},
            {"code": "I.2", "title": "Thứ hạng chỉ số", "max": 10, "kind": "RANK_IN_CLUSTER", "index": "PAR", "order": "DESC", "points_by_rank": [10, 8, 6, 4]},
            {"code": "I.3", "title": "So với đơn vị dẫn đầu", "max": 10, "kind": "RELATIVE_TO_LEADER", "order": "DESC"}]},
          {"code": "II", "title": "Công tác", "tag": "EMULATION_WORK", "max": 10, "criteria": [
            {"code": "II.1", "title": "Chấm trực tiếp", "max": 10, "kind": "MANUAL"}]}],
         "bonus": {"cap": 2, "items": [{"key": "SK", "label": "Sáng kiến", "points": 1, "max_count": 3}]},
         "deductions": {"items": [{"key": "CHAM", "label": "Chậm", "minus": 1, "max_count": 3}]}}
        """;

    private int _version;

    public string Code => code;

    public HttpClient Appraiser { get; } = service.As(Roles.Appraiser);

    public HttpClient Head { get; } = service.As(Roles.AppraisalHead);

    public Guid Cluster { get; private set; }

    public HttpClient Unit(string unit) => service.As([Roles.UnitClerk, Roles.UnitHead], unit);

    public Task PhaseAsync(string phase) => service.TellAsync(new SeasonPhaseChanged
    {
        Season = code, Type = "CALENDAR_YEAR", Year = 2026, Phase = phase, Version = ++_version, At = DateTimeOffset.UnixEpoch,
    });

    public async Task<Guid> ClusterAsync(string name, string leader, string deputy, params string[] members)
    {
        foreach (var unit in members)
        {
            await service.TellAsync(new UnitRegistered { Code = unit, Name = $"Đơn vị {unit}", Category = "HC", Level = "TINH", ValidFrom = new DateOnly(2026, 1, 1), Version = 1 });
        }

        Cluster = Guid.CreateVersion7();
        await service.TellAsync(new ClusterFormed
        {
            ClusterId = Cluster, Season = code, Code = name, Name = $"Cụm {name}", Kind = "CUM", Leader = leader, Deputy = deputy, Version = 1,
            Members = [.. members.Select(unit => new ClusterMember { Unit = unit, Name = $"Đơn vị {unit}", Category = "HC", Level = "TINH" })],
        });
        return Cluster;
    }

    /// <summary>The table, adopted for these clusters.</summary>
    public async Task AdoptAsync(string table, params string[] clusters)
    {
        var draft = (await KnownAsync(() => Appraiser.PostJson("criteria-tables", new JsonObject { ["season"] = code, ["table"] = JsonNode.Parse(table), ["clusters"] = new JsonArray([.. clusters.Select(cluster => JsonValue.Create(cluster))]) }))).Expect(201);
        (await Head.PostJson($"criteria-tables/{draft["id"]}/adopt", new { document = "QĐ 1" }, draft.ETag)).Expect(200);
    }

    public Task<ApiAnswer> PublishAsync(IEnumerable<(string Index, string Unit, string Value)> results, string? reason = null) => KnownAsync(() => Appraiser.PostJson(
        "published-results",
        new { season = code, reason, results = results.Select(result => new { index = result.Index, unit = result.Unit, value = result.Value, document = "QĐ 24/QĐ-UBND" }) }));

    public Task<ApiAnswer> OpenAsync(string unit) => KnownAsync(() => Unit(unit).PostJson("score-sheets", new { season = code, unit }));

    /// <summary>Three units A (leader), B (deputy) and C with complete sheets, submitted.</summary>
    public async Task<Dictionary<string, ApiAnswer>> SubmittedAsync()
    {
        await PhaseAsync("CRITERIA");
        await ClusterAsync("C1", "A", "B", "A", "B", "C");
        await AdoptAsync(Table, "C1");
        (await PublishAsync([("PAR", "A", "91.2"), ("PAR", "B", "90"), ("PAR", "C", "91.20")])).Expect(200);
        await PhaseAsync("SELF_SCORING");
        var sheets = new Dictionary<string, ApiAnswer>();
        foreach (var (unit, done, actual) in new[] { ("A", 11, 80), ("B", 12, 120), ("C", 6, 110) })
        {
            var sheet = (await OpenAsync(unit)).Expect(201);
            var entered = (await Unit(unit).PutJson($"score-sheets/{sheet["id"]}/lines", Inputs(done, actual), sheet.ETag)).Expect(200);
            sheets[unit] = (await Unit(unit).PostJson($"score-sheets/{sheet["id"]}/submit", new { }, entered.ETag)).Expect(200);
        }

        return sheets;
    }

    /// <summary>The same, reviewed by both without a change of points, and in appraisal.</summary>
    public async Task<Dictionary<string, ApiAnswer>> ReviewedAsync()
    {
        var sheets = await SubmittedAsync();
        await PhaseAsync("CLUSTER_REVIEW");
        foreach (var (unit, reviewer) in new[] { ("A", "B"), ("B", "A"), ("C", "A"), ("C", "B") })
        {
            sheets[unit] = (await StepAsync(Unit(reviewer), sheets[unit], "review", new { lines = Array.Empty<object>() })).Expect(200);
        }

        await PhaseAsync("APPRAISAL");
        return sheets;
    }

    public async Task<Dictionary<string, ApiAnswer>> AppraisedAsync()
    {
        var sheets = await ReviewedAsync();
        foreach (var unit in sheets.Keys.ToList())
        {
            sheets[unit] = (await StepAsync(Appraiser, sheets[unit], "appraise", new { lines = Array.Empty<object>() })).Expect(200);
        }

        return sheets;
    }

    /// <summary>A step on the sheet's present state.</summary>
    public static async Task<ApiAnswer> StepAsync(HttpClient actor, ApiAnswer sheet, string step, object body)
    {
        var seen = await actor.GetJson($"score-sheets/{sheet["id"]}");
        return await KnownAsync(() => actor.PostJson($"score-sheets/{sheet["id"]}/{step}", body, seen.ETag ?? sheet.ETag));
    }

    public static JsonObject Inputs(int done, int actual) => JsonNode.Parse($$$"""
        {"inputs": {"I.1": {"n": {{{done}}}, "N": 12}, "I.3": {"actual": {{{actual}}}, "target": 100}, "II.1": {"points": 7}},
         "notes": {"I.1": "BC 12", "I.3": "BC 13", "II.1": "Biên bản"}, "bonus": {"SK": 3}, "deductions": {"CHAM": 1}}
        """)!.AsObject();

    public static decimal? Points(ApiAnswer sheet, string criterion, string layer) =>
        sheet["lines"].AsArray().Single(line => (string)line!["criterion"]! == criterion)![layer] is { } points ? decimal.Parse((string)points!, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>Asks again while a fact is still on its way.</summary>
    public static Task<ApiAnswer> KnownAsync(Func<Task<ApiAnswer>> ask) => Eventually.AnswerAsync(ask, answer => answer.Code != "not-known-yet", "the fact has arrived");
}

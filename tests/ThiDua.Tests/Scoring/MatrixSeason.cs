using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>A small cluster: its sheets by unit, and the draft of a second version of its table that may be adopted.</summary>
internal sealed record MatrixCluster(Guid Id, string Leader, string Deputy, string[] Members, string Draft)
{
    /// <summary>Accounts that drafted final points of a sheet here: none of them may decide (SoD-3).</summary>
    public HashSet<string> Drafters { get; } = new(StringComparer.Ordinal);

    /// <summary>ETag of the draft.</summary>
    public string? DraftTag { get; set; }
}

/// <summary>
/// Two clusters with a table each: A leads C1 with B as its deputy and C as a member, D leads C2 with E as its deputy. Everybody has an
/// open sheet. What stands in it is read as the auditor reads it.
/// </summary>
internal sealed class MatrixSeason : IAsyncDisposable
{
    // Asked after every single attempt, hence as cheap as can be.
    private const string Written = """
        select unit, md5(string_agg(written, ',' order by written)) from (
            select unit, 's' || id || xmin as written from score_sheets where season = $1
            union all select unit, 'l' || criterion || l.xmin from score_lines l join score_sheets s on s.id = sheet_id where season = $1
            union all select unit, 'e' || e.id || e.xmin from sheet_exchanges e join score_sheets s on s.id = sheet_id where season = $1
            union all select '', 't' || id || xmin from criteria_tables where season = $1
            union all select '', 'p' || id || xmin from published_results where season = $1
            union all select '', 'r' || cluster_id || xmin from cluster_results where season = $1
            union all select '', 'd' || d.cluster_id || d.version || d.xmin from cluster_decisions d join cluster_results using (cluster_id) where season = $1) rows
        group by unit
        """;

    private readonly ServiceHost<ScoringDbContext> _service;
    private readonly ScoringSeason _season;
    private readonly HttpClient _auditor;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _fingerprints;
    private readonly NpgsqlCommand _journal;
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    private MatrixSeason(ServiceHost<ScoringDbContext> service, ScoringSeason season, HttpClient auditor)
    {
        (_service, _season, _auditor) = (service, season, auditor);
        _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(service.ConnectionString) { Pooling = false }.ConnectionString);
        _fingerprints = new NpgsqlCommand(Written, _connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = season.Code } } };
        _journal = new NpgsqlCommand("select actor, action from journal where subjects @> array[$1] order by id desc limit 1", _connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = "" } } };
    }

    public static IReadOnlyList<string> Units { get; } = ["A", "B", "C", "D", "E"];

    public string Code => _season.Code;

    public List<MatrixCluster> Clusters { get; } = [];

    /// <summary>Every sheet as the auditor last read it, by unit.</summary>
    public Dictionary<string, ApiAnswer> Sheets { get; private set; } = [];

    /// <summary>What every row looked like then.</summary>
    public Dictionary<string, string> Fingerprints { get; private set; } = [];

    public MatrixCluster ClusterOf(string unit) => Clusters.Single(cluster => cluster.Members.Contains(unit));

    public string Id(string unit) => _ids[unit];

    public static async Task<MatrixSeason> BeginAsync(ServiceHost<ScoringDbContext> service, string code, HttpClient auditor)
    {
        var scoring = new ScoringSeason(service, code);
        var season = new MatrixSeason(service, scoring, auditor);
        await season._connection.OpenAsync(TestContext.Current.CancellationToken);
        await scoring.PhaseAsync("SELF_SCORING");
        await season.FormAsync("C1", "A", "B", "A", "B", "C");
        await season.FormAsync("C2", "D", "E", "D", "E");
        (await scoring.PublishAsync(Units.Select((unit, n) => ("PAR", unit, $"{90 + n}")))).Expect(200);
        foreach (var unit in Units)
        {
            season._ids[unit] = (string)(await scoring.OpenAsync(unit)).Expect(201)["id"]!;
        }

        await season._fingerprints.PrepareAsync(TestContext.Current.CancellationToken);
        await season._journal.PrepareAsync(TestContext.Current.CancellationToken);
        await season.ReadAsync();
        return season;
    }

    /// <summary>The season stands in this phase, forwards or back, and the service knows.</summary>
    public async Task EnterAsync(string phase)
    {
        await _season.PhaseAsync(phase);
        await Eventually.TrueAsync(
            () => _service.WithDatabaseAsync(db => db.Seasons.AnyAsync(row => row.Code == Code && row.Phase == SeasonPhases.Parse(phase))),
            $"{Code} is in {phase}");
    }

    /// <summary>Reads again what was written since; what no row of was written is what it was.</summary>
    public async Task ReadAsync()
    {
        var (fingerprints, sheets) = (await FingerprintsAsync(), new Dictionary<string, ApiAnswer>(Sheets, StringComparer.Ordinal));
        foreach (var unit in Units.Where(unit => fingerprints[unit] != Fingerprints.GetValueOrDefault(unit)))
        {
            sheets[unit] = (await _auditor.GetJson($"score-sheets/{_ids[unit]}")).Expect(200);
        }

        if (fingerprints[""] != Fingerprints.GetValueOrDefault(""))
        {
            foreach (var cluster in Clusters)
            {
                cluster.DraftTag = (await _auditor.GetJson($"criteria-tables/{cluster.Draft}")).Expect(200).ETag;
            }
        }

        (Sheets, Fingerprints) = (sheets, fingerprints);
    }

    /// <summary>Who did what, as the newest row of the sheet's journal has it.</summary>
    public async Task<(string Actor, string Action)> JournalAsync(string unit)
    {
        _journal.Parameters[0].Value = $"ScoreSheet/{_ids[unit]}";
        await using var rows = await _journal.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return await rows.ReadAsync(TestContext.Current.CancellationToken) ? (rows.GetString(0), rows.GetString(1)) : ("nobody", "nothing");
    }

    /// <summary>Who stands in the row itself for the step, and whether a time stands beside.</summary>
    public Task<(string? By, DateTimeOffset? At)> SignatureAsync(string unit, string step, bool asLeader) => _service.WithDatabaseAsync<(string? By, DateTimeOffset? At)>(async db =>
    {
        var sheet = await db.Sheets.AsNoTracking().Include(row => row.Exchanges).SingleAsync(row => row.Season == Code && row.Unit == unit);
        switch (step)
        {
            case "submit":
                return (sheet.SubmittedBy, sheet.SubmittedAt);
            case "review":
                return asLeader ? (sheet.LeaderReviewedBy, sheet.LeaderReviewedAt) : (sheet.DeputyReviewedBy, sheet.DeputyReviewedAt);
            case "appraise":
                return (string.Join(' ', sheet.AppraisedBy), sheet.AppraisedAt);
            case "return" or "explain":
                var exchange = sheet.Exchanges.MaxBy(row => row.At)!;
                return (exchange.By, exchange.At);
            case "decide":
                var decision = await db.Decisions.AsNoTracking().Where(row => row.ClusterId == sheet.ClusterId).OrderBy(row => row.Version).LastAsync();
                return (decision.DecidedBy, decision.DecidedAt);
            case "published-results":
                var result = await db.PublishedResults.AsNoTracking().SingleAsync(row => row.Season == Code && row.Unit == unit && row.IsCurrent);
                return (result.LoadedBy, result.LoadedAt);
            case "adopt":
                var table = await db.CriteriaTables.AsNoTracking().SingleAsync(row => row.Id == Guid.Parse(ClusterOf(unit).Draft));
                return (table.AdoptedBy, table.AdoptedAt);
            default:
                return (null, null);
        }
    });

    /// <summary>
    /// By unit, and by nothing for what belongs to no sheet: another one as soon as any row was written, whatever was written, since
    /// PostgreSQL names the writer of every row.
    /// </summary>
    public async Task<Dictionary<string, string>> FingerprintsAsync()
    {
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var rows = await _fingerprints.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            fingerprints[rows.GetString(0)] = rows.GetString(1);
        }

        return fingerprints;
    }

    public async ValueTask DisposeAsync()
    {
        await _fingerprints.DisposeAsync();
        await _journal.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task FormAsync(string name, string leader, string deputy, params string[] members)
    {
        var id = await _season.ClusterAsync(name, leader, deputy, members);
        var table = ScoringSeason.Table.Replace("\"id\": \"T\"", $"\"id\": \"T-{name}\"", StringComparison.Ordinal);
        await _season.AdoptAsync(table, name);
        var draft = (await _season.Appraiser.PostJson(
            "criteria-tables", new JsonObject { ["season"] = Code, ["table"] = JsonNode.Parse(table), ["clusters"] = new JsonArray(name) })).Expect(201);
        Clusters.Add(new MatrixCluster(id, leader, deputy, members, (string)draft["id"]!));
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>Words of one season, for requests that speak of what there is.</summary>
internal sealed record Words(string Season, string Cluster, string ClusterId, IReadOnlyList<string> Units, IReadOnlyList<string> Criteria)
{
    public static Words Of(SmallSeason season) => new(season.Code, season.ClusterCode, season.ClusterId, season.Units, season.Criteria);
}

/// <summary>Who calls: an account, and the unit that it speaks for.</summary>
internal sealed record Attacker(string Account, string Role, string? Unit);

/// <summary>A running system with things of every kind in it, two seasons and an account of every role.</summary>
internal sealed partial class AttackWorld : IAsyncDisposable
{
    private const long TokenMilliseconds = 600_000;
    private static readonly string[] s_databases = ["clusters", "scoring", "awards", "documents", "identity"];
    private static int s_marked;

    private readonly MatrixScene _scene;
    private readonly SmallSeason _young;
    private readonly ConcurrentDictionary<string, (Task<string> Token, long At)> _tokens = new(StringComparer.Ordinal);

    private AttackWorld(MatrixScene scene, IReadOnlyDictionary<string, string> things, SmallSeason young)
    {
        _scene = scene;
        _young = young;
        Things = things;
        Seasons = [Words.Of(scene.Season), Words.Of(scene.Decided), Words.Of(young)];
    }

    public RunningSystem System => _scene.System;

    /// <summary>That of most things, one with a decided result, and one that has just begun; no unit is in two of them.</summary>
    public IReadOnlyList<Words> Seasons { get; }

    /// <summary>Something of every noun of an address; what an attack may end is not what other requests need.</summary>
    public IReadOnlyDictionary<string, string> Things { get; }

    /// <summary>Of nouns with things of their own below them: another one.</summary>
    public IReadOnlyDictionary<string, string> OtherParents { get; private init; } = new Dictionary<string, string>();

    public static async Task<AttackWorld> CreateAsync(SharedSystem shared)
    {
        var scene = new MatrixScene(shared);
        await scene.InitializeAsync();
        var season = scene.Season;
        foreach (var role in new[] { Roles.DataProvider, Roles.CouncilMember, Roles.CouncilChair })
        {
            using var account = await scene.System.WithAccountAsync(AccountOf(role, null), [role]);
        }

        var things = scene.Things.ToDictionary(StringComparer.Ordinal);
        things["units"] = $"{season.Code}-U";
        (await season.Admin.PostJson("units", new { units = new[] { new { code = things["units"], name = "Đơn vị", category = "HC", level = "TINH", valid_from = "2024-01-01" } } })).Expect(200);
        foreach (var (noun, body) in new (string, object)[]
        {
            ("levels", new { code = things["units"], label = "Cấp", order = 9, valid_from = "2000-01-01", basis = "F-35" }),
            ("unit-categories", new { code = things["units"], label = "Loại", season_type = "CALENDAR_YEAR", valid_from = "2000-01-01", basis = "R-06" }),
            ("activity-types", new { code = things["units"], label = "Loại", valid_from = "2000-01-01", basis = "R-07" }),
        })
        {
            (await season.Admin.PostJson(noun, body)).Expect(201);
            things[noun] = things["units"];
        }

        var young = await SmallSeason.CreateAsync(scene.System);
        var session = new { council = things["councils"], season = scene.Decided.Code, date = "2026-01-16", kind = "ORDINARY", document = "GM 2", agenda = new[] { new { topic = "Công tác năm" } } };
        var other = (string)(await scene.Decided.Secretary.PostJson("council-sessions", session)).Expect(201)["id"]!;
        return new AttackWorld(scene, things, young) { OtherParents = new Dictionary<string, string> { ["council-sessions"] = other } };
    }

    /// <summary>A text that is found again in a database, and nowhere else: <c>zq0000001z</c>.</summary>
    public static string Mark() => string.Create(CultureInfo.InvariantCulture, $"zq{Interlocked.Increment(ref s_marked):0000000}z");

    public static string? MarkIn(string text) => Marked().Match(text) is { Success: true } mark ? mark.Value : null;

    /// <summary>Of the units mostly the member whose things they are, or the leader.</summary>
    public static Attacker Caller(string role, Words words, Random random)
    {
        var unit = role is Roles.UnitClerk or Roles.UnitHead ? words.Units[random.Next(10) switch { < 4 => 2, < 7 => 0, _ => random.Next(words.Units.Count) }] : null;
        return new Attacker(AccountOf(role, unit), role, unit);
    }

    /// <summary>A token that is still good for a while.</summary>
    public Task<string> TokenAsync(Attacker caller) =>
        _tokens.AddOrUpdate(caller.Account, account => (FetchAsync(account), Environment.TickCount64), (account, had) => Environment.TickCount64 - had.At < TokenMilliseconds ? had : (FetchAsync(account), Environment.TickCount64)).Token;

    /// <summary>Marks that stand in any table of any service.</summary>
    public async Task<IReadOnlySet<string>> StoredMarksAsync()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in s_databases)
        {
            await using var connection = new NpgsqlConnection(System.DatabaseOf(service));
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            foreach (var table in await ColumnAsync(connection, "select tablename from pg_tables where schemaname = 'public'"))
            {
                found.UnionWith(await ColumnAsync(connection, $"select distinct (regexp_matches(t::text, 'zq[0-9]{{7}}z', 'g'))[1] from \"{table}\" t"));
            }
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        _young.Dispose();
        await _scene.DisposeAsync();
    }

    private static string AccountOf(string role, string? unit) => role switch
    {
        Roles.Admin => "admin",
        Roles.Appraiser => "agency-appraiser",
        Roles.AppraisalHead => "agency-head",
        Roles.CouncilSecretary => "council-secretary",
        Roles.Auditor => "test-auditor",
        _ when unit is not null => $"unit-{unit}",
        _ => $"attack-{role}",
    };

    private async Task<string> FetchAsync(string account)
    {
        using var client = await System.AsAsync(account);
        return client.DefaultRequestHeaders.Authorization!.Parameter!;
    }

    private static async Task<List<string>> ColumnAsync(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var values = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    [GeneratedRegex("zq[0-9]{7}z")]
    private static partial Regex Marked();
}

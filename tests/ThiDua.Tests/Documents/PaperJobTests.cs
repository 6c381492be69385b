using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>
/// All papers of a season as one job. The service of the test only answers; who makes the papers are instances that run as programs of
/// their own and may be killed. THIDUA_PAPERS says how many minutes are made by the measured job; THIDUA_KILLS how often the maker is killed.
/// </summary>
public sealed class PaperJobTests(PaperJobHost host) : IClassFixture<PaperJobHost>
{
    internal const int UsualPapers = 6;
    private const int UsualKills = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_makes_what_can_be_made_names_the_rest_and_packs_it()
    {
        var season = await host.DecidedAsync("B1", clusters: 2, members: 3);
        using var appraiser = host.As(Roles.Appraiser);
        var started = (await appraiser.PostJson("paper-jobs", new
        {
            season = season.Code, format = "BOTH", letterhead = "SNV", signer = "GD", cluster_letterhead = "CUM",
            kinds = new[] { "CLUSTER_MEETING_MINUTES", "UNIT_NOTICE", "GOVERNMENT_FLAG_SUBMISSION", "NOMINATION_LIST" },
        })).Expect(202);
        Assert.Equal($"/api/v1/paper-jobs/{started["id"]}", started.Location);
        Assert.True(int.Parse(started.Headers["Retry-After"], CultureInfo.InvariantCulture) > 0);
        Assert.Equal(("QUEUED", 1 + 3 + 2 + 6), ((string?)started["state"], (int)started["total"]!));
        (await appraiser.GetJson($"paper-jobs/{started["id"]}/archive")).Expect(404);

        await using var maker = await host.StartMakerAsync();
        var ended = await EndedAsync(appraiser, started);

        // No Government's flag was proposed: its letter and its list cannot be made, and say so.
        Assert.Equal(("FAILED", 10, 2), ((string?)ended["state"], (int)ended["made"]!, (int)ended["failed"]!));
        Assert.All(ended["failures"].AsArray(), failure => Assert.Equal("facts-missing", (string?)failure!["code"]));
        using var archive = await ArchiveAsync(appraiser, ended);
        var names = archive.Entries.Select(entry => entry.FullName).ToList();
        Assert.Equal((2 * 10) + 2, names.Count);
        Assert.Contains(names, name => name.StartsWith("Cụm, khối C01/", StringComparison.Ordinal) && name.EndsWith(".docx", StringComparison.Ordinal));
        await CheckSumsAsync(archive);
        var manifest = JsonNode.Parse(await ReadAsync(archive, "manifest.json"))!;
        Assert.Equal(12, manifest["papers"]!.AsArray().Count);
        Assert.Equal(2, manifest["papers"]!.AsArray().Count(paper => (string?)paper!["failure"] == "facts-missing"));

        // What has come in the meantime is made; what was made stays.
        var papers = await host.CountAsync(season);
        (await appraiser.PostJson($"paper-jobs/{started["id"]}/restart")).Expect(200);
        Assert.Equal("FAILED", (string?)(await EndedAsync(appraiser, started))["state"]);
        Assert.Equal(papers, await host.CountAsync(season));
    }

    [Fact]
    public async Task A_cancelled_job_stops_and_a_restart_makes_what_is_missing()
    {
        var season = await host.DecidedAsync("B2", clusters: 4, members: 3);
        using var appraiser = host.As(Roles.Appraiser);
        var job = (await StartAsync(appraiser, season, "DOCX")).Expect(202);

        (await appraiser.PostJson($"paper-jobs/{job["id"]}/cancel")).Expect(200);
        (await appraiser.PostJson($"paper-jobs/{job["id"]}/cancel")).Expect(409, "wrong-state");
        await using var maker = await host.StartMakerAsync();
        var other = (await StartAsync(appraiser, season, "DOCX", clusters: ["C02"])).Expect(202);
        Assert.Equal("DONE", (string?)(await EndedAsync(appraiser, other))["state"]);
        Assert.Equal(("CANCELLED", 0), ((string?)(await GetAsync(appraiser, job))["state"], (int)(await GetAsync(appraiser, job))["made"]!)); // the maker ran, and left it alone

        (await appraiser.PostJson($"paper-jobs/{job["id"]}/restart")).Expect(200);

        Assert.Equal(("DONE", 4), ((string?)(await EndedAsync(appraiser, job))["state"], (int)(await EndedAsync(appraiser, job))["made"]!));
        Assert.Equal(4, await host.CountAsync(season)); // that of C02 was there already
        (await appraiser.PostJson($"paper-jobs/{job["id"]}/restart")).Expect(409, "wrong-state");
    }

    [Fact]
    public async Task Two_makers_share_a_job_that_outlives_every_kill_and_make_each_paper_once()
    {
        var (clusters, kills) = (Number("THIDUA_PAPERS") ?? UsualPapers * 3, Number("THIDUA_KILLS") ?? UsualKills);
        var season = await host.DecidedAsync("B3", clusters, members: 3);
        using var appraiser = host.As(Roles.Appraiser);
        var job = (await StartAsync(appraiser, season, "BOTH")).Expect(202);
        await using var steady = await host.StartMakerAsync();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var victim = await host.StartMakerAsync();
            var before = (int)(await GetAsync(appraiser, job))["made"]!;
            await Eventually.TrueAsync(async () => await GetAsync(appraiser, job) is var now && ((int)now["made"]! > before || (string?)now["state"] is "DONE" or "FAILED"), "a paper was made", s_patience);
            Assert.False(victim.HasExited, victim.Output);
            victim.Kill();
        }

        Assert.Equal(("DONE", clusters), ((string?)(await EndedAsync(appraiser, job))["state"], (int)(await EndedAsync(appraiser, job))["made"]!));
        Assert.Equal(clusters, await host.CountAsync(season));
        using var archive = await ArchiveAsync(appraiser, await EndedAsync(appraiser, job));
        Assert.Equal((2 * clusters) + 2, archive.Entries.Count);
        await CheckSumsAsync(archive);
    }

    [Fact]
    public async Task What_one_maker_holds_the_others_leave_alone_until_it_lets_go()
    {
        var season = await host.DecidedAsync("B7", clusters: 3, members: 3);
        using var appraiser = host.As(Roles.Appraiser);
        var job = (await StartAsync(appraiser, season, "DOCX")).Expect(202);
        await using (var holder = new NpgsqlConnection(host.ConnectionString))
        {
            await holder.OpenAsync(Cancel);
            await using var transaction = await holder.BeginTransactionAsync(Cancel);
            await using var hold = new NpgsqlCommand("select 1 from paper_job_items where job_id = $1 and position = 1 for update", holder, transaction) { Parameters = { new() { Value = (Guid)job["id"]! } } };
            await hold.ExecuteScalarAsync(Cancel);
            await using var maker = await host.StartMakerAsync();
            await Eventually.AnswerAsync(() => GetAsync(appraiser, job), answer => (int)answer["made"]! == 2 && (string?)answer["state"] == "RUNNING", "the two others are made", s_patience);
        }

        // The connection ended without a word, as that of a killed process does; its paper goes to whoever comes next.
        await using var next = await host.StartMakerAsync();
        Assert.Equal(("DONE", 3), ((string?)(await EndedAsync(appraiser, job))["state"], (int)(await EndedAsync(appraiser, job))["made"]!));
    }

    [Fact]
    public async Task A_job_is_refused_at_once_for_what_every_paper_would_be_refused_for()
    {
        var season = await host.DecidedAsync("B5");
        using var appraiser = host.As(Roles.Appraiser);
        (await appraiser.PostJson("paper-jobs", new { season = season.Code, format = "PDF", letterhead = "KHONG", signer = "GD", kinds = new[] { "UNIT_NOTICE" } })).Expect(409, "no-letterhead");
        (await appraiser.PostJson("paper-jobs", new { season = "KHONG", format = "PDF", letterhead = "SNV", signer = "GD", kinds = new[] { "UNIT_NOTICE" } })).Expect(409, "not-known-yet");
        var wrong = (await appraiser.PostJson("paper-jobs", new { season = season.Code, format = "PDF" })).Expect(422);
        Assert.Equal([("MISSING_PROPERTY", "/letterhead"), ("MISSING_PROPERTY", "/cluster_letterhead")], wrong.Errors);
        wrong = (await appraiser.PostJson("paper-jobs", new { season = season.Code, format = "PDF", letterhead = "SNV", signer = "X", kinds = new[] { "UNIT_NOTICE" } })).Expect(422);
        Assert.Equal([("UNKNOWN_SIGNER", "/signer")], wrong.Errors);
        wrong = (await appraiser.PostJson("paper-jobs", new { season = season.Code, format = "PDF", cluster_letterhead = "CUM", kinds = new[] { "SCORE_SUMMARY" }, clusters = new[] { "C01", "C99" } })).Expect(422);
        Assert.Equal([("UNKNOWN_CLUSTER", "/clusters/1")], wrong.Errors);
    }

    internal static Task<ApiAnswer> StartAsync(HttpClient client, PaperSeason season, string format, string[]? clusters = null) =>
        client.PostJson("paper-jobs", new { season = season.Code, format, kinds = new[] { "CLUSTER_MEETING_MINUTES" }, cluster_letterhead = "CUM", clusters });

    private static async Task<ApiAnswer> GetAsync(HttpClient client, ApiAnswer job) => (await client.GetJson($"paper-jobs/{job["id"]}")).Expect(200);

    internal static Task<ApiAnswer> EndedAsync(HttpClient client, ApiAnswer job) =>
        Eventually.AnswerAsync(() => GetAsync(client, job), answer => (string?)answer["state"] is "DONE" or "FAILED" or "CANCELLED", "the job has ended", s_patience);

    private static async Task<ZipArchive> ArchiveAsync(HttpClient client, ApiAnswer job) =>
        new(new MemoryStream(await client.GetByteArrayAsync(new Uri((string)job["archive"]!, UriKind.Relative), Cancel)));

    private static async Task CheckSumsAsync(ZipArchive archive)
    {
        var lines = (await ReadAsync(archive, "SHA256SUMS")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(archive.Entries.Count - 2, lines.Length);
        foreach (var line in lines)
        {
            await using var content = await archive.GetEntry(line[66..])!.OpenAsync(Cancel);
            Assert.Equal(line[..64], Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Cancel)));
        }
    }

    private static async Task<string> ReadAsync(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(await archive.GetEntry(name)!.OpenAsync(Cancel));
        return await reader.ReadToEndAsync(Cancel);
    }

    internal static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A service that makes no papers itself, and instances that do, over its database and its contents.</summary>
public sealed class PaperJobHost(Servers servers) : PaperHost(servers)
{
    private string _virtualHost = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _virtualHost = await Servers.CreateVirtualHostAsync("papers");
    }

    public Task<int> CountAsync(PaperSeason season) => WithDatabaseAsync(db => db.Papers.CountAsync(paper => paper.Season == season.Code));

    /// <summary>An instance of the service that makes papers, as a program of its own.</summary>
    public Task<ChildProcess> StartMakerAsync()
    {
        var program = Repository.Program("ThiDua.Documents");
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Configure(settings);
        settings["Documents:PaperWorkers"] = "2";
        settings["ConnectionStrings:documentsdb"] = ConnectionString;
        settings["ConnectionStrings:rabbitmq"] = _virtualHost;
        settings["Authentication:Authority"] = Tokens.Authority;
        settings["Logging:LogLevel:Default"] = "Warning";
        settings["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return ChildProcess.StartAsync(
            ["dotnet", program], environment: settings.Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)), directory: Path.GetDirectoryName(program));
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Operations;

/// <summary>Dashboards and rules against Prometheus as it watches a running system with a season in it.</summary>
[Collection(WholeSystemTests.Name)]
public sealed partial class LiveMetricsTests(LiveMetricsTests.WatchedSeason watched) : IClassFixture<LiveMetricsTests.WatchedSeason>
{
    private static readonly string[] s_services = ["gateway", "identity", "clusters", "scoring", "awards", "documents"];

    public static TheoryData<string> Dashboards => [.. OperationsFiles.Dashboards.Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Services => [.. s_services];

    [Theory, MemberData(nameof(Dashboards))]
    public async Task Every_query_of_a_dashboard_finds_data(string file)
    {
        var dashboard = Repository.PathOf("operations", "grafana", "dashboards", file);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["__rate_interval"] = "1m", ["__interval"] = "15s", ["__range"] = "10m" };
        foreach (var (name, query, hasAll) in OperationsFiles.VariablesOf(dashboard))
        {
            var asked = LabelValues().Match(Resolved(query, values));
            Assert.True(asked.Success, $"{file}: ${name} asks “{query}”");
            // Other tests have seasons of their own in the same system: the one that was played for this one is waited for.
            var offered = await Eventually.AnswerAsync(
                () => watched.Prometheus.LabelValuesAsync(asked.Groups[1].Value, asked.Groups[2].Value),
                values => values.Count > 0 && (name != "season" || values.Contains(watched.Season)), $"{file}: ${name} offers what there is", TimeSpan.FromSeconds(60));
            values[name] = hasAll ? ".+" : offered.Contains(watched.Season) ? watched.Season : offered[0];
        }

        var queries = OperationsFiles.QueriesOf(dashboard).ToList();
        Assert.True(queries.Count > 10);
        foreach (var (where, query) in queries)
        {
            var expression = Resolved(query, values);
            await Eventually.TrueAsync(async () => (await watched.Prometheus.QueryAsync(expression)).Count > 0, $"{where} has data: {expression}", TimeSpan.FromSeconds(25));
        }
    }

    [Theory, MemberData(nameof(Dashboards))]
    public void A_dashboard_says_what_it_shows_in_units_and_links_to_runbooks_that_exist(string file)
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Repository.PathOf("operations", "grafana", "dashboards", file)))!;
        var panels = OperationsFiles.PanelsOf(dashboard).Where(panel => (string)panel["type"]! != "row").ToList();

        Nothing.In(panels.Where(panel => string.IsNullOrEmpty((string?)panel["fieldConfig"]!["defaults"]!["unit"]) || string.IsNullOrEmpty((string?)panel["title"])).Select(panel => $"{panel["id"]}"));
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        var runbooks = panels.SelectMany(panel => panel["links"]!.AsArray()).Select(link => (string)link!["url"]!).ToList();
        Assert.NotEmpty(runbooks);
        Nothing.In(runbooks.Where(url => !File.Exists(Repository.PathOf("docs", "runbooks", url.Replace("${runbooks}/", "", StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task Every_series_that_a_rule_asks_for_exists()
    {
        var elsewhere = SeriesElsewhere();
        var rules = await watched.Prometheus.RulesAsync();
        var recorded = rules.Where(rule => (string)rule["type"]! == "recording").Select(rule => (string)rule["name"]!).ToHashSet(StringComparer.Ordinal);
        var asked = rules.SelectMany(rule => OperationsFiles.SeriesIn((string)rule["query"]!)).Distinct().ToList();

        Assert.Equal(OperationsFiles.Alerts.Count, rules.Count(rule => (string)rule["type"]! == "alerting"));
        Assert.True(asked.Count > 30);
        var there = asked.Where(name => !recorded.Contains(name) && !elsewhere.Contains(name)).ToHashSet(StringComparer.Ordinal);
        // What the season of this class brought is read at the next scrape.
        IReadOnlySet<string> missing = there;
        await Eventually.TrueAsync(async () => (missing = there.Except(await watched.Prometheus.MetricNamesAsync()).ToHashSet(StringComparer.Ordinal)).Count == 0, "every series is scraped", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Every_rule_is_evaluated_without_an_error()
    {
        await Eventually.TrueAsync(() => watched.Prometheus.FiresAsync("Watchdog"), "the alert that always fires does");
        Nothing.In((await watched.Prometheus.RulesAsync()).Where(rule => (string)rule["health"]! != "ok").Select(rule => $"{rule["name"]}: {rule["health"]} {rule["lastError"]}"));
        Nothing.In((await watched.Prometheus.QueryAsync("up == 0")).Select(series => series!.ToJsonString()));
    }

    [Theory, MemberData(nameof(Services))]
    public async Task Metrics_are_named_as_Prometheus_wants_them(string service) =>
        Assert.Empty(await ChildProcess.RunAsync(["sh", "-c", "curl -sf \"$0\" | promtool check metrics", $"{watched.System.AddressOf(service)}metrics"], ct: TestContext.Current.CancellationToken));

    [Theory, MemberData(nameof(Services))]
    public async Task No_label_names_a_unit_or_a_row(string service)
    {
        using var client = new HttpClient();
        var all = await client.GetStringAsync(new Uri(watched.System.AddressOf(service), "metrics"), TestContext.Current.CancellationToken);
        var text = string.Join('\n', all.Split('\n').Where(line => !line.StartsWith("target_info", StringComparison.Ordinal))); // names the process, once

        Assert.Contains("http_server_request_duration_seconds", text, StringComparison.Ordinal);
        Nothing.In(watched.Units.Where(unit => text.Contains($"\"{unit}\"", StringComparison.Ordinal) || text.Contains($"/{unit}\"", StringComparison.Ordinal)));
        Nothing.In(RowKey().Matches(text).Select(match => match.Value));
        Nothing.In(Route().Matches(text).Select(match => match.Groups[1].Value).Where(route => route.StartsWith("/api/", StringComparison.Ordinal) && route.Split('/').Skip(3).Any(part => part.Any(char.IsDigit) && !part.StartsWith('{'))));
    }

    /// <summary>Series that only another installation has, with the reason: the table of docs/alerts.md.</summary>
    private static HashSet<string> SeriesElsewhere() =>
        [.. ElsewhereRow().Matches(File.ReadAllText(Repository.PathOf("docs", "alerts.md"))).Select(match => match.Groups[1].Value)];

    private static string Resolved(string query, Dictionary<string, string> values) =>
        Variable().Replace(query, match => values.TryGetValue(match.Groups[1].Value, out var value) ? value : throw new KeyNotFoundException($"Nobody sets {match.Value} in {query}"));

    [GeneratedRegex(@"^label_values\((.+), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex RowKey();

    [GeneratedRegex("http_route=\"([^\"]*)\"")]
    private static partial Regex Route();

    [GeneratedRegex(@"^\| `(\w+)` \| elsewhere", RegexOptions.Multiline)]
    private static partial Regex ElsewhereRow();

    /// <summary>The shared system with a season that went up to nominations, and with marks of a backup as <c>./thidua backup</c> leaves them.</summary>
    public sealed class WatchedSeason(SharedSystem shared) : IAsyncLifetime
    {
        private Prometheus? _prometheus;
        private RunningSystem? _system;

        public RunningSystem System => _system ?? throw new InvalidOperationException("Not started.");

        public Prometheus Prometheus => _prometheus ?? throw new InvalidOperationException("Not started.");

        public string Season { get; private set; } = "";

        public IReadOnlyList<string> Units { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            _system = await shared.Running;
            _prometheus = new Prometheus(_system.Prometheus);
            using var season = await SmallSeason.CreateAsync(_system);
            (Season, Units) = (season.Code, season.Units);
            var etag = (await season.Head.GetJson($"seasons/{season.Code}")).Expect(200).ETag;
            (await season.Head.PutJson($"seasons/{season.Code}/calendar", """{"calendar":{"SELF_SCORING":{"opens":"2026-01-01","closes":"2099-12-31"}},"reason":"Để thử"}""", etag)).Expect(200);
            await season.PlayUntilDecidedAsync();
            await season.AdvanceAsync("PROPOSAL");
            (await SmallSeason.Known(() => season.Appraiser.PostJson("nominations", new { season = season.Code, cluster = season.ClusterCode }))).Expect(201);

            var metrics = Path.Combine(_system.DataDirectory, "metrics", "backup.prom");
            if (!File.Exists(metrics))
            {
                var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
                await File.WriteAllTextAsync(metrics, $"thidua_backup_last_success_timestamp_seconds {now}\nthidua_restore_drill_last_success_timestamp_seconds {now}\n");
            }
        }

        public ValueTask DisposeAsync()
        {
            _prometheus?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

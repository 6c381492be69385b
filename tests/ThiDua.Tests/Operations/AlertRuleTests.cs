using System.Text.RegularExpressions;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>The rules by themselves: each alert fires on its fault and stays silent in health, and says what to do.</summary>
public sealed partial class AlertRuleTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static TheoryData<string> Tests => [.. OperationsFiles.RuleTests.Select(file => Path.GetFileName(file))];

    [Theory, MemberData(nameof(Tests))]
    public async Task Prometheus_own_tests_pass(string file) =>
        Assert.Contains("SUCCESS", await ChildProcess.RunAsync(["promtool", "test", "rules", Repository.PathOf("operations", "prometheus", "tests", file)], ct: Cancel), StringComparison.Ordinal);

    [Fact]
    public void Every_alert_is_tried_with_its_fault_and_in_health()
    {
        var cases = OperationsFiles.RuleTests.SelectMany(file => Case().Matches(File.ReadAllText(file)).Select(match => (Alert: match.Groups[1].Value, Fires: match.Groups[2].Value != "[]"))).ToHashSet();

        Assert.True(OperationsFiles.Alerts.Count > 30);
        Nothing.In(OperationsFiles.Alerts.Where(alert => !cases.Contains((alert, true))).Select(alert => $"{alert} is not seen to fire"));
        // The one that always fires is silent only when nobody evaluates it.
        Nothing.In(OperationsFiles.Alerts.Where(alert => alert != "Watchdog" && !cases.Contains((alert, false))).Select(alert => $"{alert} is not seen to be silent"));
    }

    [Fact]
    public void Every_alert_has_a_severity_and_a_runbook_and_every_runbook_its_alert()
    {
        var rules = string.Join('\n', OperationsFiles.Rules.Select(File.ReadAllText));
        var runbooks = OperationsFiles.Runbooks.Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(OperationsFiles.Alerts.Count, Regex.Count(rules, @"labels: \{ severity: (page|ticket|none) \}"));
        Assert.Equal(OperationsFiles.Alerts.Count, Regex.Count(rules, @"\n +summary: "".+""\n +description: "".+""\n"));
        Nothing.In(OperationsFiles.Alerts.Where(alert => !rules.Contains($"runbook_url: docs/runbooks/{alert}.md\n", StringComparison.Ordinal)));
        Assert.Equal(OperationsFiles.Alerts.Order(StringComparer.Ordinal), runbooks.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prometheus_and_Alertmanager_accept_their_files()
    {
        await ChildProcess.RunAsync(["promtool", "check", "rules", .. OperationsFiles.Rules], ct: Cancel);
        await ChildProcess.RunAsync(["amtool", "check-config", Repository.PathOf("operations", "alertmanager", "alertmanager.yml")], ct: Cancel);
    }

    [Theory]
    [InlineData("severity=page", "page")]
    [InlineData("severity=ticket", "ticket")]
    [InlineData("alertname=Watchdog", "dead-man")]
    public async Task An_alert_goes_to_those_whom_it_concerns(string label, string receiver) =>
        Assert.Equal(receiver, (await ChildProcess.RunAsync(["amtool", "config", "routes", "test", $"--config.file={Repository.PathOf("operations", "alertmanager", "alertmanager.yml")}", label], ct: Cancel)).Trim().Split('\n')[^1]); // after a warning that amtool always gives

    [GeneratedRegex(@"expr: ALERTS\{alertname=""(\w+)"",alertstate=""firing""\}\n +eval_time: \S+\n +exp_samples: (\[\]|\[ )")]
    private static partial Regex Case();
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThiDua.Gateway.Operations;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Gateway;

namespace ThiDua.Tests.Operations;

/// <summary>What /ops tells in each state of the system, and that it tells something in all of them.</summary>
public sealed class OperationsPageTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_system_is_said_to_be_so_with_its_figures()
    {
        await using var gateway = await OperatedGateway.StartAsync();

        var html = await gateway.PageAsync();
        var words = OperatedGateway.Words(html);

        Assert.Contains("✔ Hệ thống hoạt động bình thường", words, StringComparison.Ordinal);
        Assert.Contains("6/6 tiến trình sẵn sàng; 0 cảnh báo đang phát.", words, StringComparison.Ordinal);
        Assert.Contains("Sao lưu cuối 5 giờ", words, StringComparison.Ordinal);
        Assert.Contains("Mùa 2025-COMMUNES", words, StringComparison.Ordinal);
        Assert.Contains("tự chấm 3 đơn vị", words, StringComparison.Ordinal);
        Assert.Contains("CUM-16", words, StringComparison.Ordinal);
        Assert.Contains("Cờ thi đua của UBND tỉnh", words, StringComparison.Ordinal);
        Assert.Contains("41.230", words, StringComparison.Ordinal); // a thousand's point, as in Việt Nam
        Assert.Contains("18,4", words, StringComparison.Ordinal);
        Assert.Contains("scoring_error", words, StringComparison.Ordinal);
        Assert.Contains("chạy được", words, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(OperationsQueries.Instant.Count + OperationsQueries.Range.Count + 1, gateway.Prometheus.Requests);
    }

    [Fact]
    public async Task The_page_is_one_document_without_scripts_and_charts_have_words_and_tables()
    {
        await using var gateway = await OperatedGateway.StartAsync();

        var html = await gateway.PageAsync("/ops?refresh=30");

        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"vi\">", html, StringComparison.Ordinal);
        Assert.Contains("<meta http-equiv=\"refresh\" content=\"30\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", await gateway.PageAsync("/ops?refresh=1"), StringComparison.Ordinal);
        var charts = html.Split("<figure")[1..].Select(chart => chart[..chart.IndexOf("</figure>", StringComparison.Ordinal)]).ToList();
        Assert.Equal(6, charts.Count);
        Assert.All(charts, chart =>
        {
            Assert.Contains("role=\"img\"", chart, StringComparison.Ordinal);
            Assert.Contains("<title ", chart, StringComparison.Ordinal);
            Assert.Matches("<desc [^>]*>[^<]*hiện tại [^<]*cao nhất", chart);
            Assert.Equal(14, chart.Split("<tr>").Length - 1);
        });
    }

    [Fact]
    public async Task A_firing_alert_makes_the_verdict_and_leads_to_its_runbook()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-12);
        gateway.Prometheus.Alerts =
        [
            FakePrometheus.Alert("ErrorQueueNotEmpty", "ticket", "Có thông điệp hỏng", since.AddHours(-2), runbook: "docs/runbooks/error-queue.md"),
            FakePrometheus.Alert("ScoringBurnsItsBudget", "page", "Scoring trả lỗi 5xx quá nhiều", since, runbook: "https://git.example/docs/runbooks/nothing-here.md"),
            FakePrometheus.Alert("SoonToFire", "critical", "Chưa đủ lâu", since, "pending"),
            FakePrometheus.Alert("Watchdog", "none", "Luôn phát", since),
        ];

        var html = await gateway.PageAsync();
        var words = OperatedGateway.Words(html);
        var verdict = OperatedGateway.Words(html[..html.IndexOf("id=\"tom-tat\"", StringComparison.Ordinal)]);

        Assert.Contains("✖ Hệ thống có sự cố: 1 vấn đề nghiêm trọng, 1 cảnh báo", verdict, StringComparison.Ordinal);
        Assert.Matches("Nghiêm trọng Scoring trả lỗi 5xx quá nhiều từ .*12 phút trước.*Cảnh báo Có thông điệp hỏng", verdict);
        Assert.Contains("<a href=\"/ops/runbooks/error-queue\">", html, StringComparison.Ordinal);
        Assert.Contains("chưa có sổ tay", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Chưa đủ lâu", verdict, StringComparison.Ordinal);
        Assert.Contains("chờ xác nhận", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Watchdog", words, StringComparison.Ordinal);
        Assert.DoesNotContain("git.example", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("down", "không kết nối được")]
    [InlineData("silent", "không trả lời trong 0,5 giây")]
    [InlineData("failing", "trả lời không đúng dạng hoặc báo lỗi")]
    [InlineData("nonsense", "trả lời không đúng dạng hoặc báo lỗi")]
    [InlineData("unset", "Gateway:Prometheus")]
    public async Task Without_Prometheus_the_page_says_so_and_shows_what_the_gateway_knows(string how, string reason)
    {
        await using var gateway = await OperatedGateway.StartAsync(how == "unset" ? [("Gateway:Prometheus", "")] : [("Gateway:Operations:PrometheusTimeoutMilliseconds", "500")]);
        gateway.Prometheus.Takeover = how switch
        {
            "silent" => context => Task.Delay(Timeout.Infinite, context.RequestAborted),
            "failing" => context =>
            {
                context.Response.StatusCode = 500;
                return context.Response.WriteAsync("<html>", Cancel);
            },
            _ => context => context.Response.WriteAsync("{\"status\":\"success\",\"data\":[1]}", Cancel),
        };
        if (how == "down")
        {
            await gateway.Prometheus.DisposeAsync();
        }

        var words = OperatedGateway.Words(await gateway.PageAsync());

        Assert.Contains("▲ Các dịch vụ sẵn sàng, nhưng không có số liệu giám sát", words, StringComparison.Ordinal);
        Assert.Contains("không biết có cảnh báo nào đang phát hay không", words, StringComparison.Ordinal);
        Assert.Contains(reason, words, StringComparison.Ordinal);
        Assert.Contains("scoring " + new Uri(gateway.Gateway.Services["scoring"].Address).Authority + " ✔ sẵn sàng", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_system_has_a_page_that_claims_nothing()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        gateway.Prometheus.IsEmpty = true;

        var words = OperatedGateway.Words(await gateway.PageAsync());

        Assert.Contains("Hệ thống hoạt động bình thường", words, StringComparison.Ordinal);
        Assert.Contains("Chưa có mùa thi đua nào trong số liệu.", words, StringComparison.Ordinal);
        Assert.Contains("Hộp gửi – ", words, StringComparison.Ordinal);
        Assert.Contains("Sao lưu cuối – chưa biết", words, StringComparison.Ordinal);
        Assert.Contains("Chưa có số liệu trong một giờ qua.", words, StringComparison.Ordinal);
        Assert.Contains("chỉ số chưa có số liệu", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_serve_is_named_with_its_failing_check_and_a_lost_replica_is_less_than_that()
    {
        await using var second = await StubService.StartAsync();
        await using var gateway = await OperatedGateway.StartAsync(("ReverseProxy:Clusters:scoring:Destinations:second:Address", second.Address));
        second.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsJsonAsync(new { status = "Unhealthy", checks = new { database = new { status = "Unhealthy" }, self = new { status = "Healthy" } } }, Cancel);
        };
        var warning = OperatedGateway.Words(await gateway.PageAsync());
        await gateway.Gateway.Services["awards"].DisposeAsync();
        var alert = FakePrometheus.Alert("ServiceDown", "page", "Dịch vụ awards ngừng chạy", TimeProvider.System.GetUtcNow().AddMinutes(-7));
        alert["labels"]!["job"] = "awards";
        gateway.Prometheus.Alerts = [alert];

        var words = OperatedGateway.Words(await gateway.PageAsync());

        Assert.Contains("▲ Hệ thống đang phục vụ, có 1 điểm cần xử lý", warning, StringComparison.Ordinal);
        Assert.Contains($"Dịch vụ scoring còn 1/2 bản: {new Uri(second.Address).Authority} chưa sẵn sàng (HTTP 503): database", warning, StringComparison.Ordinal);
        Assert.Contains("✖ Hệ thống có sự cố: 1 vấn đề nghiêm trọng, 1 cảnh báo", words, StringComparison.Ordinal);
        Assert.Matches("Dịch vụ awards không phục vụ được: .* không kết nối được từ .* \\(7 phút trước\\) Cách xử lý: ServiceDown", words); // the alert about the same is told with it, not beside it
        Assert.Contains("Cách xử lý: ReplicaDown", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_a_label_says_it_stays_words()
    {
        const string Hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>&amp;'`</style></title>";
        await using var gateway = await OperatedGateway.StartAsync();
        var instance = gateway.Prometheus.Instances["scoring"];
        gateway.Prometheus.Alerts = [FakePrometheus.Alert(Hostile, "critical", Hostile + new string('x', 5_000), TimeProvider.System.GetUtcNow(), runbook: "javascript:alert(1)//ServiceDown.md")];
        foreach (var (query, labels) in new Dictionary<string, (string, string)[]>
        {
            ["sheets"] = [("season", Hostile), ("cluster", Hostile), ("state", Hostile)],
            ["deadline"] = [("season", Hostile), ("phase", Hostile)],
            ["overdue"] = [("season", Hostile), ("what", Hostile)],
            ["nominations"] = [("season", Hostile), ("award", Hostile), ("state", Hostile)],
            ["queues"] = [("queue", Hostile)],
            ["outbox"] = [("job", Hostile)],
            ["journal"] = [("job", Hostile)],
            ["started"] = [("job", "scoring"), ("instance", instance), ("version", Hostile)],
            ["up"] = [("job", Hostile), ("instance", Hostile)],
        })
        {
            gateway.Prometheus.Instead[query] = [FakePrometheus.One(1, labels)];
        }

        var html = await gateway.PageAsync();

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
        Assert.Single(html.Split("</style>")[1..]);
        Assert.DoesNotContain(new string('x', 600), html, StringComparison.Ordinal);
        Assert.True(OperatedGateway.Words(html).Split("<script>alert(1)</script>").Length > 15, "every label is shown, as words");
    }

    [Fact]
    public async Task Numbers_that_are_none_leave_no_trace()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        gateway.Prometheus.Instead["p95"] = [FakePrometheus.One(double.NaN, ("job", "gateway"))];
        gateway.Prometheus.Instead["cpu"] = [FakePrometheus.One(double.PositiveInfinity)];
        gateway.Prometheus.Instead["deadline"] = [FakePrometheus.One(1e300, ("season", "2025"), ("phase", "COUNCIL"))];

        var words = OperatedGateway.Words(await gateway.PageAsync());

        Assert.Contains("Trả lời p95 – ", words, StringComparison.Ordinal);
        Assert.Contains("CPU – ", words, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_gets_the_same_facts_as_JSON()
    {
        await using var gateway = await OperatedGateway.StartAsync();
        using var script = gateway.As(Roles.Admin, "application/json");

        var facts = await script.GetFromJsonAsync<JsonElement>("/ops", Cancel);

        Assert.Equal("OK", facts.GetProperty("verdict").GetProperty("level").GetString());
        Assert.Equal(["gateway", "awards", "clusters", "documents", "identity", "scoring"], facts.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("name").GetString()));
        Assert.Equal(0, facts.GetProperty("messages").GetProperty("in_error_queues").GetDouble());
        Assert.Equal(61, facts.GetProperty("charts")[0].GetProperty("lines")[0].GetProperty("samples").GetArrayLength());
        Assert.Equal("2025-COMMUNES", facts.GetProperty("seasons")[0].GetProperty("code").GetString());
        Assert.True(facts.GetProperty("seasons")[1].GetProperty("is_over").GetBoolean());
    }

    [Fact]
    public async Task Ten_operators_cost_Prometheus_one_reading()
    {
        await using var gateway = await OperatedGateway.StartAsync(("Gateway:Operations:ReadingSeconds", "60"));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.PageAsync()));

        Assert.Equal(OperationsQueries.Instant.Count + OperationsQueries.Range.Count + 1, gateway.Prometheus.Requests);
    }

    [Fact]
    public async Task A_runbook_is_read_here_and_leads_nowhere_else()
    {
        await using var gateway = await OperatedGateway.StartAsync();

        var html = await gateway.PageAsync("/ops/runbooks/ServiceDown");
        var list = await gateway.PageAsync("/ops/runbooks");
        using var auditor = gateway.As(Roles.Auditor);
        using var none = await auditor.GetAsync(new Uri("/ops/runbooks/..%2F..%2Fappsettings.json", UriKind.Relative), Cancel);

        Assert.Contains("<h1>A service is down</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<td>1</td>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/ops/runbooks/error-queue\">errors</a>", html, StringComparison.Ordinal);
        Assert.Contains("See the backups, ", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("/ops/runbooks/ServiceDown", list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }
}

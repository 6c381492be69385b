using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Logs;

/// <summary>What an operator must find in the logs, and what nobody can put there.</summary>
public sealed class SecurityEventTests
{
    [Fact]
    public void A_line_is_one_line_whatever_a_caller_wrote_and_its_time_is_UTC()
    {
        const string Forged = "a\r\n{\"level\":\"information\",\"message\":\"admin signed in\"}\u2028\u0085\0\u001b[2J";
        using var written = new StringWriter();

        new JsonLines(new ServiceIdentity("tests"), TimeProvider.System).Write(
            new LogEntry<string>(LogLevel.Information, "tests", default, Forged, null, (state, _) => state), null, written);

        var line = written.ToString();
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(line[..^1], character => char.IsControl(character) || character is '\u2028' or '\u2029');
        Assert.EndsWith("Z", (string)JsonNode.Parse(line)!["timestamp"]!, StringComparison.Ordinal);
        Assert.Equal(Forged, (string?)JsonNode.Parse(line)!["message"]);
    }

    [Fact]
    public async Task What_nobody_expected_is_logged_and_not_told()
    {
        var lines = new ConcurrentQueue<string>();
        SuiteLog.Written += lines.Enqueue;
        try
        {
            var builder = WebApplication.CreateSlimBuilder();
            SuiteLog.AddTo(builder.Logging.ClearProviders(), "throwing");
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddProblems();
            await using var service = builder.Build();
            service.UseProblems();
            service.MapGet("/", () =>
            {
                throw new FieldAccessException("inside of the machine: Password=hidden");
            });
            await service.StartAsync(TestContext.Current.CancellationToken);
            using var caller = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };

            var answer = (await caller.GetJson("/")).Expect(500, "internal-error");

            Assert.DoesNotContain("inside", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", answer.Text + string.Join(' ', answer.Headers.Values), StringComparison.Ordinal);
        }
        finally
        {
            SuiteLog.Written -= lines.Enqueue;
        }

        Assert.Contains(lines, line => line.Contains("Request GET / failed", StringComparison.Ordinal) && line.Contains(nameof(FieldAccessException), StringComparison.Ordinal));
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using ThiDua.Tests.Logs;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>
/// Of a thousand requests, good and bad, with a trace of the caller's or of the gateway's own: each is found by its trace id in every
/// span, log, journal row and refusal that it has caused.
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class ThousandTracesTests(SharedSystem shared)
{
    private const int Requests = 1000;
    private const int AtOnce = 8;
    private static readonly string[] s_consumers = ["scoring", "awards", "documents"];

    private enum Kind
    {
        /// <summary>A change that others are told of.</summary>
        Change,

        Read,

        /// <summary>Refused by a service that looked into its database.</summary>
        NotFound,

        /// <summary>Refused by a service for what was sent.</summary>
        Invalid,

        /// <summary>Refused by the gateway.</summary>
        NoToken,
    }

    private sealed record Sent(Kind Kind, string Trace, bool OwnTrace, ApiAnswer Answer);

    [Fact]
    public async Task A_trace_id_leads_everywhere()
    {
        var system = await shared.Running;
        using var season = await SmallSeason.CreateAsync(system);
        using var anybody = system.Anonymous();
        system.Traces.Keeps = true;
        var clock = Stopwatch.StartNew();
        using var slots = new SemaphoreSlim(AtOnce);
        var sent = await Task.WhenAll(Enumerable.Range(0, Requests).Select(number => SendAsync(number, season, anybody, slots)));
        var took = clock.Elapsed;

        var missing = await Eventually.AnswerAsync(() => MissingSpansAsync(system, sent), missing => missing.Count == 0, "every span has come", TimeSpan.FromSeconds(60));
        Assert.Empty(missing);
        system.Traces.Keeps = false;

        var changes = sent.Where(one => one.Kind == Kind.Change).Select(one => one.Trace).ToHashSet(StringComparer.Ordinal);
        foreach (var service in s_consumers.Append("clusters"))
        {
            await Eventually.AnswerAsync(async () => changes.Except(await JournalAsync(season.Auditor, service)).Count(), left => left == 0, $"every change is in the journal of {service}");
        }

        await Eventually.AnswerAsync(() => Task.FromResult(MissingInLogs(system, sent)), lines => lines.Count == 0, "every request is in every log that it belongs to");
        foreach (var refused in sent.Where(one => one.Kind is not (Kind.Change or Kind.Read)))
        {
            Assert.Equal(refused.Trace, (string?)refused.Answer["traceId"]);
        }

        TestContext.Current.SendDiagnosticMessage($"{Requests} requests in {took.TotalSeconds:0.0} s, {changes.Count} of them changes; all traces whole after {clock.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>What a person wrote stands in no log of a system in which a season was played.</summary>
    [Fact]
    public async Task Logs_of_a_played_season_are_json_and_name_nobody()
    {
        var system = await shared.Running;
        using var season = await SmallSeason.CreateAsync(system);
        const string Person = "Nguyễn Thị Chim Hoàng Yến";
        (await season.Admin.PostJson("contacts", new { holder = "UNIT", unit = season.Member, name = Person, email = $"hoang.yen.{season.Code}@tinh.gov.vn" })).Expect(201);
        await season.PlayUntilDecidedAsync();
        (await season.Head.CallAsync(HttpMethod.Get, "units?search=" + Uri.EscapeDataString(Person))).Expect(200);

        var lines = system.LogLines().ToList();
        Assert.NotEmpty(lines);
        Nothing.In(lines.Where(line => !IsWhole(line.Line)).Select(line => $"{line.File}: {line.Line}").Take(10));
        Nothing.In(SuiteLog.Canaries.FoundIn(lines.Select(line => line.Line)));
    }

    private static bool IsWhole(string line)
    {
        try
        {
            var json = JsonNode.Parse(line)!;
            return ((string)json["timestamp"]!).EndsWith('Z') && (string?)json["level"] is { Length: > 0 } && (string?)json["service"] is { Length: > 0 } && json["message"] is not null;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private static async Task<Sent> SendAsync(int number, SmallSeason season, HttpClient anybody, SemaphoreSlim slots)
    {
        await slots.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var trace = ActivityTraceId.CreateRandom().ToString();
            var own = number % 2 == 0;
            var headers = own ? new Dictionary<string, string> { ["traceparent"] = $"00-{trace}-00f067aa0ba902b7-01" } : null;
            var kind = (number % 10) switch { < 4 => Kind.Change, < 6 => Kind.Read, < 8 => Kind.NotFound, 8 => Kind.Invalid, _ => Kind.NoToken };
            var unit = new { units = new[] { new { code = $"{season.Code}-N{number}", name = $"Đơn vị {number}", category = "HC", level = "TINH", valid_from = "2024-01-01" } } };
            var answer = kind switch
            {
                Kind.Change => (await season.Admin.CallAsync(HttpMethod.Post, "units", unit, headers: headers)).Expect(200),
                Kind.Read => (await season.Auditor.CallAsync(HttpMethod.Get, $"seasons/{season.Code}", headers: headers)).Expect(200),
                Kind.NotFound => (await season.Auditor.CallAsync(HttpMethod.Get, $"seasons/none-{number}", headers: headers)).Expect(404),
                Kind.Invalid => (await season.Admin.CallAsync(HttpMethod.Post, "units", new { units = new[] { new { code = "" } } }, headers: headers)).Expect(422),
                _ => (await anybody.CallAsync(HttpMethod.Get, "seasons", headers: headers)).Expect(401),
            };

            // Every answer says which trace it belongs to, the caller's or the gateway's own.
            var answered = answer.Headers["traceparent"].Split('-')[1];
            Assert.True(!own || answered == trace, $"the gateway answered with trace {answered} to a caller's {trace}");
            return new Sent(kind, answered, own, answer);
        }
        finally
        {
            slots.Release();
        }
    }

    private static Task<List<string>> MissingSpansAsync(RunningSystem system, IEnumerable<Sent> sent) => Task.FromResult(
    (
        from one in sent
        let spans = system.Traces.Of(one.Trace)
        from missing in Expected(one.Kind).Where(expected => !spans.Any(expected.Is)).Select(expected => expected.What)
        select $"{one.Kind} {one.Trace} (caller's: {one.OwnTrace}): {missing} among {string.Join("; ", spans.Select(span => $"{span.Service} {span.Name}"))}").Take(5).ToList());

    private static IEnumerable<(string What, Func<ReceivedSpan, bool> Is)> Expected(Kind kind)
    {
        yield return ("the gateway's span", span => span is { Service: "gateway", Kind: 2 });
        if (kind == Kind.NoToken)
        {
            yield break;
        }

        yield return ("the service's span, with the account", span => span is { Service: "clusters", Kind: 2, Account: not null });
        if (kind is Kind.Invalid)
        {
            yield break;
        }

        yield return ("a statement's span with the name of its table", span => span is { Service: "clusters", Scope: "Npgsql" } && span.Name.Contains(kind == Kind.Change ? "units" : "seasons", StringComparison.Ordinal));
        if (kind is not Kind.Change)
        {
            yield break;
        }

        yield return ("the outbox's span", span => span is { Service: "clusters", Name: "outbox publish" });
        foreach (var consumer in s_consumers)
        {
            yield return ($"the consumer's span in {consumer}", span => span.Service == consumer && span.Kind == 5);
            yield return ($"a statement's span in {consumer}", span => span.Service == consumer && span.Scope == "Npgsql");
        }
    }

    private static List<string> MissingInLogs(RunningSystem system, IEnumerable<Sent> sent)
    {
        var traces = system.LogLines()
            .Select(line => JsonNode.Parse(line.Line)!)
            .Where(line => line["trace_id"] is not null)
            .GroupBy(line => (string)line["service"]!, line => (string)line["trace_id"]!)
            .ToDictionary(lines => lines.Key, lines => lines.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        string[] Logs(Kind kind) => kind switch { Kind.NoToken => ["gateway"], Kind.Change => ["gateway", "clusters", .. s_consumers], _ => ["gateway", "clusters"] };
        return [.. from one in sent from log in Logs(one.Kind) where !traces[log].Contains(one.Trace) select $"{one.Kind} {one.Trace} in the log of {log}"];
    }

    private static async Task<HashSet<string>> JournalAsync(HttpClient auditor, string service)
    {
        var traces = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        for (var page = 0; page < 10 && (page == 0 || next is not null); page++)
        {
            var rows = (await auditor.GetJson($"journal/{service}?limit=200{(next is null ? "" : $"&cursor={next}")}")).Expect(200).Json!;
            traces.UnionWith(rows["items"]!.AsArray().Select(row => (string?)row!["trace_id"]).OfType<string>());
            next = (string?)rows["next"];
        }

        return traces;
    }
}

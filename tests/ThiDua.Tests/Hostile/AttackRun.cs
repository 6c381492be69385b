using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>One request of an attack.</summary>
internal sealed record AttackRequest(DescribedOperation Operation, Attacker? Caller, string What, Wrongness Wrongness, string Method, string Target, byte[]? Body, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>What stands in a text of the body, to be found again in a database if it was kept.</summary>
    public string? Mark { get; init; }

    /// <summary>With this body, and a mark of its own where it has one.</summary>
    public AttackRequest Marked(byte[]? body)
    {
        if (Mark is null || body is null || body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark)) is var at && at < 0)
        {
            return this with { Body = body, Mark = null };
        }

        var mark = AttackWorld.Mark();
        var marked = body.ToArray();
        Encoding.ASCII.GetBytes(mark).CopyTo(marked, at);
        return this with { Body = marked, Mark = mark };
    }

    /// <summary>As somebody writes it who sends it once more.</summary>
    public override string ToString()
    {
        var body = Body is null ? "" : Encoding.UTF8.GetString(Body);
        var headers = string.Concat(Headers.Where(header => header.Name != "Authorization").Select(header => $"\n    {header.Name}: {(header.Value.Length > 200 ? $"{header.Value[..200]}… ({header.Value.Length})" : header.Value)}"));
        return $"{Operation}: {What}\n  {Method} {(Target.Length > 400 ? $"{Target[..400]}… ({Target.Length})" : Target)}\n    (as {Caller?.Account ?? "nobody"}, {Caller?.Role}){headers}\n    {(body.Length > 1500 ? $"{body[..1500]}… ({body.Length})" : body)}";
    }
}

/// <summary>Sends requests, holds every answer against the rules, and counts.</summary>
internal sealed class AttackRun(AttackWorld world, AnswerRules rules)
{
    // The gateway itself ends after a minute what a service has not answered, and says so.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(70);

    private readonly ConcurrentDictionary<string, string> _findings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentDictionary<string, int> _accepted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _called = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AttackRequest> _refusedMarks = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _errors;
    private int _problems;
    private int _noRequests;

    public int Sent => _milliseconds.Count;

    public IReadOnlyCollection<string> Findings => [.. _findings.Values];

    /// <param name="request">What is sent.</param>
    /// <param name="before">The calls before it, for a finding.</param>
    public async Task<RawAnswer> SendAsync(AttackRequest request, string before = "")
    {
        List<(string Name, string Value)> headers = request.Caller is { } caller ? [("Authorization", $"Bearer {await world.TokenAsync(caller)}"), .. request.Headers] : [.. request.Headers];
        var started = _clock.Elapsed;
        var answer = await RawHttp.SendAsync(world.System.Gateway, request.Method, request.Target, headers, request.Body, s_limit);
        _milliseconds.Add((_clock.Elapsed - started).TotalMilliseconds);
        _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        _called.AddOrUpdate(request.Operation.ToString(), 1, (_, count) => count + 1);
        if (answer.Status is >= 200 and < 300 && request.Wrongness == Wrongness.None)
        {
            _accepted.AddOrUpdate(request.Operation.ToString(), 1, (_, count) => count + 1);
        }
        else if (answer.Status >= 400)
        {
            var isNoRequest = AnswerRules.IsNoRequest(request.Wrongness, answer);
            Interlocked.Add(ref _errors, isNoRequest ? 0 : 1);
            Interlocked.Add(ref _problems, !isNoRequest && answer.IsProblem ? 1 : 0);
            Interlocked.Add(ref _noRequests, isNoRequest ? 1 : 0);
            if (request.Mark is { } mark && answer.Status != 409) // those are kept under the request's key
            {
                _refusedMarks[mark] = request;
            }
        }

        if (rules.Flaw(request.Operation, request.Wrongness, answer) is { } flaw)
        {
            Report(flaw, request, answer, before);
        }

        if (answer.Status == 401 && request.Caller is not null)
        {
            Report("a good token was refused", request, answer, before);
        }

        if (request.Operation.Path.StartsWith("/api/v1/read-only", StringComparison.Ordinal) && request.Method == "POST" && answer.Status < 300 && (bool?)JsonOf(answer)?["read_only"] != false)
        {
            await OpenAgainAsync(request);
        }

        return answer;
    }

    /// <summary>One finding of its kind at an operation is enough: the first is kept.</summary>
    public void Report(string flaw, AttackRequest request, RawAnswer? answer, string before = "") =>
        _findings.TryAdd($"{request.Operation} {request.Wrongness} {flaw[..Math.Min(flaw.Length, 60)]}", $"FINDING {flaw}\n  {before}{request}\n    → {(answer is null ? "" : $"{answer.Status} {(answer.Text.Length > 700 ? answer.Text[..700] + "…" : answer.Text)}")}");

    /// <summary>What was refused must be in no table.</summary>
    public async Task LookForRefusedAsync()
    {
        foreach (var mark in (await world.StoredMarksAsync()).Where(_refusedMarks.ContainsKey))
        {
            Report("refused, but kept", _refusedMarks[mark], null);
        }

        _refusedMarks.Clear();
    }

    /// <summary>The figures of the run, a line each.</summary>
    public string Figures(int operations)
    {
        var sorted = _milliseconds.Order().ToList();
        double At(double share) => sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];
        var statuses = string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            requests          {Sent} in {_clock.Elapsed.TotalSeconds:0} s ({Sent / _clock.Elapsed.TotalSeconds:0}/s)
            operations        {_called.Count} of {operations}; {_accepted.Count} of them said 2xx at least once
            statuses          {statuses}
            5xx or no answer  {_statuses.Where(status => status.Key is 0 or >= 500).Sum(status => status.Value)}
            problem+json      {_problems} of {_errors} errors; beside them {_noRequests} heads that no server reads to the end
            milliseconds      p50 {At(0.5):0}, p95 {At(0.95):0}, p99 {At(0.99):0}, max {At(1):0}
            findings          {_findings.Count}
            """);
    }

    /// <summary>Operations that were called and never said 2xx.</summary>
    public IEnumerable<string> NeverAccepted => _called.Keys.Where(operation => !_accepted.ContainsKey(operation)).Order(StringComparer.Ordinal);

    public static JsonNode? JsonOf(RawAnswer answer)
    {
        try
        {
            return answer.Text.StartsWith('{') ? JsonNode.Parse(answer.Text) : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    // Read-only is for everybody: the rest of the attack shall not meet it.
    private async Task OpenAgainAsync(AttackRequest request) => await SendAsync(request with
    {
        What = "opened again", Wrongness = Wrongness.None, Body = """{"read_only":false,"reason":"Mở lại"}"""u8.ToArray(), Headers = [("Content-Type", "application/json")], Mark = null,
    });
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>
/// Some calls, one after the other, each about what the ones before it made: ids come from Location, from the answer's members and
/// from nowhere else. After a call that took effect the rules are tried that it gives occasion for.
/// </summary>
internal sealed class SequenceWalk(SchemaAttack attack, AttackRun run, IReadOnlyList<Words> seasons, IReadOnlyDictionary<string, string> otherParents, IReadOnlyList<DescribedOperation> operations, Random random, string name)
{
    // Steps that are taken once.
    private static readonly string[] s_final = ["/activities/{id}/cancel", "/papers/{id}/withdraw", "/exclusions/{id}/release", "/public-comments/{id}/conclude", "/revocations/{id}/decide", "/registrations/{id}/submit", "/papers/{id}/issue"];

    private readonly Dictionary<string, string> _things = attack.Things.ToDictionary(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Attacker> _makers = new(StringComparer.Ordinal);
    private readonly List<string> _steps = [];
    private readonly SequenceRules _rules = new(attack, run);
    private Words _words = seasons[Math.Max(0, random.Next(seasons.Count + 2) - 2)];

    public async Task RunAsync()
    {
        var length = random.Next(3, 9);
        for (var step = 0; step < length; step++)
        {
            await StepAsync(Next(), step);
        }
    }

    private DescribedOperation Next()
    {
        var producers = operations.Where(operation => operation.Method is "POST" && !operation.Path.Contains('{', StringComparison.Ordinal)).ToList();
        var about = operations.Where(operation => _makers.ContainsKey(NounOf(operation))).ToList();
        var consumers = operations.Where(operation => operation.Path.Contains('{', StringComparison.Ordinal)).ToList();
        return random.Next(100) switch
        {
            < 30 => One(producers),
            < 75 when about.Count > 0 => One(about),
            < 90 => One(consumers),
            _ => One(operations),
        };
    }

    private async Task StepAsync(DescribedOperation operation, int step)
    {
        var request = attack.Allowed(operation, random, _words, _things, Known, variety: random.Next(4) == 0 ? 10 : 0);
        if (_makers.TryGetValue(NounOf(operation), out var maker) && random.Next(100) < 60 && (operation.Roles.Contains(maker.Role) || maker.Unit is not null && operation.Roles.Contains(Roles.UnitHead)))
        {
            request = request with { Caller = maker with { Role = operation.Roles.Contains(maker.Role) ? maker.Role : Roles.UnitHead } };
        }

        string? etag = null;
        if (operation.Requires("If-Match") && attack.ReadBefore(request) is { } read && (await run.SendAsync(read)).Headers.TryGetValue("ETag", out etag))
        {
            request = request with { Headers = [.. request.Headers, ("If-Match", etag)] };
        }

        var key = operation.Takes("Idempotency-Key") && random.Next(2) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{name}-{step}") : null;
        if (key is not null)
        {
            request = request with { Headers = [.. request.Headers, ("Idempotency-Key", key)] };
        }

        var answer = await run.SendAsync(request, string.Concat(_steps));
        _steps.Add($"{request.Method} {request.Target} (as {request.Caller?.Account}) → {answer.Status}\n  ");
        var occasion = new Occasion(request, answer, etag, string.Concat(_steps));
        await _rules.ParentAsync(occasion, otherParents);
        if (answer.Status is 0 or >= 500)
        {
            return;
        }

        if (answer.Status >= 400)
        {
            await _rules.RefusedLeavesNothingAsync(occasion);
            return;
        }

        Harvest(request, answer);
        if (operation.Method == "GET")
        {
            return;
        }

        if (key is not null && random.Next(2) == 0)
        {
            await _rules.KeyAsync(occasion);
        }

        await _rules.StateAsync(occasion);
        await _rules.StrangerAsync(occasion, seasons.Where(other => !other.Units.Contains(request.Caller?.Unit ?? "")).ToList(), random, isOwn: _makers.ContainsKey(NounOf(operation)));
        if (operation.Method == "DELETE")
        {
            await _rules.GoneAsync(occasion);
        }

        if (s_final.Any(path => operation.Path.EndsWith(path, StringComparison.Ordinal)))
        {
            await _rules.OnceAsync(occasion);
        }
    }

    private string? Known(string member) => member switch
    {
        "nomination_id" or "nominations" => _things.GetValueOrDefault("nominations"),
        "council" => _things.GetValueOrDefault("councils"),
        "letterhead" or "cluster_letterhead" => _things.GetValueOrDefault("paper-letterheads"),
        "hash" or "token" => _known.GetValueOrDefault(member),
        _ => null,
    };

    /// <summary>What the answer gives to those that come after it.</summary>
    private void Harvest(AttackRequest request, RawAnswer answer)
    {
        var json = AttackRun.JsonOf(answer);
        if ((string?)json?["hash"] is { } hash || (hash = (string?)(json?["parts"] as JsonArray)?.FirstOrDefault()?["hash"]) is not null)
        {
            _known["hash"] = hash;
        }

        if (request.Operation.Path.EndsWith("/ballot-papers", StringComparison.Ordinal) && (string?)json?["token"] is { } token)
        {
            _known["token"] = token;
        }

        foreach (var (member, noun) in new[] { ("agenda", "items"), ("comments", "comments") })
        {
            if ((string?)(json?[member] as JsonArray)?.FirstOrDefault()?["id"] is { } child)
            {
                _things[noun] = child;
            }
        }

        if (request.Method != "POST" || request.Operation.Path.Contains('{', StringComparison.Ordinal))
        {
            return;
        }

        var made = NounOf(request.Operation);
        var sent = AttackRun.JsonOf(new RawAnswer(0, answer.Headers, request.Body is null ? "" : Encoding.UTF8.GetString(request.Body)));
        var location = answer.Headers.GetValueOrDefault("Location", "").Split("/api/v1/").Last().Split('/');
        var id = location.Length > 1 && location[0] == made ? Uri.UnescapeDataString(location[made == "documents" && location[1] == "uploads" ? 2 : 1])
            : (string?)json?["id"] ?? (string?)(json?[made.Replace('-', '_')] as JsonArray)?.FirstOrDefault()?["id"] ?? (string?)(sent?[made.Replace('-', '_')] as JsonArray)?.FirstOrDefault()?["code"];
        if (id is null)
        {
            return;
        }

        _things[made == "documents" && location.Length > 1 && location[1] == "uploads" ? "uploads" : made] = id;
        if (location.Length > 2 && _things.ContainsKey($"{made}/{{from}}"))
        {
            _things[$"{made}/{{from}}"] = location[2];
        }

        if (request.Caller is { } maker)
        {
            _makers[made] = maker;
        }

        if (made == "seasons")
        {
            _words = _words with { Season = id };
        }
        else if (made == "clusters" && (string?)(sent?["clusters"] as JsonArray)?.FirstOrDefault()?["code"] is { } code)
        {
            _words = _words with { Cluster = code, ClusterId = id };
        }
    }

    private static string NounOf(DescribedOperation operation) => operation.Path.Split('/')[3];

    private T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
}

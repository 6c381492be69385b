using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Hostile;

/// <summary>A call that was answered, with the state that it started from and the calls before it.</summary>
internal sealed record Occasion(AttackRequest Request, RawAnswer Answer, string? ETag, string Before);

/// <summary>What must hold after a call that took effect, or was refused.</summary>
internal sealed class SequenceRules(SchemaAttack attack, AttackRun run)
{
    private static readonly ConcurrentDictionary<string, int> s_tried = new(StringComparer.Ordinal);

    /// <summary>How often each rule found its occasion.</summary>
    public static IReadOnlyDictionary<string, int> Tried => s_tried;

    /// <summary>The same key: the same answer; with another content: refused.</summary>
    public async Task KeyAsync(Occasion occasion)
    {
        Count("idempotency: the same again");
        var again = await run.SendAsync(occasion.Request with { What = "the same key again" }, occasion.Before);
        if (again.Status != occasion.Answer.Status || again.Text != occasion.Answer.Text || !again.Headers.ContainsKey("Idempotency-Replayed"))
        {
            run.Report("the same key got another answer", occasion.Request, again, occasion.Before);
        }

        if (occasion.Request.Mark is not null)
        {
            Count("idempotency: another content");
            var reused = await run.SendAsync((occasion.Request with { What = "the same key for another content" }).Marked(occasion.Request.Body), occasion.Before);
            if (reused.Status != 422 || CodeOf(reused) != "idempotency-key-reused")
            {
                run.Report("the same key was taken for another content", occasion.Request, reused, occasion.Before);
            }
        }
    }

    /// <summary>A state that is over changes nothing, and none at all neither.</summary>
    public async Task StateAsync(Occasion occasion)
    {
        if (occasion.ETag is not { } etag || occasion.Answer.Headers.GetValueOrDefault("ETag") == etag)
        {
            return;
        }

        Count("a stale state");
        var without = occasion.Request.Headers.Where(header => header.Name is not ("Idempotency-Key" or "If-Match")).ToList();
        var stale = await run.SendAsync((occasion.Request with { What = "with a stale state", Headers = [.. without, ("If-Match", etag)] }).Marked(occasion.Request.Body), occasion.Before);
        if (stale.Status != 412 && !(stale.Status is 404 or 410 && occasion.Request.Method == "DELETE"))
        {
            run.Report("a stale state was not refused as one", occasion.Request, stale, occasion.Before);
        }

        var none = await run.SendAsync((occasion.Request with { What = "without a state", Headers = without }).Marked(occasion.Request.Body), occasion.Before);
        if (none.Status != 428 && !(none.Status is 404 or 410 && occasion.Request.Method == "DELETE"))
        {
            run.Report("no state was not refused", occasion.Request, none, occasion.Before);
        }
    }

    /// <summary>The child of one parent is none of another.</summary>
    public async Task ParentAsync(Occasion occasion, IReadOnlyDictionary<string, string> others)
    {
        var names = occasion.Request.Operation.Path.Split('/');
        var segments = occasion.Request.Target.Split('?')[0].Split('/');
        if (names.Length < 7 || !names[4].StartsWith('{') || !names[6].StartsWith('{') || !Guid.TryParse(segments[6], out _) || !others.TryGetValue(names[3], out var other) || other == segments[4])
        {
            return;
        }

        Count("a child of another parent");
        segments[4] = other;
        var answer = await run.SendAsync((WithCurrentState(occasion.Request, null) with { What = "the child of another parent", Target = string.Join('/', segments) }).Marked(occasion.Request.Body), occasion.Before);
        var isOfTheBody = answer.Status == 422 && occasion.Answer.Status == 422 && CodeOf(answer) == "validation-failed" && CodeOf(occasion.Answer) == "validation-failed"; // read before anything is looked up, it says nothing of the child
        if (!isOfTheBody && answer.Status is not (403 or 404 or 409 or 412 or 428))
        {
            run.Report("a child was reached through another parent", occasion.Request, answer, occasion.Before);
        }
    }

    /// <summary>A unit of another cluster does nothing to it, and it stays as it was; a thing of all walks may be changed by another one meanwhile.</summary>
    public async Task StrangerAsync(Occasion occasion, IReadOnlyList<Words> others, Random random, bool isOwn)
    {
        var request = occasion.Request;
        if (request.Caller is not { Unit: not null } owner || others.Count == 0 || !request.Operation.Path.Contains("/{", StringComparison.Ordinal) || request.Method == "DELETE" || attack.ReadBefore(request) is not { } read)
        {
            return;
        }

        var before = await run.SendAsync(read, occasion.Before);
        if (before.Status != 200)
        {
            return;
        }

        Count("a stranger");
        var stranger = AttackWorld.Caller(Roles.UnitHead, others[random.Next(others.Count)], random);
        var answer = await run.SendAsync((WithCurrentState(request, before.Headers.GetValueOrDefault("ETag")) with { What = $"by a stranger instead of {owner.Account}", Caller = stranger }).Marked(request.Body), occasion.Before);
        var after = await run.SendAsync(read, occasion.Before);
        if (answer.Status is not (403 or 404))
        {
            run.Report("a stranger was not refused as one", request with { Caller = stranger }, answer, occasion.Before);
        }

        if (isOwn && (after.Text != before.Text || after.Headers.GetValueOrDefault("ETag") != before.Headers.GetValueOrDefault("ETag")))
        {
            run.Report("a refused stranger changed it", request with { Caller = stranger }, after, occasion.Before);
        }
    }

    /// <summary>What is deleted is not there any more, and is not deleted again.</summary>
    public async Task GoneAsync(Occasion occasion)
    {
        if (attack.ReadBefore(occasion.Request) is not { } read || occasion.Request.Operation.Path.Contains("/accounts/", StringComparison.Ordinal))
        {
            return; // an account is disabled, not removed: the journal names it
        }

        Count("use after delete");
        var answer = await run.SendAsync(read, occasion.Before);
        if (answer.Status is not (404 or 410) && (string?)AttackRun.JsonOf(answer)?["state"] is not ("WITHDRAWN" or "TERMINATED"))
        {
            run.Report("what was deleted is still there", read, answer, occasion.Before);
        }

        var again = await run.SendAsync(WithCurrentState(occasion.Request, answer.Headers.GetValueOrDefault("ETag")) with { What = "deleted once more, with the current state", Mark = null }, occasion.Before);
        if (again.Status is not (404 or 409 or 410))
        {
            run.Report("what was deleted was deleted again", occasion.Request, again, occasion.Before);
        }
    }

    /// <summary>A step that is taken once is refused the second time.</summary>
    public async Task OnceAsync(Occasion occasion)
    {
        Count("use after the end");
        var etag = attack.ReadBefore(occasion.Request) is { } read ? (await run.SendAsync(read, occasion.Before)).Headers.GetValueOrDefault("ETag") : null;
        var answer = await run.SendAsync((WithCurrentState(occasion.Request, etag) with { What = "once more, with the current state" }).Marked(occasion.Request.Body), occasion.Before);
        if (answer.Status < 400)
        {
            run.Report("a step that is taken once was taken twice", occasion.Request, answer, occasion.Before);
        }
    }

    /// <summary>A thing that was not made cannot be read under the code that was asked for.</summary>
    public async Task RefusedLeavesNothingAsync(Occasion occasion)
    {
        var request = occasion.Request;
        var sent = request.Body is null ? null : AttackRun.JsonOf(new RawAnswer(0, occasion.Answer.Headers, Encoding.UTF8.GetString(request.Body)));
        if (request.Method != "POST" || request.Operation.Path.Contains('{', StringComparison.Ordinal) || sent?["code"] is not JsonValue value || !value.TryGetValue<string>(out var code) || !code.StartsWith('Q')
            || attack.Operations.FirstOrDefault(operation => operation.Method == "GET" && operation.Path == $"{request.Operation.Path}/{{code}}") is not { } read)
        {
            return;
        }

        Count("a refused creation");
        var admin = new Attacker("admin", Roles.Admin, null);
        var answer = await run.SendAsync(new AttackRequest(read, admin, "read after it was refused", Wrongness.None, "GET", $"{request.Operation.Path}/{Uri.EscapeDataString(code)}", null, []), occasion.Before);
        if (answer.Status != 404)
        {
            run.Report("a refused creation left something", request, answer, occasion.Before);
        }
    }

    private static string? CodeOf(RawAnswer answer) => (string?)AttackRun.JsonOf(answer)?["code"];

    private static AttackRequest WithCurrentState(AttackRequest request, string? etag)
    {
        var headers = request.Headers.Where(header => header.Name != "Idempotency-Key" && (etag is null || header.Name != "If-Match"));
        return request with { Headers = [.. headers, .. etag is null ? [] : new[] { ("If-Match", etag) }] };
    }

    private static void Count(string rule) => s_tried.AddOrUpdate(rule, 1, (_, count) => count + 1);
}

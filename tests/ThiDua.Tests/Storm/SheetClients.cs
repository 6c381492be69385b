using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Storm;

/// <summary>
/// Those who work on one sheet during a storm, and what they were told: an append-only history, against which the system is judged afterwards.
/// A clerk who got no answer asks again with the same key until there is one.
/// </summary>
public sealed class SheetClients(HttpClient unit, string id, Wire wire)
{
    /// <summary>The criterion whose note is the register; its count says the same number, so that half a change would be seen.</summary>
    private const string Register = "I.1";

    private static readonly HashSet<string> s_locked = ["wrong-state", "wrong-phase", "read-only"];
    private static readonly HashSet<string> s_later = ["idempotency-in-progress", "changed-meanwhile"];

    private readonly ConcurrentQueue<Operation> _operations = new();
    private readonly ConcurrentDictionary<string, SheetValue> _values = new(StringComparer.Ordinal);
    private long _lockSeen = long.MaxValue;

    public string Id => id;

    public IReadOnlyCollection<Operation> History => _operations;

    /// <summary>When somebody had first been told that all sheets are closed.</summary>
    public long LockSeen => Interlocked.Read(ref _lockSeen);

    private string Path => $"score-sheets/{id}";

    /// <summary>Reads, and writes on what was read, until told to stop; a write that has begun is brought to its end.</summary>
    public async Task WriteAsync(string clerk, Random random, CancellationToken stop, CancellationToken giveUp)
    {
        for (var turn = 1; !stop.IsCancellationRequested; turn++)
        {
            if (await ReadAsync(clerk) is var (etag, seen))
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"Ghi chú {clerk}-{turn}");
                var body = new JsonObject
                {
                    ["notes"] = new JsonObject { [Register] = text },
                    ["inputs"] = new JsonObject { [Register] = new JsonObject { ["count"] = turn % 10 } },
                };
                await ChangeAsync(clerk, seen, new SheetValue(text), key => unit.PutJson($"{Path}/lines", body, etag, key), giveUp);
                await PauseAsync(random.Next(40, 160), stop);
            }
            else
            {
                await PauseAsync(random.Next(100, 300), stop);
            }
        }
    }

    public async Task ReadOnAsync(string reader, Random random, CancellationToken stop)
    {
        string? known = null;
        while (!stop.IsCancellationRequested)
        {
            var read = await ReadAsync(reader, random.Next(2) == 0 ? known : null);
            known = read?.ETag ?? known;
            await PauseAsync(read is null ? random.Next(100, 300) : random.Next(50, 180), stop);
        }
    }

    /// <summary>Hands the sheet in, as it stands when that succeeds.</summary>
    public async Task HandInAsync(string head, CancellationToken giveUp)
    {
        while (!giveUp.IsCancellationRequested)
        {
            if (await ReadAsync(head) is var (etag, seen))
            {
                var outcome = await ChangeAsync(head, seen, seen with { IsSubmitted = true }, key => unit.PostJson($"{Path}/submit", new { }, etag, key), giveUp);
                if (outcome != Outcome.Stale)
                {
                    return;
                }
            }

            await PauseAsync(30, giveUp);
        }
    }

    /// <summary>The value and its ETag; null when there was no answer.</summary>
    /// <param name="reader">Who.</param>
    /// <param name="known">The ETag of what the reader has: that nothing is newer (304) is an answer like another.</param>
    public async Task<(string ETag, SheetValue Value)?> ReadAsync(string reader, string? known = null)
    {
        var invoked = Stopwatch.GetTimestamp();
        if (await wire.AskAsync(() => unit.GetJson(Path, known)) is not { } answer)
        {
            return null;
        }

        if (answer.Status == 304 && known is not null)
        {
            Note(OperationKind.Read, reader, invoked, Outcome.Done, default, _values[known]);
            return (known, _values[known]);
        }

        if (answer.Status != 200)
        {
            wire.Tell($"a read was refused: {answer}");
            return null;
        }

        var value = Understand(answer);
        Note(OperationKind.Read, reader, invoked, Outcome.Done, default, value);
        return (answer.ETag!, value);
    }

    private async Task<Outcome> ChangeAsync(string client, SheetValue from, SheetValue to, Func<string, Task<ApiAnswer>> request, CancellationToken giveUp)
    {
        var key = Guid.CreateVersion7().ToString();
        var invoked = Stopwatch.GetTimestamp();
        while (true)
        {
            switch (await wire.AskAsync(() => request(key)))
            {
                case null:
                    break;
                case { Status: 409, Code: { } later } when s_later.Contains(later):
                    break;
                case { Status: 200 } done:
                    if (Understand(done) != to)
                    {
                        wire.Tell($"{client} asked for {to} and was answered with {done}");
                    }

                    return Note(OperationKind.Change, client, invoked, Outcome.Done, from, to);
                case { Status: 412 }:
                    return Note(OperationKind.Change, client, invoked, Outcome.Stale, from, to);
                case { Status: 409, Code: { } code } when s_locked.Contains(code):
                    var outcome = Note(OperationKind.Change, client, invoked, Outcome.Locked, from, to);
                    if (code != "wrong-state")
                    {
                        Interlocked.CompareExchange(ref _lockSeen, Stopwatch.GetTimestamp(), long.MaxValue);
                    }

                    return outcome;
                case { } untruth:
                    wire.Tell($"{client} made {to} of {from} and was told: {untruth}");
                    return Note(OperationKind.Change, client, invoked, Outcome.Unknown, from, to);
            }

            if (giveUp.IsCancellationRequested)
            {
                return Note(OperationKind.Change, client, invoked, Outcome.Unknown, from, to);
            }

            await PauseAsync(100, giveUp);
        }
    }

    private Outcome Note(OperationKind kind, string client, long invoked, Outcome outcome, SheetValue from, SheetValue to)
    {
        _operations.Enqueue(new Operation(kind, client, invoked, Stopwatch.GetTimestamp(), outcome, from, to));
        return outcome;
    }

    // One ETag is one state, and one state has one ETag, whichever copy of the service answers.
    private SheetValue Understand(ApiAnswer answer)
    {
        var line = answer["lines"].AsArray().Single(line => (string)line!["criterion"]! == Register)!;
        var value = new SheetValue((string?)line["note"] ?? "", (string)answer["state"]! != "DRAFT");
        if (value.Text.Split('-') is [_, var turn] && int.Parse(turn, CultureInfo.InvariantCulture) % 10 is var expected && decimal.Parse(line["input"]!["count"]!.ToString(), CultureInfo.InvariantCulture) != expected)
        {
            wire.Tell($"half a change: note {value} beside {line["input"]!.ToJsonString()}");
        }

        if (answer.ETag is not { } etag)
        {
            wire.Tell($"no ETag: {answer}");
        }
        else if (_values.GetOrAdd(etag, value) != value)
        {
            wire.Tell($"ETag {etag} stands for {_values[etag]} and for {value}");
        }

        return value;
    }

    private static async Task PauseAsync(int milliseconds, CancellationToken until) =>
        await Task.Delay(milliseconds, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ThiDua.Recovery.Drill;

/// <summary>A write that the system confirmed.</summary>
internal sealed record Acknowledged(DateTimeOffset At, Guid Evidence);

/// <summary>
/// The load: units of a season of their own that hand in evidence and change their sheets, all through the gateway, as fast as they are
/// answered. What was confirmed is written down, to be looked for after the restore.
/// </summary>
internal sealed class Writers : IAsyncDisposable
{
    private const string Season = "DRILL";
    private const int Units = 4;
    private const int LeastBytes = 4_000;
    private const int MostBytes = 60_000;

    private readonly TrialSystem _system;
    private readonly TimeProvider _clock;
    private readonly ConcurrentBag<Acknowledged> _acknowledged = [];
    private readonly ConcurrentDictionary<string, string> _sheets = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _faults = [];
    private CancellationTokenSource? _stop;
    private Task _writing = Task.CompletedTask;
    private int _sheetChanges;

    private Writers(TrialSystem system, TimeProvider clock)
    {
        _system = system;
        _clock = clock;
    }

    public IReadOnlyCollection<Acknowledged> Acknowledged => _acknowledged;

    public int SheetChanges => _sheetChanges;

    /// <summary>Answers that a writer did not expect; it wrote no more after one.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Sets up the season with its accounts, up to the phase in which units score themselves.</summary>
    public static async Task<Writers> PrepareAsync(TrialSystem system, TimeProvider clock, CancellationToken ct)
    {
        var writers = new Writers(system, clock);
        using var admin = new GatewayCalls(system.Gateway, "admin", system.AdminSecret);
        await admin.SignInAsync(ct);
        await admin.MustAsync(HttpMethod.Post, "accounts", new JsonObject { ["accounts"] = new JsonArray([
            Account(system, "drill-appraiser", ["appraiser"], null), Account(system, "drill-head", ["appraisal_head"], null),
            .. Enumerable.Range(0, Units).Select(unit => Account(system, $"drill-{Unit(unit)}", ["unit_clerk", "unit_head"], Unit(unit)))]) }, ct);
        using var appraiser = await writers.AsAsync("drill-appraiser", ct);
        using var head = await writers.AsAsync("drill-head", ct);
        var units = Enumerable.Range(0, Units).Select(Unit).ToList();
        await appraiser.MustAsync(HttpMethod.Post, "units", new JsonObject { ["units"] = new JsonArray([.. units.Select(unit => new JsonObject { ["code"] = unit, ["name"] = $"Đơn vị diễn tập {unit}", ["category"] = "HC", ["level"] = "TINH" })]) }, ct);
        await head.MustAsync(HttpMethod.Post, "seasons", new JsonObject { ["code"] = Season, ["type"] = "CALENDAR_YEAR", ["year"] = 2026 }, ct);
        await head.MustAsync(HttpMethod.Post, "clusters", new JsonObject { ["season"] = Season, ["clusters"] = new JsonArray(new JsonObject
        {
            ["code"] = "DRILL-C", ["name"] = "Khối diễn tập", ["kind"] = "KHOI", ["leader"] = units[0], ["deputy"] = units[1], ["members"] = new JsonArray([.. units.Select(unit => JsonValue.Create(unit))]),
        }) }, ct);
        await AdvanceAsync(head, "CRITERIA", ct);
        var draft = await appraiser.MustAsync(HttpMethod.Post, "criteria-tables", new JsonObject { ["season"] = Season, ["clusters"] = new JsonArray("DRILL-C"), ["table"] = Table() }, ct);
        await head.MustAsync(HttpMethod.Post, $"criteria-tables/{(string)draft.Body!["id"]!}/adopt", new JsonObject { ["document"] = "QĐ diễn tập", ["accepted_warnings_reason"] = "Diễn tập" }, ct, draft.ETag);
        await AdvanceAsync(head, "SELF_SCORING", ct);
        foreach (var unit in units)
        {
            using var clerk = await writers.AsAsync($"drill-{unit}", ct);
            writers._sheets[unit] = (string)(await clerk.MustAsync(HttpMethod.Post, "score-sheets", new JsonObject { ["season"] = Season, ["unit"] = unit }, ct)).Body!["id"]!;
        }

        return writers;
    }

    public void Start(CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var stop = _stop.Token;
        _writing = Task.WhenAll(Enumerable.Range(0, Units).Select(unit => Task.Run(() => WriteAsync(Unit(unit), stop), stop)));
    }

    public async Task PauseAsync()
    {
        if (_stop is { } stop)
        {
            await stop.CancelAsync();
            await _writing.ContinueWith(_ => { }, TaskScheduler.Default); // ended by the cancellation, or by the system's end
            stop.Dispose();
            _stop = null;
        }
    }

    public async ValueTask DisposeAsync() => await PauseAsync();

    private async Task WriteAsync(string unit, CancellationToken ct)
    {
        using var clerk = await AsAsync($"drill-{unit}", ct);
        for (var round = 0; !ct.IsCancellationRequested; round++)
        {
            var content = Encoding.ASCII.GetBytes($"%PDF-1.7\n{Convert.ToHexString(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(LeastBytes, MostBytes)))}\n%%EOF\n");
            try
            {
                if (await clerk.UploadAsync($"documents?season={Season}&unit={unit}&criterion=I.1&filename=minh-chung.pdf", content, ct) is { } evidence)
                {
                    _acknowledged.Add(new Acknowledged(_clock.GetUtcNow(), evidence));
                }

                var sheet = await clerk.GetAsync($"score-sheets/{_sheets[unit]}", ct);
                var lines = new JsonObject { ["inputs"] = new JsonObject { ["I.1"] = new JsonObject { ["count"] = round % 10 } }, ["notes"] = new JsonObject { ["I.1"] = round.ToString(CultureInfo.InvariantCulture) } };
                await clerk.MustAsync(HttpMethod.Put, $"score-sheets/{_sheets[unit]}/lines", lines, ct, sheet.ETag);
                Interlocked.Increment(ref _sheetChanges);
            }
            catch (HttpRequestException) when (!ct.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), ct); // it was destroyed
            }
            catch (RecoveryException refused)
            {
                _faults.Add(refused.Message);
                return;
            }
        }
    }

    private async Task<GatewayCalls> AsAsync(string account, CancellationToken ct)
    {
        var calls = new GatewayCalls(_system.Gateway, account, SecretOf(_system, account));
        await calls.SignInAsync(ct);
        return calls;
    }

    private static async Task AdvanceAsync(GatewayCalls head, string phase, CancellationToken ct)
    {
        var season = await head.GetAsync($"seasons/{Season}", ct);
        await head.MustAsync(HttpMethod.Post, $"seasons/{Season}/advance", new JsonObject { ["to"] = phase }, ct, season.ETag);
    }

    private static JsonObject Table() => new()
    {
        ["id"] = "D",
        ["title"] = "Bảng diễn tập",
        ["total_max"] = 10,
        ["groups"] = new JsonArray(new JsonObject
        {
            ["code"] = "I", ["title"] = "Diễn tập", ["tag"] = "POLITICAL_TASK", ["max"] = 10,
            ["criteria"] = new JsonArray(new JsonObject { ["code"] = "I.1", ["title"] = "Diễn tập", ["max"] = 10, ["kind"] = "COUNT", ["per_item"] = 1, ["cap"] = 10 }),
        }),
    };

    private static JsonObject Account(TrialSystem system, string id, string[] roles, string? unit)
    {
        var account = new JsonObject { ["id"] = id, ["kind"] = "CLIENT", ["name"] = id, ["secret"] = SecretOf(system, id), ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]) };
        if (unit is not null)
        {
            account["unit"] = unit;
        }

        return account;
    }

    private static string SecretOf(TrialSystem system, string account) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(system.AdminSecret), Encoding.UTF8.GetBytes(account)));

    private static string Unit(int index) => $"DT{index}";
}

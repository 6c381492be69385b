using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Storm;

/// <summary>
/// One fault in the rush of a season of its own: clerks write on three sheets, heads hand two of them in, the standing agency closes the
/// rest (next phase, or freeze), everybody reads. When the system is whole again, what it keeps is held against what its clients were told.
/// </summary>
/// <param name="system">The system.</param>
/// <param name="fault">What breaks.</param>
/// <param name="seed">Decides every moment and every value of the round.</param>
/// <param name="patience">How long an answer of a gateway that is not hit itself may take.</param>
/// <param name="longestHold">Milliseconds that the fault lasts at most, or a third of that where it must outlast something.</param>
public sealed class StormRound(RunningSystem system, StormFault fault, int seed, TimeSpan patience, int longestHold) : IDisposable
{
    private const int ClerksOfASheet = 2;
    private const string Initial = "Theo hồ sơ";

    // One route of each service, to see who still answers while another does not.
    private static readonly string[] s_probes = ["retention-periods", "seasons", "rankings?season=2000", "award-policies", "journal/identity?limit=1"];
    private static readonly string[] s_probed = ["documents", "clusters", "scoring", "awards", "identity"];
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(90);

    private readonly Random _random = new(seed);
    private readonly Wire _wire = new(fault.HitsGateway ? patience + TimeSpan.FromMilliseconds(3 * longestHold) : patience, answer => fault.Excuses?.Invoke(answer) == true);
    private readonly ConcurrentQueue<(string Service, bool Answered)> _probes = new();
    private readonly List<string> _wrong = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private bool _byHand;

    public async Task<StormReport> PlayAsync()
    {
        var clock = Stopwatch.StartNew();
        var (season, sheets) = await SetUpAsync();
        using (season)
        {
            try
            {
                return await PlayAsync(season, sheets, clock);
            }
            finally
            {
                await _stop.CancelAsync();
                await _giveUp.CancelAsync();
            }
        }
    }

    // A machine that does much else may take longer for a beginning than the gateway waits: then there is another one.
    private async Task<(SmallSeason Season, List<SheetClients> Sheets)> SetUpAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            SmallSeason? season = null;
            try
            {
                season = await SmallSeason.CreateAsync(system);
                await season.BeginSelfScoringAsync();
                var sheets = new List<SheetClients>();
                foreach (var unit in season.Units)
                {
                    var opened = await season.OpenSheetAsync(unit);
                    var id = (string)opened["id"]!;
                    (await season.Unit[unit].PutJson($"score-sheets/{id}/lines", season.Lines(5), opened.ETag)).Expect(200);
                    sheets.Add(new SheetClients(season.Unit[unit], id, _wire));
                }

                return (season, sheets);
            }
            catch (Xunit.Sdk.XunitException late) when (attempt < 4 && late.Message.Contains("gateway-timeout", StringComparison.Ordinal))
            {
                season?.Dispose();
            }
        }
    }

    private async Task<StormReport> PlayAsync(SmallSeason season, List<SheetClients> sheets, Stopwatch clock)
    {
        var evidence = new EvidenceClients(season.Unit[season.Member], season.Member, season.Code, _wire);
        using var auditor = await system.WithAccountAsync("storm-auditor", [Roles.Auditor]);
        var (held, beforeFault) = (fault.MustLast || (fault.MayOutlastGateway && _random.Next(3) == 0) ? _random.Next(2 * longestHold, 3 * longestHold) : _random.Next(300, longestHold), _random.Next(100, 700));
        var moments = new[] { _random.Next(held), _random.Next(held + 2_000), _random.Next(held + 1_500) }; // of two hand-ins and the lock, from the fault on or, the lock in half of the rounds, from its end on
        var (freezes, closesLate, clerks) = (_random.Next(5) < 2, _random.Next(2) == 0, _random.Next());
        _giveUp.CancelAfter(s_quiet + s_quiet);

        var working = sheets.SelectMany((sheet, number) => Enumerable.Range(1, ClerksOfASheet)
                .Select(clerk => sheet.WriteAsync($"{season.Units[number]}.{clerk}", new Random(clerks + clerk), _stop.Token, _giveUp.Token))
                .Append(sheet.ReadOnAsync($"{season.Units[number]}.r", new Random(clerks), _stop.Token)))
            .Append(evidence.SendAsync(new Random(clerks), _stop.Token))
            .Append(ProbeAsync(auditor)).ToList();
        await Eventually.TrueAsync(() => sheets.All(sheet => sheet.History.Any(operation => operation is { Kind: OperationKind.Change, Outcome: Outcome.Done })), "clerks write on every sheet");
        await Task.Delay(beforeFault, TestContext.Current.CancellationToken);

        var breaking = BreakAsync(held);
        var handingIn = Enumerable.Range(0, 2).Select(async number =>
        {
            await Task.Delay(moments[number], TestContext.Current.CancellationToken);
            await sheets[number].HandInAsync($"{season.Units[number]}.h", _giveUp.Token);
        }).ToList();
        var closing = CloseAsync(season, closesLate ? breaking : Task.CompletedTask, moments[2], freezes);
        var (broken, whole) = await breaking;
        await Task.WhenAll(handingIn);
        var (closed, acknowledged) = await closing;
        await UntilClosedAsync(sheets);
        await _stop.CancelAsync();
        await Task.WhenAll(working);
        if (freezes)
        {
            await SwitchAsync(season, readOnly: false);
        }

        foreach (var (sheet, number) in sheets.Select((sheet, number) => (sheet, number)))
        {
            await Eventually.TrueAsync(async () => await sheet.ReadAsync($"{season.Units[number]}.z") is not null, "the sheet can be read");
        }

        await JudgeAsync(sheets, closed);
        _wrong.AddRange(await evidence.WrongAsync());
        _wrong.AddRange(_wire.Untruths.Distinct());
        return Report(sheets, evidence.Acknowledged, held, broken, whole, clock.Elapsed, acknowledged, freezes);
    }

    /// <summary>Ends a freeze that a round which was not played to its end has left.</summary>
    public static async Task ThawAsync(RunningSystem system)
    {
        using var admin = await system.AsAsync("admin");
        (await admin.PostJson("read-only/scoring", new { read_only = false, reason = "Sau cơn bão" })).Expect(200);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private StormReport Report(List<SheetClients> sheets, int evidence, int held, TimeSpan broken, TimeSpan whole, TimeSpan all, long acknowledged, bool freezes)
    {
        var changes = sheets.SelectMany(sheet => sheet.History).Where(operation => operation.Kind == OperationKind.Change).ToList();
        var late = changes.Where(change => change is { Outcome: Outcome.Done, To.IsSubmitted: false } && change.Invoked > acknowledged).ToList();
        return new StormReport(fault.Name, seed, freezes ? "freeze" : "phase", held)
        {
            Broken = broken,
            Whole = whole,
            All = all,
            Longest = _wire.Longest,
            Reads = sheets.Sum(sheet => sheet.History.Count(operation => operation.Kind == OperationKind.Read)),
            Done = changes.Count(change => change.Outcome == Outcome.Done),
            Refused = changes.Count(change => change.Outcome is Outcome.Stale or Outcome.Locked),
            Unknown = changes.Count(change => change.Outcome == Outcome.Unknown),
            Evidence = evidence,
            Failures = _wire.Failures,
            Outcomes = _wire.Outcomes,
            BeforePhaseArrived = late.Count,
            PhaseUnderWay = late.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(acknowledged, late.Max(change => change.Answered)),
            Unanswered = [.. _probes.GroupBy(probe => probe.Service).Select(group => (group.Key, group.Count(), group.Count(probe => !probe.Answered)))],
            ByHand = _byHand,
            Wrong = _wrong,
            History = [.. sheets.SelectMany(sheet => sheet.History.Select(operation => $"{sheet.Id} {operation}"))],
        };
    }

    /// <returns>How long the fault lasted, and how long after it everything was whole again.</returns>
    private async Task<(TimeSpan Broken, TimeSpan Whole)> BreakAsync(int held)
    {
        var clock = Stopwatch.StartNew();
        var mend = await fault.DoAsync(system);
        await Task.Delay(held, TestContext.Current.CancellationToken);
        var broken = clock.Elapsed;
        clock.Restart();
        await mend();
        foreach (var ended in system.Ended())
        {
            await system.RestartAsync(ended); // a supervisor's work
            if (!fault.Name.Contains(ended, StringComparison.Ordinal))
            {
                _wrong.Add($"{ended} ended by itself");
            }
        }

        await system.UntilWholeAsync();
        return (broken, clock.Elapsed);
    }

    /// <returns>The operation as every sheet has it, and when the standing agency was told that it is done.</returns>
    private async Task<(Operation Close, long Acknowledged)> CloseAsync(SmallSeason season, Task begin, int after, bool freezes)
    {
        await begin;
        await Task.Delay(after, TestContext.Current.CancellationToken);
        var invoked = Stopwatch.GetTimestamp();
        var isDone = freezes ? await SwitchAsync(season, readOnly: true) : await AdvanceAsync(season);
        var acknowledged = isDone ? Stopwatch.GetTimestamp() : long.MaxValue;

        // The next phase holds for sheets when it has come to Scoring, which its clients see by being refused; the freeze when it is acknowledged.
        return (new Operation(OperationKind.Close, "agency", invoked, freezes ? acknowledged : long.MaxValue, Outcome.Done, default, default), acknowledged);
    }

    private async Task<bool> AdvanceAsync(SmallSeason season)
    {
        var seen = await RepeatAsync(() => season.Head.GetJson($"seasons/{season.Code}"));
        var key = Guid.CreateVersion7().ToString();
        var answer = await RepeatAsync(() => season.Head.PostJson($"seasons/{season.Code}/advance", new { to = "CLUSTER_REVIEW" }, seen?.ETag, key));
        if (answer is not { Status: 200 })
        {
            _wrong.Add($"the next phase: {answer?.ToString() ?? "no answer"}");
        }

        return answer is { Status: 200 };
    }

    private async Task<bool> SwitchAsync(SmallSeason season, bool readOnly)
    {
        var key = Guid.CreateVersion7().ToString();
        var answer = await RepeatAsync(() => season.Head.PostJson("read-only/scoring", new { read_only = readOnly, reason = "Khóa sổ trong cơn bão" }, idempotencyKey: key));
        if (answer is not { Status: 200 })
        {
            _wrong.Add($"the freeze: {answer?.ToString() ?? "no answer"}");
        }

        return answer is { Status: 200 };
    }

    private async Task<ApiAnswer?> RepeatAsync(Func<Task<ApiAnswer>> request)
    {
        while (!_giveUp.IsCancellationRequested)
        {
            if (await _wire.AskAsync(request) is { } answer && answer.Code != "idempotency-in-progress")
            {
                return answer;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return null;
    }

    private async Task ProbeAsync(HttpClient auditor)
    {
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            var number = turn % s_probes.Length;
            var answer = await _wire.AskAsync(() => auditor.GetJson(s_probes[number]));
            if (answer is { Status: not 200 })
            {
                _wire.Tell($"a probe was refused: {answer}");
            }

            _probes.Enqueue((s_probed[number], answer is not null));
            await Task.Delay(80, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until somebody of every sheet has been refused because it is locked: clerks go on trying.</summary>
    private async Task UntilClosedAsync(List<SheetClients> sheets)
    {
        while (!_giveUp.IsCancellationRequested && sheets.Any(sheet => !sheet.History.Any(operation => operation.Outcome == Outcome.Locked)))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        foreach (var sheet in sheets.Where(sheet => !sheet.History.Any(operation => operation.Outcome == Outcome.Locked)))
        {
            _wrong.Add($"sheet {sheet.Id} was not locked in time");
        }
    }

    /// <returns>What still waits after a minute; null when every message has been sent.</returns>
    private static async Task<string?> UnsentAsync(Ledger ledger)
    {
        try
        {
            await Eventually.AnswerAsync(ledger.WaitingAsync, waiting => waiting.Length == 0, "every message has been sent", TimeSpan.FromSeconds(60));
            return null;
        }
        catch (Xunit.Sdk.XunitException late)
        {
            return late.Message;
        }
    }

    private async Task JudgeAsync(List<SheetClients> sheets, Operation closed)
    {
        var ledger = new Ledger(system);
        if (await UnsentAsync(ledger) is { } unsent)
        {
            if (fault.MayStopBroker)
            {
                _byHand = true;
                await system.RestartAsync("rabbitmq"); // what the runbook of the outbox's alert says
                await system.UntilWholeAsync();
                unsent = await UnsentAsync(ledger);
            }

            if (unsent is not null)
            {
                _wrong.Add(unsent);
            }
        }

        // A phase is acknowledged to the clients of all sheets as soon as one of them is refused by it.
        var close = closed with { Answered = Math.Min(closed.Answered, sheets.Min(sheet => sheet.LockSeen)) };
        foreach (var sheet in sheets)
        {
            if (Linearizability.Refute(sheet.History.Append(close), new SheetValue(Initial)) is { } refuted)
            {
                _wrong.Add($"sheet {sheet.Id} is not linearizable: {refuted}");
            }

            await JudgeAsync(ledger, sheet);
        }
    }

    private async Task JudgeAsync(Ledger ledger, SheetClients sheet)
    {
        var values = await ledger.ValuesOfAsync(sheet.Id);
        var kept = values.CountBy(value => value).ToDictionary();
        foreach (var change in sheet.History.Where(operation => operation.Kind == OperationKind.Change).GroupBy(operation => operation.To))
        {
            // A head whose sheet moved asks again for what may be the same value.
            var times = kept.GetValueOrDefault(change.Key);
            var outcome = change.Min(operation => operation.Outcome switch { Outcome.Done => 0, Outcome.Unknown => 1, _ => 2 });
            if (times > 1)
            {
                _wrong.Add($"doubled: {change.Key} of sheet {sheet.Id} took effect {times} times");
            }
            else if (outcome == 0 && times == 0)
            {
                _wrong.Add($"lost: {change.Key} of sheet {sheet.Id} was acknowledged");
            }
            else if (outcome == 2 && times == 1)
            {
                _wrong.Add($"refused and yet done: {change.Key} of sheet {sheet.Id}");
            }
        }

        var asked = sheet.History.Where(operation => operation.Kind == OperationKind.Change).Select(operation => operation.To).Append(new SheetValue(Initial)).ToHashSet();
        _wrong.AddRange(values.Where(value => !asked.Contains(value)).Select(value => $"{value} of sheet {sheet.Id} was asked for by nobody"));
        var last = sheet.History.Where(operation => operation.Kind == OperationKind.Read).MaxBy(operation => operation.Invoked)!.To;
        if (values.Count == 0 || values[^1] != last)
        {
            _wrong.Add($"the journal of sheet {sheet.Id} ends with {(values.Count == 0 ? "nothing" : values[^1])}, the sheet says {last}");
        }

        var wanted = values.Count(value => value.IsSubmitted);
        var handIns = await Eventually.AnswerAsync(
            () => ledger.HandInsOfAsync(sheet.Id),
            found => found.Count != wanted || found.All(message => message is { Clusters: > 0, Documents: > 0 }),
            $"the hand-in of sheet {sheet.Id} has come to Clusters and Documents",
            TimeSpan.FromSeconds(60));
        if (handIns.Count != wanted || handIns.Any(message => message is not { Clusters: 1, Documents: 1 }))
        {
            _wrong.Add(string.Create(CultureInfo.InvariantCulture, $"sheet {sheet.Id} was handed in {wanted} times and told of {handIns.Count} times: {string.Join(", ", handIns)}"));
        }
    }
}

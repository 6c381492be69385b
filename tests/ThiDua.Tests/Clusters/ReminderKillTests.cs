using System.Globalization;
using ThiDua.Clusters.Domain;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>
/// “kill -9 of the scheduler's process at random moments over a simulated year: each reminder is sent exactly as often as the log
/// says, none missing.” THIDUA_KILLS says how often, over the whole year; the usual run takes its first months. THIDUA_KILL_SEED repeats a run.
/// </summary>
public sealed class ReminderKillTests(ReminderYear year) : IClassFixture<ReminderYear>
{
    private const int UsualKills = 6;
    private const int UsualDays = 120;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Each_reminder_is_sent_as_often_as_the_log_says_however_often_the_process_is_killed()
    {
        var (kills, days) = Number("THIDUA_KILLS") is { } asked ? (asked, ReminderYear.Days) : (UsualKills, UsualDays);
        var seed = Number("THIDUA_KILL_SEED") ?? Random.Shared.Next();
        year.SetDay(ReminderYear.FirstDay);
        var obligations = await year.OweAsync("KILL");
        using var over = new CancellationTokenSource();
        var killer = new Killer(year, kills, days, new Random(seed));
        var killing = killer.RunAsync(over.Token);
        try
        {
            var expected = await PlayAsync(obligations, day => killer.Done >= kills * day / days, killing, days);
            await Eventually.TrueAsync(() => killing.IsFaulted || killer.Done >= kills, "every kill was made", s_patience);
            await CheckAsync("KILL", expected, $"seed {seed}, {killer.Done} kills");
        }
        finally
        {
            await over.CancelAsync();
            await killing;
        }
    }

    [Fact]
    public async Task Of_two_instances_one_sends()
    {
        year.SetDay(ReminderYear.FirstDay);
        var obligations = await year.OweAsync("TWO");
        await using var one = await year.StartInstanceAsync("one");
        await using var other = await year.StartInstanceAsync("other");
        var expected = await PlayAsync(obligations, _ => !one.HasExited && !other.HasExited, Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken), days: 60);
        await CheckAsync("TWO", expected, "two instances");
        Assert.All(await year.LogAsync("TWO"), reminder => Assert.Single(reminder.Attempts));
        foreach (var obligation in obligations)
        {
            await year.ChangeAsync(obligation, owed => owed.Release("Hết", Sample.Now.ToUniversalTime()));
        }
    }

    // The clock goes on to the next day when everything of the day is out, so the rule alone says what has to be on the log.
    private async Task<List<string>> PlayAsync(IReadOnlyList<Obligation> obligations, Func<int, bool> mayGoOn, Task broken, int days)
    {
        var season = obligations[0].Season;
        var expected = new List<string>();
        for (var number = 0; number < days; number++)
        {
            await Eventually.TrueAsync(() => broken.IsFaulted || mayGoOn(number), $"day {number} may begin", s_patience);
            var day = ReminderYear.FirstDay.AddDays(number);
            await ChangeAsync(obligations, number);
            year.SetDay(day);
            expected.AddRange(year.DueOn(day, obligations));
            await Eventually.AnswerAsync(
                async () => broken.IsFaulted ? expected.Count : await year.CountSentAsync(season),
                sent => sent >= expected.Count,
                $"{expected.Count} reminders are out on day {number}",
                s_patience);
        }

        return expected;
    }

    private async Task ChangeAsync(IReadOnlyList<Obligation> obligations, int number)
    {
        var now = new DateTimeOffset(ReminderYear.FirstDay.AddDays(number), TimeOnly.MinValue, TimeSpan.Zero);
        switch (number)
        {
            case 100: await year.ChangeAsync(obligations[1], owed => owed.Follow(new Owed(owed.Unit, owed.Kind, owed.Recipient, owed.FirstDueOn, now, null))); break;
            case 165: await year.ChangeAsync(obligations[3], owed => owed.Extend(owed.DueOn.AddDays(28), "Bão lũ", null, "tt", now)); break;
            case 250: await year.ChangeAsync(obligations[4], owed => owed.Follow(new Owed(owed.Unit, owed.Kind, owed.Recipient, owed.FirstDueOn, now, null))); break;
            default: break;
        }
    }

    private async Task CheckAsync(string season, List<string> expected, string run)
    {
        var log = await year.LogAsync(season);
        var mails = year.Mail.Received.ToLookup(mail => mail.MessageId);

        // nothing missing, nothing besides; each planned once
        Nothing.In(expected.Except(log.Select(ReminderYear.Key)).Select(key => $"not on the log: {key}"));
        Nothing.In(log.Select(ReminderYear.Key).Except(expected).Select(key => $"on the log without reason: {key}"));
        Assert.Equal(expected.Count, log.Count);
        Assert.All(log, reminder => Assert.Equal(ReminderState.Sent, reminder.State));

        // each mail that the server holds is one attempt of the log, and the log knows of every one
        var (unknown, repeated) = (0, 0);
        foreach (var reminder in log)
        {
            var received = mails[$"{reminder.Id:N}@tinh.gov.vn"].Select(mail => mail.Attempt).ToList();
            var delivered = reminder.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Delivered).Select(attempt => attempt.Number).ToList();
            var uncertain = reminder.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Unknown).Select(attempt => attempt.Number).ToList();
            Assert.Equal(received.Distinct(), received);
            Assert.Single(delivered);
            Assert.Equal(reminder.Attempts.Count, delivered.Count + uncertain.Count);
            Assert.Subset(received.ToHashSet(), delivered.ToHashSet());
            Assert.Subset(delivered.Concat(uncertain).ToHashSet(), received.ToHashSet());
            unknown += uncertain.Count;
            repeated += received.Count - 1;
        }

        var own = log.Select(reminder => $"{reminder.Id:N}@tinh.gov.vn").ToHashSet();
        var sent = mails.Where(mail => own.Contains(mail.Key)).Sum(mail => mail.Count());
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run}: {log.Count} reminders, {sent} mails, {unknown} attempts of unknown outcome, {repeated} mails received again under the same Message-ID"));
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Starts the service again and again and kills it: at any moment, after some mails, or while the server has a mail that the service does not know to be taken.</summary>
    private sealed class Killer(ReminderYear year, int kills, int days, Random random)
    {
        private const int LongestMilliseconds = 4000;
        private const int MostMails = 12;
        private int _done;

        public int Done => Volatile.Read(ref _done);

        public async Task RunAsync(CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await using var victim = await year.StartInstanceAsync("one");
                if (Done == kills)
                {
                    await Task.Delay(Timeout.Infinite, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // this one may live
                    return;
                }

                // the kills are spread over the year, as its days wait for them
                await Eventually.TrueAsync(() => over.IsCancellationRequested || year.DayNumber >= days * Done / kills, "the day of the kill has come", s_patience);
                var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var (way, mails) = (random.Next(3), random.Next(MostMails));
                var taken = 0;
                year.Mail.BeforeAnswer = () =>
                {
                    if (way > 0 && Interlocked.Increment(ref taken) > mails)
                    {
                        if (way == 1)
                        {
                            victim.Kill(); // the answer to this mail never arrives
                        }

                        struck.TrySetResult();
                    }
                };
                await Task.WhenAny(struck.Task, Task.Delay(random.Next(200, LongestMilliseconds), over));
                if (way == 2)
                {
                    await Task.Delay(random.Next(20), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                Assert.False(victim.HasExited && way != 1, $"the service ended by itself:\n{victim.Output}");
                victim.Kill();
                await victim.WaitForExitAsync(CancellationToken.None);
                year.Mail.BeforeAnswer = null;
                Interlocked.Increment(ref _done);
            }
        }
    }
}

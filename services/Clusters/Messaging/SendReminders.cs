using System.Data;
using Microsoft.EntityFrameworkCore;
using Quartz;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Messaging;

/// <summary>What became of one transmission.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Detail">The answer of the other side, or why there is none.</param>
internal sealed record Transmission(AttemptOutcome Outcome, string? Detail = null);

/// <summary>
/// Sends what is planned, one after the other. Each attempt is on the log before its first byte leaves, in a transaction of its own,
/// and its outcome after the last. The run holds a lock of its database session: it is gone when the process is, so whatever is
/// found half sent by the next holder of the lock was left by one that died.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class SendReminders(ClustersDbContext db, JournalContext journal, Mailer mailer, WebhookCaller caller, TimeProvider clock, ILogger<SendReminders> logger) : IJob
{
    private const long Lock = 0x7E31_0002;
    private const int BatchSize = 100;

    // One failure to reach a server is enough for a run: the rest of what goes there waits for the next one.
    private readonly HashSet<Guid> _unreachable = [];
    private bool _mail = mailer.IsConfigured;
    private ReminderSchedule? _schedule;

    private ReminderSchedule Schedule => _schedule ?? throw new InvalidOperationException("The schedule is read when the run begins.");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        journal.Act("send reminders");
        if (await db.IsReadOnlyAsync(cancellationToken))
        {
            return; // nobody is reminded of what the system would not take; what is missed is caught up once
        }

        _schedule = await db.RuleAsync<ReminderSchedule>(clock.Today(), cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            if (await db.Database.SqlQuery<bool>($"select pg_try_advisory_lock({Lock}) as \"Value\"").SingleAsync(CancellationToken.None))
            {
                await SendAllAsync(cancellationToken);
            }
        }
        finally
        {
            // A broken session has lost the lock by itself.
            if (db.Database.GetDbConnection().State == ConnectionState.Open)
            {
                await db.Database.ExecuteSqlAsync($"select pg_advisory_unlock({Lock})", CancellationToken.None);
            }

            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task SendAllAsync(CancellationToken ct)
    {
        // The server notices within a minute when this machine is gone, and gives the lock up.
        await db.Database.ExecuteSqlRawAsync("set tcp_keepalives_idle = 20; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3", ct);
        await RecoverAsync(ct);
        while (await NextAsync(ct) is { Count: > 0 } batch)
        {
            foreach (var (id, webhook) in batch)
            {
                if (ct.IsCancellationRequested)
                {
                    return; // between two reminders, never within one
                }

                if (webhook is { } receiver ? !_unreachable.Contains(receiver) : _mail)
                {
                    await SendAsync(id);
                }

                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task RecoverAsync(CancellationToken ct)
    {
        foreach (var reminder in await db.Reminders.Where(reminder => reminder.State == ReminderState.Sending).ToListAsync(ct))
        {
            reminder.Recover(clock.GetUtcNow());
            logger.LogWarning("Reminder {Reminder} was left half sent; it goes out again under the same id", reminder.Id);
        }

        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private async Task<List<(Guid Id, Guid? Webhook)>> NextAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var unreachable = _unreachable.ToList();
        var next = await db.Reminders
            .Where(reminder => reminder.State == ReminderState.Planned && reminder.NextAttemptAt <= now)
            .Where(reminder => reminder.WebhookId != null
                ? !unreachable.Contains(reminder.WebhookId.Value)
                : _mail && db.Contacts.Any(contact => contact.Enabled && contact.Unit == reminder.RecipientUnit
                    && contact.Holder == (reminder.Recipient == RecipientKind.Agency ? ContactHolder.Agency : reminder.Recipient == RecipientKind.AgencyHead ? ContactHolder.AgencyHead : ContactHolder.Unit)))
            .OrderBy(reminder => reminder.Channel).ThenBy(reminder => reminder.Id)
            .Select(reminder => new { reminder.Id, reminder.WebhookId })
            .Take(BatchSize)
            .ToListAsync(ct);
        return next.ConvertAll(reminder => (reminder.Id, reminder.WebhookId));
    }

    private async Task SendAsync(Guid id)
    {
        var ct = CancellationToken.None; // what has begun is brought to its end
        await using var beginning = await db.Database.BeginTransactionAsync(ct);
        if ((await db.Reminders.FromSql($"select *, xmin from reminders where id = {id} and state = 'Planned' for update").ToListAsync(ct)).SingleOrDefault() is not { } reminder)
        {
            return;
        }

        var obligation = await db.Obligations.AsNoTracking().SingleAsync(o => o.Id == reminder.ObligationId, ct);
        if (!obligation.IsOpen || obligation.DueOn != reminder.DueOn)
        {
            reminder.Supersede(obligation.IsOpen ? SupersededReason.DueDateMoved : SupersededReason.NoLongerOwed);
            await db.SaveChangesAsync(ct);
            await beginning.CommitAsync(ct);
            return;
        }

        var transmit = reminder.Channel == ReminderChannel.Email ? await PrepareMailAsync(reminder, ct) : await PrepareCallAsync(reminder, ct);
        await db.SaveChangesAsync(ct);
        await beginning.CommitAsync(ct);
        if (transmit is null)
        {
            return;
        }

        var (outcome, detail) = await transmit();
        reminder.Settle(outcome, detail, Schedule, clock.GetUtcNow());
        if (reminder.WebhookId is { } webhook && outcome is AttemptOutcome.NotSent or AttemptOutcome.Unknown)
        {
            _unreachable.Add(webhook);
        }

        await db.SaveChangesAsync(ct);
    }

    /// <returns>What is left to do once the beginning is on the log; null when nothing is.</returns>
    private async Task<Func<Task<Transmission>>?> PrepareMailAsync(Reminder reminder, CancellationToken ct)
    {
        var holder = Contact.HolderOf(reminder.Recipient);
        var addresses = await db.Contacts.Where(contact => contact.Enabled && contact.Holder == holder && contact.Unit == reminder.RecipientUnit).Select(contact => contact.Email).Distinct().OrderBy(email => email).ToListAsync(ct);
        if (addresses.Count == 0)
        {
            return null; // switched off a moment ago
        }

        // The way to the server is open before the log says that something goes along it: the time of which nothing is known is short.
        var problem = await mailer.ConnectAsync(ct);
        var attempt = reminder.Begin(string.Join(", ", addresses), clock.GetUtcNow());
        if (problem is not null)
        {
            _mail = false;
            reminder.Settle(AttemptOutcome.NotSent, problem, Schedule, clock.GetUtcNow());
            return null;
        }

        var text = await TextAsync(reminder, ct);
        return () => mailer.SendAsync(reminder, attempt.Number, addresses, text);
    }

    private async Task<Func<Task<Transmission>>?> PrepareCallAsync(Reminder reminder, CancellationToken ct)
    {
        var webhook = await db.Webhooks.SingleAsync(w => w.Id == reminder.WebhookId, ct);
        if (!webhook.Enabled)
        {
            reminder.Supersede(SupersededReason.WebhookDisabled);
            return null;
        }

        reminder.Begin(webhook.Url, clock.GetUtcNow());
        var text = await TextAsync(reminder, ct);
        return async () =>
        {
            var (transmission, isGone) = await caller.CallAsync(webhook, reminder, text);
            if (isGone)
            {
                webhook.Disable("Hệ thống nhận trả lời 410: địa chỉ không còn dùng.");
            }

            return transmission;
        };
    }

    private async Task<ReminderText> TextAsync(Reminder reminder, CancellationToken ct)
    {
        var cluster = await db.Clusters.AsNoTracking().SingleAsync(c => c.Id == reminder.ClusterId, ct);
        return ReminderText.Of(reminder, cluster.Name, reminder.Unit is { } unit ? cluster.Members.FirstOrDefault(member => member.Unit == unit)?.Name ?? unit : null);
    }
}

using Microsoft.EntityFrameworkCore;
using Quartz;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Messaging;

/// <summary>
/// Puts on the log what is due as of the service's clock, and takes off what is no longer wanted. Whatever runs it however often,
/// the log is the same: it goes by what is on it already, and a unique index is the last net.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class PlanReminders(ClustersDbContext db, JournalContext journal, TimeProvider clock) : IJob
{
    private const long Lock = 0x7E31_0001;
    private const int BatchSize = 200; // a batch is one journal row

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        journal.Act("plan reminders");
        if (await db.IsReadOnlyAsync(cancellationToken))
        {
            return; // nobody is reminded of what the system would not take; what is missed is caught up once
        }

        var now = clock.GetUtcNow();
        var schedule = await db.RuleAsync<ReminderSchedule>(clock.Today(), cancellationToken);
        var day = schedule.DayOf(now);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({Lock}) as \"Value\"").SingleAsync(cancellationToken))
        {
            return; // another instance is at it
        }

        await SupersedeAsync(await PlanAsync(schedule, day, now, cancellationToken), cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <returns>The obligations that have a newer reminder now.</returns>
    private async Task<Guid[]> PlanAsync(ReminderSchedule schedule, DateOnly day, DateTimeOffset now, CancellationToken ct)
    {
        var horizon = day.AddDays(-schedule.Days[0]);
        var open = db.Obligations.AsNoTracking().Where(o => o.MetAt == null && o.CutOffAt == null && o.ReleasedAt == null && o.DueOn <= horizon);
        var planned = await db.Reminders
            .Where(reminder => open.Any(o => o.Id == reminder.ObligationId && o.DueOn == reminder.DueOn))
            .GroupBy(reminder => reminder.ObligationId)
            .Select(log => new { Obligation = log.Key, Last = log.Max(reminder => reminder.Occurrence) })
            .ToDictionaryAsync(log => log.Obligation, log => (int?)log.Last, ct);
        var due = (await open.ToListAsync(ct))
            .Where(obligation => schedule.Latest(obligation.DueOn, day) is { } latest && !(planned.GetValueOrDefault(obligation.Id) >= latest))
            .OrderBy(obligation => obligation.Id)
            .ToList();
        if (due.Count == 0)
        {
            return [];
        }

        var clusters = due.Select(obligation => obligation.ClusterId).Distinct().ToList();
        var leaders = await db.Clusters.Where(cluster => clusters.Contains(cluster.Id)).ToDictionaryAsync(cluster => cluster.Id, cluster => cluster.Leader, ct);
        var webhooks = await db.Webhooks.AsNoTracking().Where(webhook => webhook.Enabled).ToListAsync(ct);
        foreach (var batch in due.Chunk(BatchSize))
        {
            db.AddRange(batch.SelectMany(obligation => ReminderPlan
                .For(schedule, obligation, leaders[obligation.ClusterId], planned.GetValueOrDefault(obligation.Id), day, webhooks)
                .Select(reminder => Reminder.Plan(obligation, reminder, day, now))));
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }

        return [.. due.Select(obligation => obligation.Id)];
    }

    // A reminder that is being sent just now is left alone: its row is locked only for the moment in which that begins.
    private async Task SupersedeAsync(Guid[] renewed, CancellationToken ct)
    {
        var stale = await db.Reminders.FromSql($"""
            select r.*, r.xmin from reminders r join obligations o on o.id = r.obligation_id
            where r.state = 'Planned' and (o.met_at is not null or o.cut_off_at is not null or o.released_at is not null or o.due_on <> r.due_on
                or (r.obligation_id = any({renewed}) and r.occurrence < (select max(n.occurrence) from reminders n where n.obligation_id = r.obligation_id and n.due_on = r.due_on)))
            for update of r
            """).ToListAsync(ct);
        foreach (var batch in stale.Chunk(BatchSize))
        {
            var ids = batch.Select(reminder => reminder.ObligationId).Distinct().ToList();
            var obligations = await db.Obligations.AsNoTracking().Where(obligation => ids.Contains(obligation.Id)).ToDictionaryAsync(obligation => obligation.Id, ct);
            foreach (var reminder in batch)
            {
                reminder.Supersede(obligations[reminder.ObligationId] switch
                {
                    { IsOpen: false } => SupersededReason.NoLongerOwed,
                    { DueOn: var dueOn } when dueOn != reminder.DueOn => SupersededReason.DueDateMoved,
                    _ => SupersededReason.LaterReminder,
                });
            }

            await db.SaveChangesAsync(ct);
        }
    }
}

namespace ThiDua.Clusters.Domain;

/// <summary>Việc đôn đốc cần làm: one reminder that is to be on the log.</summary>
/// <param name="Occurrence">Days from the due date.</param>
/// <param name="Recipient">Who.</param>
/// <param name="WebhookId">By which webhook; null: by e-mail.</param>
/// <param name="IsMissed">Its day passed while nothing ran, and a later one goes out in its place: it is recorded and not sent.</param>
public sealed record PlannedReminder(int Occurrence, ReminderRecipient Recipient, Guid? WebhookId, bool IsMissed);

/// <summary>
/// Kế hoạch đôn đốc: which reminders of one obligation are due on a day. What was missed while the system stood still is caught up
/// once and by the latest occurrence only: nobody wants four letters on one morning. Those in between are recorded as missed; what
/// lies before the first reminder ever planned was never missed, the obligation was not known yet.
/// </summary>
public static class ReminderPlan
{
    /// <param name="schedule">The rule of the day.</param>
    /// <param name="obligation">What is owed.</param>
    /// <param name="leader">Unit that leads the cluster.</param>
    /// <param name="planned">The last occurrence already on the log, counted from the same due date; null: none.</param>
    /// <param name="day">The day (<see cref="ReminderSchedule.DayOf"/>).</param>
    /// <param name="webhooks">Those that are enabled.</param>
    public static IReadOnlyList<PlannedReminder> For(ReminderSchedule schedule, Obligation obligation, string leader, int? planned, DateOnly day, IReadOnlyCollection<Webhook> webhooks)
    {
        if (!obligation.IsOpen || schedule.Latest(obligation.DueOn, day) is not { } latest || planned >= latest)
        {
            return [];
        }

        var occurrences = planned is { } after ? schedule.Between(after, latest) : [latest];
        return [.. occurrences.SelectMany(occurrence => Of(schedule, obligation.Unit, leader, occurrence, webhooks, isMissed: occurrence != latest))];
    }

    private static IEnumerable<PlannedReminder> Of(ReminderSchedule schedule, string? unit, string leader, int occurrence, IReadOnlyCollection<Webhook> webhooks, bool isMissed)
    {
        List<ReminderRecipient> recipients = [.. schedule.Recipients(occurrence, unit, leader)];
        foreach (var recipient in recipients)
        {
            yield return new PlannedReminder(occurrence, recipient, null, isMissed);
        }

        // A unit's system is told what the unit itself is told; the agency's is told everything.
        foreach (var webhook in webhooks.Where(webhook => webhook.Wants(occurrence)))
        {
            var recipient = webhook.Unit is { } scope ? recipients.Find(told => told.Unit == scope) : new ReminderRecipient(RecipientKind.Agency, null);
            if (recipient is not null)
            {
                yield return new PlannedReminder(occurrence, recipient, webhook.Id, isMissed);
            }
        }
    }
}

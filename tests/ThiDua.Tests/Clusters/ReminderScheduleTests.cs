using System.Globalization;
using CsCheck;
using ThiDua.Clusters.Domain;

namespace ThiDua.Tests.Clusters;

/// <summary>“T−15, T−7, T−3, T−1, T+1, weekly after, to unit, leader, standing agency; escalation” (P4).</summary>
public sealed class ReminderScheduleTests
{
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "10000", CultureInfo.InvariantCulture);

    private static readonly ReminderSchedule Schedule = new([-15, -7, -3, -1, 1], 7, -1, 1, 22, 7, [5, 15, 60]);
    private static readonly DateOnly Due = new(2026, 6, 20);

    [Theory]
    [InlineData("2026-06-04", null)] // T−16
    [InlineData("2026-06-05", "T-15")]
    [InlineData("2026-06-12", "T-15")]
    [InlineData("2026-06-13", "T-7")]
    [InlineData("2026-06-16", "T-7")]
    [InlineData("2026-06-17", "T-3")]
    [InlineData("2026-06-18", "T-3")]
    [InlineData("2026-06-19", "T-1")]
    [InlineData("2026-06-20", "T-1")]
    [InlineData("2026-06-21", "T+1")]
    [InlineData("2026-06-27", "T+1")]
    [InlineData("2026-06-28", "T+8")]
    [InlineData("2026-07-05", "T+15")]
    [InlineData("2026-07-11", "T+15")]
    [InlineData("2026-07-12", "T+22")]
    [InlineData("2027-06-20", "T+365")]
    public void The_latest_occurrence_of_a_day_is_that_of_the_table(string day, string? expected) =>
        Assert.Equal(expected, Schedule.Latest(Due, Sample.Day(day)) is { } latest ? ReminderSchedule.Label(latest) : null);

    [Theory]
    [InlineData(-15, "Unit:A")]
    [InlineData(-3, "Unit:A")]
    [InlineData(-1, "Unit:A Leader:L")]
    [InlineData(1, "Unit:A Leader:L Agency:")]
    [InlineData(15, "Unit:A Leader:L Agency:")]
    [InlineData(22, "Unit:A Leader:L Agency: AgencyHead:")]
    [InlineData(365, "Unit:A Leader:L Agency: AgencyHead:")]
    public void Unit_leader_agency_and_its_head_are_told_in_turn(int occurrence, string expected) =>
        Assert.Equal(expected, string.Join(' ', Schedule.Recipients(occurrence, "A", "L").Select(recipient => $"{recipient.Kind}:{recipient.Unit}")));

    [Fact]
    public void A_leader_that_is_late_is_told_once_and_the_agency_of_what_it_owes_itself_from_the_start()
    {
        Assert.Equal([new ReminderRecipient(RecipientKind.Unit, "L"), new ReminderRecipient(RecipientKind.Agency, null)], Schedule.Recipients(8, "L", "L"));
        Assert.Equal([new ReminderRecipient(RecipientKind.Agency, null)], Schedule.Recipients(-15, null, "L"));
        Assert.Equal([new ReminderRecipient(RecipientKind.Agency, null), new ReminderRecipient(RecipientKind.AgencyHead, null)], Schedule.Recipients(29, null, "L"));
    }

    [Theory] // the hour of sending is 7 in Việt Nam, midnight UTC
    [InlineData("2026-06-04T23:59:59Z", "2026-06-04")]
    [InlineData("2026-06-05T00:00:00Z", "2026-06-05")]
    [InlineData("2026-06-05T16:59:59Z", "2026-06-05")]
    [InlineData("2026-06-05T17:00:00Z", "2026-06-05")]
    public void A_day_begins_at_the_hour_of_sending(string now, string day) =>
        Assert.Equal(Sample.Day(day), Schedule.DayOf(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 15)]
    [InlineData(3, 60)]
    [InlineData(9, 60)]
    public void Each_attempt_that_fails_is_followed_by_a_longer_pause(int attempts, int minutes) =>
        Assert.Equal(Sample.Now.AddMinutes(minutes), Schedule.RetryAfter(attempts, Sample.Now));

    [Theory]
    [InlineData("""{"days":[],"every_days":7,"leader_from":-1,"agency_from":1,"head_from":22,"hour":7,"retry_minutes":[5]}""")]
    [InlineData("""{"days":[-7,-15],"every_days":7,"leader_from":-1,"agency_from":1,"head_from":22,"hour":7,"retry_minutes":[5]}""")]
    [InlineData("""{"days":[-7,-7],"every_days":7,"leader_from":-1,"agency_from":1,"head_from":22,"hour":7,"retry_minutes":[5]}""")]
    [InlineData("""{"days":[-7],"every_days":0,"leader_from":-1,"agency_from":1,"head_from":22,"hour":7,"retry_minutes":[5]}""")]
    [InlineData("""{"days":[-7],"every_days":7,"leader_from":-1,"agency_from":1,"head_from":22,"hour":24,"retry_minutes":[5]}""")]
    [InlineData("""{"days":[-7],"every_days":7,"leader_from":-1,"agency_from":1,"head_from":22,"hour":7,"retry_minutes":[0]}""")]
    [InlineData("""{"days":[-7],"every_days":7,"leader_from":-1,"agency_from":1,"head_from":22,"hour":7,"retry_minutes":[]}""")]
    public void A_schedule_that_cannot_be_kept_is_refused(string json) => Assert.NotEmpty(RuleValues.Problems(ReminderSchedule.Code, json));

    [Fact]
    public void Played_day_by_day_each_occurrence_comes_once_and_on_its_day()
    {
        var seen = Play(Due, Enumerable.Range(-30, 90).Select(Due.AddDays));

        Assert.Equal([-15, -7, -3, -1, 1, 8, 15, 22, 29, 36, 43, 50, 57], seen.Select(reminder => reminder.Occurrence));
        Assert.All(seen, reminder => Assert.Equal((Due.AddDays(reminder.Occurrence), false), (reminder.Day, reminder.IsMissed)));
    }

    [Fact]
    public void What_was_missed_is_caught_up_by_the_latest_alone_and_stays_on_record()
    {
        var seen = Play(Due, [Due.AddDays(-15), Due.AddDays(2), Due.AddDays(3), Due.AddDays(20)]);

        Assert.Equal([(-15, false), (-7, true), (-3, true), (-1, true), (1, false), (8, true), (15, false)], seen.Select(reminder => (reminder.Occurrence, reminder.IsMissed)));
    }

    [Fact]
    public void What_is_known_late_begins_with_the_occurrence_of_the_day() =>
        Assert.Equal([(8, false)], Play(Due, [Due.AddDays(10)]).Select(reminder => (reminder.Occurrence, reminder.IsMissed)));

    [Fact]
    public void Over_any_days_and_pauses_each_occurrence_is_planned_once_and_the_latest_is_the_one_sent() =>
        Gen.Select(Gen.Int[1, 9].Array[1, 60], Gen.Int[-40, 10]).Sample(
            (steps, start) =>
            {
                var days = steps.Aggregate(new List<DateOnly> { Due.AddDays(start) }, (days, step) => [.. days, days[^1].AddDays(step)]);
                var seen = Play(Due, days.SelectMany(day => new[] { day, day })); // looked at twice a day

                Assert.Equal(seen.Select(reminder => reminder.Occurrence).Distinct(), seen.Select(reminder => reminder.Occurrence));
                Assert.Equal(seen.Select(reminder => reminder.Occurrence).Order(), seen.Select(reminder => reminder.Occurrence));
                Assert.All(seen.GroupBy(reminder => reminder.Day), day => Assert.Equal(Schedule.Latest(Due, day.Key), Assert.Single(day, reminder => !reminder.IsMissed).Occurrence));
                Assert.Equal(Schedule.Latest(Due, days[^1]), seen.Count > 0 ? seen[^1].Occurrence : null);

                // nothing between the first and the last is missing
                var listed = new[] { -15, -7, -3, -1, 1 }.Concat(Enumerable.Range(1, 100).Select(week => 1 + (7 * week)));
                Assert.Equal(seen.Count == 0 ? [] : listed.Where(occurrence => occurrence >= seen[0].Occurrence && occurrence <= seen[^1].Occurrence), seen.Select(reminder => reminder.Occurrence));
            },
            iter: Cases);

    [Fact]
    public void Nothing_comes_after_it_is_met_and_an_extension_counts_anew() =>
        Gen.Select(Gen.Int[-20, 40], Gen.Int[1, 40], Gen.Int[0, 60]).Sample(
            (extendedAfter, by, metAfter) =>
            {
                var obligation = Owed(Due);
                var planned = new Dictionary<DateOnly, int>();
                for (var day = Due.AddDays(-20); day < Due.AddDays(150); day = day.AddDays(1))
                {
                    if (day == Due.AddDays(extendedAfter))
                    {
                        obligation.Extend(Due.AddDays(by), "Bão lũ", null, "tt", Sample.Now);
                    }

                    if (day == Due.AddDays(extendedAfter + metAfter))
                    {
                        obligation.Follow(new Owed("A", ObligationKind.MidyearReport, ObligationRecipient.StandingAgency, Due, Sample.Now, null));
                    }

                    var due = ReminderPlan.For(Schedule, obligation, "L", planned.TryGetValue(obligation.DueOn, out var last) ? last : null, day, []);
                    Assert.True(due.Count == 0 || obligation.IsOpen);
                    Assert.All(due.Where(reminder => !reminder.IsMissed), reminder => Assert.Equal(Schedule.Latest(obligation.DueOn, day), reminder.Occurrence));
                    if (due.Count > 0)
                    {
                        planned[obligation.DueOn] = due[^1].Occurrence;
                    }
                }

                // of the old date nothing that lies after the extension, of the new one nothing after the report
                Assert.All(planned, basis => Assert.True(basis.Key.AddDays(basis.Value) <= Due.AddDays(basis.Key == Due ? Math.Max(extendedAfter, -15) : extendedAfter + metAfter)));
            },
            iter: Cases);

    [Fact]
    public void A_units_system_hears_what_the_unit_hears_and_the_agencys_everything_it_asked_for()
    {
        var own = Webhook.Subscribe("A", "https://a.vn/", Webhook.AllEvents, "s");
        var leading = Webhook.Subscribe("L", "https://l.vn/", Webhook.AllEvents, "s");
        var other = Webhook.Subscribe("B", "https://b.vn/", Webhook.AllEvents, "s");
        var agency = Webhook.Subscribe(null, "https://snv.vn/", [Webhook.OverdueEvent], "s");
        Webhook[] all = [own, leading, other, agency];

        Assert.Equal([own.Id], On(-15));
        Assert.Equal([own.Id, leading.Id], On(-1));
        Assert.Equal([own.Id, leading.Id, agency.Id], On(1));
        own.Disable("410");
        Assert.Equal([leading.Id, agency.Id], On(8));

        IEnumerable<Guid> On(int days) => ReminderPlan.For(Schedule, Owed(Due), "L", null, Due.AddDays(days), all).Where(reminder => reminder.WebhookId is not null).Select(reminder => reminder.WebhookId!.Value);
    }

    private static Obligation Owed(DateOnly due) =>
        Obligation.Of("2026", Guid.CreateVersion7(), new Owed("A", ObligationKind.MidyearReport, ObligationRecipient.StandingAgency, due, null, null));

    private static List<(DateOnly Day, int Occurrence, bool IsMissed)> Play(DateOnly due, IEnumerable<DateOnly> days)
    {
        var obligation = Owed(due);
        var seen = new List<(DateOnly Day, int Occurrence, bool IsMissed)>();
        foreach (var day in days)
        {
            seen.AddRange(ReminderPlan.For(Schedule, obligation, "L", seen.Count > 0 ? seen[^1].Occurrence : null, day, [])
                .Where(reminder => reminder.Recipient.Kind == RecipientKind.Unit)
                .Select(reminder => (day, reminder.Occurrence, reminder.IsMissed)));
        }

        return seen;
    }
}

using CsCheck;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Clusters;

public sealed class ActivityTests
{
    private static readonly string[] s_members = ["A", "B", "C"];
    private static readonly ActivityPlan s_plan = new(ActivityKind.Activity, "KHAC", null, "Giao lưu", Sample.Today, "A");
    private static readonly ActivityPlan s_meeting = new(ActivityKind.Meeting, null, ReviewPeriod.Midyear, "Sơ kết", Sample.Today, "A");

    // Every step from every state: what is not planned is neither held nor cancelled, and only what was held is corrected.
    [Theory]
    [InlineData("hold", "Planned", null)]
    [InlineData("hold", "Held", "wrong-activity-state")]
    [InlineData("hold", "Cancelled", "wrong-activity-state")]
    [InlineData("cancel", "Planned", null)]
    [InlineData("cancel", "Held", "wrong-activity-state")]
    [InlineData("cancel", "Cancelled", "wrong-activity-state")]
    [InlineData("correct", "Planned", "wrong-activity-state")]
    [InlineData("correct", "Held", null)]
    [InlineData("correct", "Cancelled", "wrong-activity-state")]
    public void A_step_is_taken_from_its_state_only(string step, string from, string? refusal)
    {
        var activity = InState(from);
        var version = activity.Version;
        if (refusal is null)
        {
            Take(step, activity);
            Assert.Equal(version + 1, activity.Version);
        }
        else
        {
            Assert.Equal(refusal, Assert.Throws<RuleViolationException>(() => Take(step, activity)).Code);
            Assert.Equal((from, version), (activity.State.ToString(), activity.Version));
        }
    }

    [Theory]
    [InlineData("A=Present B=Absent", "2026-03-02", "OUT_OF_RANGE /held_on")] // tomorrow
    [InlineData("A=Present X=Present", "2026-03-01", "NOT_MEMBER /attendance/X")]
    [InlineData("", "2026-03-01", "MISSING_PROPERTY /attendance")]
    [InlineData("A=Present B=Absent", "2026-03-01", null)] // C was not called
    public void What_is_reported_of_an_activity_is_checked(string attendance, string day, string? expected) =>
        Check(Activity.Plan(Sample.Opened(), Guid.CreateVersion7(), s_plan), attendance, day, minutes: null, expected);

    // “Tổ chức sơ kết và tổng kết”: every member is called to a review, and it has minutes.
    [Theory]
    [InlineData("A=Present B=Absent C=Excused", "BB 1", null)]
    [InlineData("A=Present B=Absent", "BB 1", "MISSING_PROPERTY /attendance/C")]
    [InlineData("A=Present B=Absent C=Excused", null, "MISSING_PROPERTY /minutes")]
    public void A_review_calls_every_member_and_has_minutes(string attendance, string? minutes, string? expected) =>
        Check(Activity.Plan(Sample.Opened(), Guid.CreateVersion7(), s_meeting), attendance, "2026-03-01", minutes, expected);

    [Fact]
    public void A_correction_gives_its_reason_and_keeps_what_it_corrects()
    {
        var activity = InState("Held");
        Assert.Equal("MISSING_REASON", Assert.Throws<RuleViolationException>(() => activity.Correct(Sample.Opened(), Entries("A=Present"), s_members, " ", "clerk", Sample.Now)).Errors.Single().Code);
        activity.Correct(Sample.Opened(), Entries("A=Present B=Present"), ["A"], "Cử người dự thay", "clerk", Sample.Now); // B left the cluster since

        Assert.Equal([(1, Presence.Absent, null), (2, Presence.Present, "Cử người dự thay")], activity.Attendance.Select(list => (list.Number, list.Entries["B"], list.Reason)));
        Assert.Equal(2, activity.Counted!.Number);
    }

    [Fact]
    public void Nothing_is_recorded_in_a_season_that_is_over()
    {
        var season = Sample.Opened();
        foreach (var phase in Enum.GetValues<SeasonPhase>().Skip(1))
        {
            season.Advance(phase, "Thử", 1, Sample.Now);
        }

        Assert.Equal("season-closed", Assert.Throws<RuleViolationException>(() => Activity.Plan(season, Guid.CreateVersion7(), s_plan)).Code);
        Assert.Equal("season-closed", Assert.Throws<RuleViolationException>(() => InState("Planned").Cancel(season, "Thử")).Code);
    }

    // n of N: who was excused was not called, unless the rule says otherwise.
    [Theory]
    [InlineData("P P P", false, 3, 3)]
    [InlineData("P A E", false, 1, 2)]
    [InlineData("P A E", true, 1, 3)]
    [InlineData("E E", false, 0, 0)]
    [InlineData("E E", true, 0, 2)]
    [InlineData("- P -", false, 1, 1)] // not named: not called
    [InlineData("", false, 0, 0)]
    public void Attendance_counts_what_the_unit_was_called_to(string presences, bool excusedCounts, int attended, int called) =>
        Assert.Equal(new Attendance(attended, called), Attendance.Of("A", presences.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(letter => (
            (IReadOnlyDictionary<string, Presence>)Entries(letter switch { "P" => "A=Present", "A" => "A=Absent", "E" => "A=Excused", _ => "B=Present" }), new AttendanceCount(excusedCounts)))));

    [Fact]
    public void Nobody_attends_more_often_than_called() =>
        Gen.Select(Gen.Enum<Presence>().Array[0, 30], Gen.Bool).Sample((presences, excusedCounts) =>
        {
            var attendance = Attendance.Of("A", presences.Select(presence => ((IReadOnlyDictionary<string, Presence>)new Dictionary<string, Presence> { ["A"] = presence }, new AttendanceCount(excusedCounts))));
            return attendance.Attended <= attendance.Called && attendance.Called <= presences.Length && (!excusedCounts || attendance.Called == presences.Length);
        });

    [Fact]
    public void Attendance_is_told_once_and_again_only_when_it_changes()
    {
        var record = new AttendanceRecord { Season = "2026", Unit = "A" };
        Assert.True(record.Take(new Attendance(0, 0)));
        Assert.False(record.Take(new Attendance(0, 0)));
        Assert.True(record.Take(new Attendance(1, 1)));
        Assert.Equal(2, record.Version);
    }

    private static void Check(Activity activity, string attendance, string day, string? minutes, string? expected)
    {
        void Hold() => activity.Hold(Sample.Opened(), new ActivityReport(Sample.Day(day), Entries(attendance), "Tốt", minutes, []), s_members, "clerk", Sample.Now);
        if (expected is null)
        {
            Hold();
            Assert.Equal(ActivityState.Held, activity.State);
        }
        else
        {
            var error = Assert.Throws<RuleViolationException>(Hold).Errors.Single();
            Assert.Equal(expected, $"{error.Code} {error.Path}");
        }
    }

    private static Activity InState(string state)
    {
        var activity = Activity.Plan(Sample.Opened(), Guid.CreateVersion7(), s_plan);
        if (state == "Held")
        {
            Take("hold", activity);
        }
        else if (state == "Cancelled")
        {
            Take("cancel", activity);
        }

        return activity;
    }

    private static void Take(string step, Activity activity)
    {
        switch (step)
        {
            case "hold":
                activity.Hold(Sample.Opened(), new ActivityReport(Sample.Today, Entries("A=Present B=Absent"), "Tốt", null, []), s_members, "clerk", Sample.Now);
                break;
            case "cancel":
                activity.Cancel(Sample.Opened(), "Trùng lịch");
                break;
            default:
                activity.Correct(Sample.Opened(), Entries("A=Present B=Present"), s_members, "Ghi nhầm", "clerk", Sample.Now);
                break;
        }
    }

    private static Dictionary<string, Presence> Entries(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split('=')).ToDictionary(entry => entry[0], entry => Enum.Parse<Presence>(entry[1]), StringComparer.Ordinal);
}

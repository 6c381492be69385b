using System.Globalization;
using CsCheck;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using static ThiDua.Clusters.Domain.ObligationKind;
using static ThiDua.Clusters.Domain.ObligationRecipient;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

public sealed class ObligationTests
{
    private static readonly WorkingDayCalendar s_days = new([], []);

    private static readonly Dictionary<string, DateTimeOffset> s_none = [];

    private static readonly ObligationRules s_rules = new(
        new ReportDueDates(new Dictionary<string, ReportDays>
        {
            ["CALENDAR_YEAR"] = new(new DayOfSeason(6, 19, 0), new DayOfSeason(12, 10, 0)),
            ["SCHOOL_YEAR"] = new(new DayOfSeason(1, 31, 1), new DayOfSeason(7, 10, 1)),
        }),
        new DueOnDayOff(DayOffEffect.Stays), new ReportCutOff(), new ExplanationTerm(5));

    private static readonly Dictionary<SeasonPhase, PhaseWindow> s_calendar = new()
    {
        [SeasonPhase.Criteria] = new(Day("2026-01-15"), Day("2026-03-31")),
        [SeasonPhase.SelfScoring] = new(Day("2026-11-15"), Day("2026-11-25")),
        [SeasonPhase.ClusterReview] = new(Day("2026-11-26"), Day("2026-12-08")),
        [SeasonPhase.Appraisal] = new(Day("2026-12-09"), Day("2026-12-25")),
    };

    [Fact] // “báo cáo sơ kết 6 tháng đầu năm và tổng kết năm với Cụm trưởng cụm thi đua và với cơ quan Thường trực”
    public void A_member_owes_four_deliveries_and_the_leader_two()
    {
        var owed = Owed(Opened());

        Assert.Equal(
            [
                ("A", MidyearReport, StandingAgency, "19/06/2026"), ("A", YearendReport, StandingAgency, "10/12/2026"),
                ("B", MidyearReport, ClusterLeader, "19/06/2026"), ("B", MidyearReport, StandingAgency, "19/06/2026"),
                ("B", YearendReport, ClusterLeader, "10/12/2026"), ("B", YearendReport, StandingAgency, "10/12/2026"),
            ],
            owed.Where(one => one.Unit is "A" or "B").Select(one => (one.Unit, one.Kind, one.Recipient, one.DueOn.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture))));
        Assert.Equal(10, owed.Count);
    }

    [Fact]
    public void Reports_of_a_school_year_are_due_in_the_year_after_it_begins() =>
        Assert.Equal([Day("2026-01-31"), Day("2026-07-10")], Owed(Season.Open("NH", SchoolYear, 2025, new Dictionary<SeasonPhase, PhaseWindow>(), Now)).Where(one => one.Unit == "A").Select(one => one.DueOn));

    [Fact]
    public void A_type_of_season_without_due_days_owes_no_reports() =>
        Assert.Empty(ObligationPlan.Of(Opened(), Formed(Opened()), new Receipts([], [], null, s_none), s_rules with { DueDates = new ReportDueDates(new Dictionary<string, ReportDays>()) }, s_days));

    [Fact]
    public void The_29th_of_February_is_the_28th_where_there_is_none() => Assert.Equal([Day("2028-02-29"), Day("2027-02-28")], new[] { 2028, 2027 }.Select(year => new DayOfSeason(2, 29, 0).In(year)));

    [Fact]
    public void Steps_are_due_on_the_last_day_of_their_phase_and_not_owed_without_one()
    {
        Assert.DoesNotContain(Owed(Opened()), one => one.Kind > YearendReport);
        Assert.Equal(
            [
                ("A", ObligationKind.Registration, ClusterLeader, Day("2026-03-31")), ("B", ObligationKind.Registration, ClusterLeader, Day("2026-03-31")), ("C", ObligationKind.Registration, ClusterLeader, Day("2026-03-31")),
                ("A", SelfScoring, ClusterLeader, Day("2026-11-25")), ("B", SelfScoring, ClusterLeader, Day("2026-11-25")), ("C", SelfScoring, ClusterLeader, Day("2026-11-25")),
                ("A", ClusterReview, StandingAgency, Day("2026-12-08")), ("B", ClusterReview, StandingAgency, Day("2026-12-08")),
                (null, Appraisal, Council, Day("2026-12-25")),
            ],
            Owed(Opened(calendar: s_calendar)).Where(one => one.Kind > YearendReport).Select(one => (one.Unit, one.Kind, one.Recipient, one.DueOn)));
    }

    [Fact]
    public void A_sheet_meets_self_scoring_and_its_return_asks_for_an_explanation()
    {
        var season = Opened(calendar: s_calendar);
        var sheet = Sheet("C", (3, SheetStepKind.Submitted, "2026-11-20"), (5, SheetStepKind.Returned, "2026-11-27"));

        var owed = Owed(season, sheets: [sheet]);
        Assert.Equal(Moment("2026-11-20"), owed.Single(one => one is { Unit: "C", Kind: SelfScoring }).MetAt);
        var explanation = owed.Single(one => one.Kind == Explanation);
        Assert.Equal(("C", ClusterLeader, Day("2026-12-04"), 5, null), (explanation.Unit, explanation.Recipient, explanation.DueOn, explanation.Occasion, explanation.MetAt));

        sheet.Take(new SheetStep(6, SheetStepKind.Explained, Moment("2026-12-01")));
        sheet.Take(new SheetStep(9, SheetStepKind.Returned, Moment("2026-12-10"), ByStandingAgency: true));
        Assert.Equal(
            [(5, ClusterLeader, (DateTimeOffset?)Moment("2026-12-01")), (9, StandingAgency, null)],
            Owed(season, sheets: [sheet]).Where(one => one.Kind == Explanation).Select(one => (one.Occasion, one.Recipient, one.MetAt)));
    }

    [Fact]
    public void Review_is_done_when_every_sheet_handed_in_is_reviewed()
    {
        var season = Opened(calendar: s_calendar);
        var (one, other) = (Sheet("A", (3, SheetStepKind.Submitted, "2026-11-20"), (5, SheetStepKind.Reviewed, "2026-11-28")), Sheet("C", (3, SheetStepKind.Submitted, "2026-11-21")));
        Advance(season, SeasonPhase.ClusterReview);
        Assert.Equal([null, null], Reviews());

        other.Take(new SheetStep(4, SheetStepKind.Reviewed, Moment("2026-11-30")));
        Assert.Equal([Moment("2026-11-30"), Moment("2026-11-30")], Reviews());

        // What the standing agency returns stays reviewed; what the leader returns does not.
        one.Take(new SheetStep(8, SheetStepKind.Returned, Moment("2026-12-12"), ByStandingAgency: true));
        Assert.Equal(Moment("2026-11-30"), Reviews()[0]);
        one.Take(new SheetStep(7, SheetStepKind.Returned, Moment("2026-12-01")));
        Assert.Equal([null, null], Reviews());

        List<DateTimeOffset?> Reviews() => [.. Owed(season, sheets: [one, other]).Where(found => found.Kind == ClusterReview).Select(found => found.MetAt)];
    }

    [Fact]
    public void Appraisal_is_done_while_a_decided_result_stands()
    {
        var (season, result) = (Opened(calendar: s_calendar), DecidedResult.Of(Guid.Empty, "2026"));
        result.Reopened(1); // overtook the decision that it reopens
        result.Decided("C1", "Cụm", 1, Moment("2026-12-20"), []);
        Assert.Null(Met());
        result.Decided("C1", "Cụm", 2, Moment("2026-12-23"), []);
        Assert.Equal(Moment("2026-12-23"), Met());

        DateTimeOffset? Met() => Owed(season, result: result).Single(one => one.Kind == Appraisal).MetAt;
    }

    [Fact]
    public void Steps_of_a_sheet_say_the_same_in_whatever_order_they_are_told() =>
        Gen.Select(Gen.Select(Gen.Enum<SheetStepKind>(), Gen.Bool).Array[1, 8], Gen.Int).Sample((kinds, seed) =>
        {
            List<SheetStep> steps = [.. kinds.Select((kind, index) => new SheetStep(index + 1, kind.Item1, Now.AddHours(index), kind.Item2))];
            var shuffled = steps.Concat(steps).ToArray();
            new Random(seed).Shuffle(shuffled);
            var (told, ordered) = (Sheet("A"), Sheet("A"));
            Array.ForEach(shuffled, told.Take);
            steps.ForEach(ordered.Take);
            return told.SubmittedAt == ordered.SubmittedAt && told.ReviewedAt == ordered.ReviewedAt && told.Returns.SequenceEqual(ordered.Returns) && told.Steps.SequenceEqual(steps);
        });

    [Fact]
    public void The_first_receipt_counts_unless_its_recipient_returned_it()
    {
        var report = Report.Begin("2026", "B", ReportKind.Midyear, new ReportContent("Sơ kết", [], []));
        Assert.Equal(ReportState.Draft, report.State);
        report.Submit(null, "b", Moment("2026-06-18"));
        Assert.Equal([("MISSING_REASON", "/reason")], Assert.Throws<RuleViolationException>(() => report.Submit("", "b", Moment("2026-06-19"))).Errors.Select(error => (error.Code, error.Path)));
        report.Submit("Bổ sung", "b", Moment("2026-06-22"));
        Assert.Equal([Moment("2026-06-18"), Moment("2026-06-18")], Receipts());

        report.Return(ClusterLeader, "Thiếu số liệu", "a", Moment("2026-06-23"));
        Assert.Equal((ReportState.Returned, null, Moment("2026-06-18")), (report.State, Receipts()[0], Receipts()[1]));
        Assert.Equal("report-not-received", Assert.Throws<RuleViolationException>(() => report.Return(ClusterLeader, "Lần nữa", "a", Moment("2026-06-23"))).Code);
        report.Submit("Đã bổ sung", "b", Moment("2026-06-25"));
        Assert.Equal([Moment("2026-06-25"), Moment("2026-06-18")], Receipts());
        Assert.Equal((ReportState.Submitted, 3), (report.State, report.Versions.Count));

        List<DateTimeOffset?> Receipts() => [report.History.ReceiptOf(ClusterLeader), report.History.ReceiptOf(StandingAgency)];
    }

    [Theory] // hạn 19/06/2026
    [InlineData(null, "2026-06-19", null, ObligationState.Open, 0)]
    [InlineData(null, "2026-06-24", null, ObligationState.Open, 3)]
    [InlineData("2026-06-21T23:59:59+07:00", "2026-06-30", null, ObligationState.OnTime, 0)]
    [InlineData("2026-06-22T00:00:00+07:00", "2026-06-30", null, ObligationState.Late, 1)]
    [InlineData("2026-06-22T00:00:00+07:00", "2026-06-21", null, ObligationState.Open, 0)] // not yet received on that day
    [InlineData("2026-06-29T10:00:00+07:00", "2026-06-30", 6, ObligationState.Late, 6)]
    [InlineData("2026-06-29T10:00:00+07:00", "2026-06-30", 5, ObligationState.Missing, 6)]
    [InlineData(null, "2026-06-26", 5, ObligationState.Open, 5)]
    [InlineData(null, "2026-06-29", 5, ObligationState.Missing, 6)]
    public void The_state_of_a_day_follows_from_what_is_kept(string? receivedAt, string day, int? cutOff, ObligationState state, int late)
    {
        var obligation = Obligation.Of("2026", Guid.Empty, new Owed("B", MidyearReport, StandingAgency, Day("2026-06-19"), receivedAt is null ? null : DateTimeOffset.Parse(receivedAt, CultureInfo.InvariantCulture), null));
        var standing = obligation.On(Day(day), s_rules with { CutOff = new ReportCutOff(cutOff) }, s_days);
        Assert.Equal((state, late), (standing.State, standing.LateWorkingDays));
    }

    [Fact]
    public void Past_its_phase_a_report_is_missing_and_one_that_comes_then_stays_missing()
    {
        var season = Opened();
        var cluster = Formed(season);
        var obligations = ObligationPlan.Follow(season, cluster, [], Owed(season), Now);
        Advance(season, SeasonPhase.Proposal, "2027-01-10");
        Follow();
        Assert.Equal((ObligationState.Open, ObligationState.Missing), (State("2027-01-09"), State("2027-01-10")));
        Assert.False(Mine().IsOpen);

        var report = Report.Begin("2026", "B", ReportKind.Yearend, new ReportContent("Tổng kết", [], []));
        report.Submit(null, "b", Moment("2027-01-11"));
        Follow(report);
        Assert.Equal((ObligationState.Missing, Moment("2027-01-11")), (State("2027-01-11"), Mine().MetAt));

        Advance(season, SeasonPhase.Appraisal, "2027-01-12"); // brought back, with a reason
        Follow(report);
        Assert.Equal(ObligationState.Late, State("2027-01-12"));

        void Follow(params Report[] reports) => ObligationPlan.Follow(season, cluster, obligations, Owed(season, cluster, reports: [.. reports.Select(one => one.History)]), Now);
        Obligation Mine() => obligations.Single(one => one is { Unit: "B", Kind: YearendReport, Recipient: StandingAgency });
        ObligationState State(string day) => Mine().On(Day(day), s_rules, s_days).State;
    }

    [Fact]
    public void An_extension_only_moves_the_due_day_on_and_is_kept()
    {
        var obligation = Obligation.Of("2026", Guid.Empty, new Owed("B", MidyearReport, StandingAgency, Day("2026-06-19"), null, null));
        Assert.Equal([("NOT_LATER", "/due_on")], Assert.Throws<RuleViolationException>(() => obligation.Extend(Day("2026-06-19"), "Bão", null, "head", Moment("2026-06-18"))).Errors.Select(error => (error.Code, error.Path)));
        obligation.Extend(Day("2026-06-26"), "Bão", "CV 8", "head", Moment("2026-06-18"));
        obligation.Extend(Day("2026-06-30"), "Bão nữa", null, "head", Moment("2026-06-25"));
        obligation.Follow(new Owed("B", MidyearReport, StandingAgency, Day("2026-06-19"), Moment("2026-06-30"), null));

        Assert.Equal((Day("2026-06-19"), Day("2026-06-30")), (obligation.FirstDueOn, obligation.DueOn));
        Assert.Equal([(1, Day("2026-06-19"), Day("2026-06-26")), (2, Day("2026-06-26"), Day("2026-06-30"))], obligation.Extensions.Select(one => (one.Number, one.From, one.To)));
        Assert.Equal(ObligationState.OnTime, obligation.On(Day("2026-07-01"), s_rules, s_days).State);
        Assert.Equal((Day("2026-06-19"), Day("2026-06-26")), (obligation.On(Day("2026-06-17"), s_rules, s_days).LastDay, obligation.On(Day("2026-06-24"), s_rules, s_days).LastDay));
        Assert.Equal("obligation-not-open", Assert.Throws<RuleViolationException>(() => obligation.Extend(Day("2026-07-30"), "Muộn", null, "head", Moment("2026-07-01"))).Code);

        obligation.Follow(new Owed("B", MidyearReport, StandingAgency, Day("2026-07-20"), null, null)); // the rule's day is the later one now
        Assert.Equal(Day("2026-07-20"), obligation.DueOn);
    }

    [Fact]
    public void Who_leaves_or_comes_to_lead_is_released_with_the_reason_and_owes_again_on_return()
    {
        var season = Opened();
        var cluster = Formed(season);
        List<Obligation> obligations = [.. ObligationPlan.Follow(season, cluster, [], Owed(season, cluster), Now)];
        cluster.Change(season, Plan("C1", ["B", "A"], leader: "B", deputy: "A"), Members(season, "A", "B"), Today, null);
        Follow();

        Assert.Equal(
            [("B", "Đơn vị là cụm trưởng, khối trưởng."), ("B", "Đơn vị là cụm trưởng, khối trưởng."), .. Enumerable.Repeat(("C", "Đơn vị không còn là thành viên của cụm, khối."), 4)],
            obligations.Where(one => one.ReleasedAt is not null).Select(one => (one.Unit!, one.ReleasedReason!)).Order());
        Assert.Equal(4, obligations.Count(one => one is { Unit: "A", ReleasedAt: null }));

        cluster.Change(season, Plan("C1", ["A", "B", "C"]), Members(season, "A", "B", "C"), Today, null);
        Follow();
        Assert.Equal(12, obligations.Count); // the former leader's two to the leader are released in their turn
        Assert.Equal(10, obligations.Count(one => one.IsOpen));

        void Follow() => obligations.AddRange(ObligationPlan.Follow(season, cluster, obligations, Owed(season, cluster), Now));
    }

    [Fact]
    public void Working_obligations_out_again_changes_nothing() =>
        Gen.Select(Gen.Enum<SeasonPhase>(), Gen.Bool, Gen.Int[0, 3]).Sample((phase, planned, reports) =>
        {
            var season = Opened(calendar: planned ? s_calendar : null);
            var cluster = Formed(season);
            Advance(season, phase);
            var report = Report.Begin("2026", "C", ReportKind.Midyear, new ReportContent("Sơ kết", [], []));
            for (var count = 0; count < reports; count++)
            {
                report.Submit("Lý do", "c", Now.AddDays(count));
            }

            var owed = Owed(season, cluster, reports: [report.History]);
            var obligations = ObligationPlan.Follow(season, cluster, [], owed, Now);
            var before = obligations.Select(Shown).ToList();
            return ObligationPlan.Follow(season, cluster, obligations, owed, Now.AddDays(1)).Count == 0 && before.SequenceEqual(obligations.Select(Shown)) && obligations.Count == owed.Count;

            static string Shown(Obligation one) => $"{one.Id} {one.DueOn} {one.MetAt} {one.CutOffAt} {one.ReleasedAt}";
        });

    [Fact]
    public void A_registration_meets_what_is_owed_of_it()
    {
        var registrations = new Dictionary<string, DateTimeOffset> { ["B"] = Moment("2026-03-01") };
        var owed = ObligationPlan.Of(Opened(calendar: s_calendar), Formed(Opened()), new Receipts([], [], null, registrations), s_rules, s_days);
        Assert.Equal([null, Moment("2026-03-01"), null], owed.Where(one => one.Kind == ObligationKind.Registration).Select(one => one.MetAt));
    }

    [Fact] // “mỗi báo cáo: đúng hạn 2; chậm 1-5 ngày làm việc 1; chậm hơn/không gửi 0”
    public void The_fact_tells_lateness_to_the_standing_agency_and_nothing_of_what_is_open()
    {
        Obligation[] obligations =
        [
            Obligation.Of("2026", Guid.Empty, new Owed("B", MidyearReport, StandingAgency, Day("2026-06-19"), Moment("2026-06-24"), null)),
            Obligation.Of("2026", Guid.Empty, new Owed("B", MidyearReport, ClusterLeader, Day("2026-06-19"), Moment("2026-06-29"), null)),
            Obligation.Of("2026", Guid.Empty, new Owed("B", YearendReport, StandingAgency, Day("2026-12-10"), null, Moment("2027-01-10"))),
        ];
        var fact = new ReportFact { Season = "2026", Unit = "B" };

        Assert.True(fact.Take(Late("2026-12-31")));
        Assert.Equal([new ReportLateness(ReportKind.Midyear, 3)], fact.Late);
        Assert.False(fact.Take(Late("2027-01-09")));
        Assert.True(fact.Take(Late("2027-01-10")));
        Assert.Equal([new ReportLateness(ReportKind.Midyear, 3), new ReportLateness(ReportKind.Yearend, null)], fact.Late);
        Assert.Equal(2, fact.Version);

        IReadOnlyList<ReportLateness> Late(string day) => ReportFact.LatenessOf(obligations, Day(day), s_rules, s_days);
    }

    private static IReadOnlyList<Owed> Owed(Season season, Cluster? cluster = null, IReadOnlyList<ReportHistory>? reports = null, IReadOnlyList<SheetHistory>? sheets = null, DecidedResult? result = null) =>
        ObligationPlan.Of(season, cluster ?? Formed(season), new Receipts(reports ?? [], sheets ?? [], result, s_none), s_rules, s_days);

    // A season that is no longer set up takes no cluster: one formed in a season like it stands in.
    private static Cluster Formed(Season season) => Cluster.Form(Opened(), Plan("C1", ["A", "B", "C"]), Members(season, "A", "B", "C"));

    private static List<MemberUnit> Members(Season season, params string[] units) => [.. units.Select(unit => new MemberUnit(season.Code, Registered(unit).Versions[0]))];

    private static SheetHistory Sheet(string unit, params (int Version, SheetStepKind Kind, string Day)[] steps)
    {
        var sheet = new SheetHistory { Id = Guid.CreateVersion7(), Season = "2026", ClusterId = Guid.Empty, Unit = unit };
        Array.ForEach(steps, step => sheet.Take(new SheetStep(step.Version, step.Kind, Moment(step.Day))));
        return sheet;
    }

    private static void Advance(Season season, SeasonPhase to, string day = "2026-12-01")
    {
        while (season.Phase != to)
        {
            season.Advance(season.Phase < to ? season.Phase + 1 : season.Phase - 1, "Theo lịch", 1, Moment(day));
        }
    }

    private static DateTimeOffset Moment(string day) => new(Day(day).ToDateTime(new TimeOnly(9, 0)), TimeSpan.FromHours(7));
}

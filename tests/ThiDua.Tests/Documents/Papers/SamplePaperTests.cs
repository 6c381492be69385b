using System.Collections.Concurrent;
using System.Text.Json;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>Every paper of the sample seasons, made by the templates that the product comes with and read back.</summary>
public sealed class SamplePaperTests
{
    private static readonly ConcurrentDictionary<PaperKind, IReadOnlyList<decimal>> s_templateNumbers = new();
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<(PaperSubject Subject, PaperContent Content, byte[] Docx)>>> s_issued = new();

    public static TheoryData<string> Seasons => [SampleFacts.Seed, SampleFacts.Hcmc, SampleFacts.Mixed];

    /// <summary>All papers of a season, in a form that does not ask the code under test which there are.</summary>
    internal static IEnumerable<PaperSubject> SubjectsOf(SeasonFacts season)
    {
        var code = season.Season.Season;
        foreach (var kind in Enum.GetValues<PaperKind>())
        {
            switch (kind)
            {
                case PaperKind.UnitNotice:
                    foreach (var cluster in season.Clusters)
                    {
                        foreach (var member in cluster.Cluster.Members)
                        {
                            yield return new PaperSubject(kind, code, cluster.Cluster.ClusterId, member.Unit);
                        }
                    }

                    break;
                case PaperKind.ClusterMeetingMinutes or PaperKind.ScoreSummary or PaperKind.MidyearReport or PaperKind.YearendReport:
                    foreach (var cluster in season.Clusters)
                    {
                        yield return new PaperSubject(kind, code, cluster.Cluster.ClusterId);
                    }

                    break;
                default:
                    foreach (var award in PaperSubject.AwardsOf(kind).DefaultIfEmpty())
                    {
                        yield return new PaperSubject(kind, code, Award: award);
                    }

                    break;
            }
        }
    }

    [Theory, MemberData(nameof(Seasons))]
    public void Every_paper_of_a_season_is_composed_or_says_what_it_lacks(string sample)
    {
        var season = SampleFacts.Of(sample);
        var refused = new List<string>();
        foreach (var subject in SubjectsOf(season))
        {
            try
            {
                PaperComposer.Compose(subject, season, SampleFacts.Draft());
            }
            catch (RuleViolationException refusal) when (refusal.Code == "facts-missing")
            {
                refused.Add($"{subject.Kind} {subject.Award}: {string.Join(", ", refusal.Errors.Select(error => error.Code))}");
            }
        }

        // A season of one cluster has no council; a vote that was not held cannot be proposed.
        string[] expected = sample != SampleFacts.Seed ? [] :
        [
            "VoteCountMinutes PROVINCIAL_FLAG: MISSING_BALLOTS", "VoteCountMinutes GOVERNMENT_FLAG: MISSING_BALLOTS", "ProvincialFlagSubmission : MISSING_BALLOTS",
            "NominationList PROVINCIAL_FLAG: MISSING_BALLOTS", "DraftDecision PROVINCIAL_FLAG: MISSING_BALLOTS",
        ];
        Assert.Equal(expected, refused);
    }

    /// <summary>No number is typed twice or made up: each stands in the facts of the paper's own cluster or season, or in the words of its template.</summary>
    [Theory, MemberData(nameof(Seasons))]
    public void Every_number_of_a_paper_stands_in_its_facts(string sample)
    {
        var season = SampleFacts.Of(sample);
        var issue = SampleFacts.Issued();
        var known = season.Clusters.ToDictionary(cluster => cluster.Cluster.ClusterId, cluster => FactNumbers.Of(season with { Clusters = [cluster], GovernmentFlag = null }, issue));
        var all = FactNumbers.Of(season, issue);
        var strangers = new List<string>();
        foreach (var (subject, content, docx) in Issued(sample))
        {
            var numbers = subject.ClusterId is { } id ? known[id] : all;
            var allowed = numbers.Concat(s_templateNumbers.GetOrAdd(subject.Kind, kind => [.. PrintedPaperText.Read(Template(kind)).Numbers])).Concat(FactNumbers.Derived(content)).ToHashSet();
            strangers.AddRange(PrintedPaperText.Read(docx).Numbers.Where(number => !allowed.Contains(number)).Select(number => $"{subject}: {number}"));
        }

        Nothing.In(strangers);
    }

    [Theory, MemberData(nameof(Seasons))]
    public void Every_paper_keeps_the_prescribed_layout_as_a_draft_and_as_it_is_issued(string sample)
    {
        var season = SampleFacts.Of(sample);
        var papers = Issued(sample).Select(paper => (paper.Subject, paper.Docx));
        var drafts = sample == SampleFacts.Hcmc
            ? SubjectsOf(season).Where(subject => IsRead(subject, season)).DistinctBy(subject => (subject.Kind, subject.Award)).Select(subject => (Subject: subject, Docx: PrintedPaperText.Docx(Compose(subject, season, SampleFacts.Draft()))))
            : [];
        Nothing.In(
            from paper in papers.Concat(drafts)
            from finding in LayoutChecker.Check(new MemoryStream(paper.Docx))
            select $"{paper.Subject}: {finding.Rule.Number} {finding.Where}: {finding.Message}");
    }

    [Theory, MemberData(nameof(Seasons))]
    public void The_summary_has_every_final_point_of_every_unit_in_its_cell(string sample)
    {
        var season = SampleFacts.Of(sample);
        foreach (var cluster in season.Clusters)
        {
            var read = PrintedPaperText.Read(PrintedPaperText.Docx(Compose(new PaperSubject(PaperKind.ScoreSummary, season.Season.Season, cluster.Cluster.ClusterId), season, SampleFacts.Issued())));
            var parts = read.Tables.Where(table => table[0] is ["STT", "Nội dung", "Điểm chuẩn", ..]).ToList();
            var printed = parts.SelectMany(part => part[0].Skip(3).Select((name, column) => (Name: name, Cells: part.Skip(1).ToDictionary(row => (row[0], row[1]), row => row[column + 3])))).ToList();
            Assert.Equal(cluster.Result!.Ranking.Select(unit => unit.Name), printed.Select(unit => unit.Name));
            foreach (var ((_, cells), unit) in printed.Zip(cluster.Result.Ranking))
            {
                var lines = cluster.Scores!.Units.Single(scored => scored.Unit == unit.Unit).Lines.ToDictionary(line => line.Criterion);
                foreach (var group in cluster.Scores.Groups)
                {
                    Assert.Equal(unit.Groups.Single(points => points.Code == group.Code).Points, Points(cells[(group.Code, group.Title)]));
                    Assert.All(group.Criteria, criterion => Assert.Equal(lines[criterion.Code].Final, Points(cells[(criterion.Code, criterion.Title)])));
                    Assert.Equal(group.Criteria.Sum(criterion => Points(cells[(criterion.Code, criterion.Title)])), Points(cells[(group.Code, group.Title)]));
                }

                Assert.Equal(unit.Bonus, Points(cells[("", "Điểm thưởng")]));
                Assert.Equal(unit.Deductions, Points(cells[("", "Điểm trừ")]));
                Assert.Equal(unit.Total, Points(cells[("", "Tổng điểm")]));
                Assert.Equal(unit.Rank, Points(cells[("", "Xếp hạng")]));
            }
        }
    }

    [Theory, MemberData(nameof(Seasons))]
    public void A_notice_has_the_three_layers_of_its_unit_and_every_reason(string sample)
    {
        var season = SampleFacts.Of(sample);
        foreach (var (cluster, unit) in season.Clusters.SelectMany(cluster => cluster.Scores!.Units.Take(4).Select(unit => (cluster, unit))))
        {
            var read = PrintedPaperText.Read(PrintedPaperText.Docx(Compose(new PaperSubject(PaperKind.UnitNotice, season.Season.Season, cluster.Cluster.ClusterId, unit.Unit), season, SampleFacts.Issued())));
            var rows = read.Table("TT", "Nội dung", "Điểm chuẩn").ToDictionary(row => (row[0], row[1]));
            var criteria = cluster.Scores!.Groups.SelectMany(group => group.Criteria).ToDictionary(criterion => criterion.Code);
            foreach (var line in unit.Lines)
            {
                var row = rows[(line.Criterion, criteria[line.Criterion].Title)];
                Assert.Equal(new[] { criteria[line.Criterion].Max, line.Self, line.Review, line.Final }, row.Skip(2).Select(Points));
            }

            Assert.Equal(new[] { unit.SelfTotal, unit.ReviewTotal, unit.FinalTotal }, rows[("", "Tổng điểm")].Skip(3).Select(Points));
            var reasons = read.Table("TT", "Nội dung", "Người thay đổi").Select(row => row.Count == 5 ? row[4] : "").ToList();
            Assert.All(unit.Lines.SelectMany(line => line.Changes), change => Assert.Contains(change.Reason, reasons));
            Assert.All(unit.Lines.Where(line => line.Self != line.Final), line => Assert.Contains(read.Table("TT", "Nội dung", "Người thay đổi"), row => row.Count == 5 && row[1].StartsWith(line.Criterion + ".", StringComparison.Ordinal)));
        }
    }

    [Theory, MemberData(nameof(Seasons))]
    public void Minutes_and_yearend_reports_have_every_result_and_position_in_order(string sample)
    {
        var season = SampleFacts.Of(sample);
        foreach (var cluster in season.Clusters)
        {
            foreach (var kind in new[] { PaperKind.ClusterMeetingMinutes, PaperKind.YearendReport })
            {
                var read = PrintedPaperText.Read(PrintedPaperText.Docx(Compose(new PaperSubject(kind, season.Season.Season, cluster.Cluster.ClusterId), season, SampleFacts.Issued())));
                Assert.Equal(
                    cluster.Result!.Ranking.Select(unit => (unit.Name, unit.SelfTotal, unit.ReviewTotal, unit.Bonus, unit.Deductions, unit.Total, (decimal?)unit.Rank)),
                    read.Table("TT", "Đơn vị", "Tự chấm").Select(row => (row[1], Points(row[2]), Points(row[3]), Points(row[4])!.Value, Points(row[5])!.Value, Points(row[6]), Points(row[7]))));
                Assert.Equal(
                    cluster.Nominations!.Positions.Select(position => (Name(cluster, position.Unit), $"{position.Position}")),
                    read.Table("TT", "Danh hiệu, hình thức").Select(row => (row[3], row[2])));
                foreach (var (position, row) in cluster.Nominations.Positions.Zip(read.Table("TT", "Danh hiệu, hình thức")))
                {
                    Assert.True(cluster.Ballots.Any(ballot => ballot.NominationId == position.NominationId) || row[5] == position.Reason, row[5]);
                }
            }
        }
    }

    [Theory, InlineData(SampleFacts.Hcmc), InlineData(SampleFacts.Mixed)]
    public void A_vote_count_has_every_vote_and_leaves_no_count_to_guessing(string sample)
    {
        var season = SampleFacts.Of(sample);
        foreach (var award in new[] { PaperSubject.ProvincialFlag, PaperSubject.GovernmentFlag })
        {
            var read = PrintedPaperText.Read(PrintedPaperText.Docx(Compose(new PaperSubject(PaperKind.VoteCountMinutes, season.Season.Season, Award: award), season, SampleFacts.Issued())));
            var ballots = season.Clusters.SelectMany(cluster => cluster.Ballots.Where(ballot => ballot.Award == award).Select(ballot => (Cluster: cluster, Ballot: ballot, Count: cluster.Counts.SingleOrDefault(count => count.NominationId == ballot.NominationId && count.Award == award)))).ToList();
            var papers = read.Table("TT", "Đơn vị", "Lần bỏ phiếu").ToDictionary(row => row[1]);
            var results = read.Table("TT", "Đơn vị", "Cụm, khối", "Tổng số").ToDictionary(row => row[1]);
            Assert.Equal(ballots.Count, papers.Count);
            foreach (var (cluster, ballot, count) in ballots)
            {
                var name = Name(cluster, ballot.Unit);
                Assert.Equal(
                    count is null ? [null, null, null, ballot.Yes, null, null] : new decimal?[] { count.Round, count.HandedOut, count.Yes + count.No + count.Blank, ballot.Yes, count.No, count.Blank },
                    papers[name].Skip(2).Select(Points));
                Assert.Equal([cluster.Cluster.Name, $"{ballot.Members}", count is null ? "–" : $"{count.Recused}", $"{ballot.Needed}", $"{ballot.Yes}"], results[name].Skip(2).Take(5));
                Assert.Equal(ballot.Passed ? "Thông qua" : "Không thông qua", results[name][8]);
                Assert.InRange(PrintedPaperText.Parse(results[name][7].TrimEnd('%')) - (100m * ballot.Yes / ballot.Members), -0.005m, 0.005m);
            }

            var uncounted = ballots.Where(vote => vote.Count is null).Select(vote => Name(vote.Cluster, vote.Ballot.Unit));
            var note = read.Paragraphs.Single(paragraph => paragraph.Contains("không được kiểm trên hệ thống, chỉ ghi nhận", StringComparison.Ordinal));
            Assert.All(uncounted, name => Assert.Contains(name, note, StringComparison.Ordinal));
        }
    }

    [Theory, InlineData(SampleFacts.Hcmc), InlineData(SampleFacts.Mixed)]
    public void Letters_propose_whom_the_votes_passed_and_say_of_the_others_why_not(string sample)
    {
        var season = SampleFacts.Of(sample);
        var flag = Read(PaperKind.ProvincialFlagSubmission, null);
        var proposed = season.Clusters.Where(cluster => cluster.Ballots.Any(ballot => ballot is { Award: PaperSubject.ProvincialFlag, Passed: true }))
            .Select(cluster => (Cluster: cluster, Unit: cluster.Result!.Ranking.Single(unit => unit.Unit == cluster.Ballots[0].Unit), Vote: cluster.Ballots.Single(ballot => ballot.Award == PaperSubject.ProvincialFlag))).ToList();
        Assert.Equal(
            proposed.Select(one => (one.Unit.Name, one.Cluster.Cluster.Name, one.Unit.Total, (decimal?)one.Unit.Rank, $"{one.Vote.Yes}/{one.Vote.Members}")),
            flag.Table("TT", "Đơn vị", "Cụm, khối", "Tổng điểm").Select(row => (row[1], row[2], Points(row[3]), Points(row[4]), row[5])));
        Assert.Equal(season.Clusters.SelectMany(cluster => cluster.Nominations!.Positions).Count(position => position.Award == PaperSubject.ProvincialFlag) - proposed.Count, flag.Table("TT", "Đơn vị", "Cụm, khối", "Vị trí").Count);

        var decision = Read(PaperKind.DraftDecision, PaperSubject.ProvincialFlag);
        var list = Read(PaperKind.NominationList, PaperSubject.ProvincialFlag);
        Assert.Equal(proposed.Select(one => one.Unit.Name), decision.Table("TT", "Đơn vị", "Cụm, khối").Select(row => row[1]));
        Assert.Equal(proposed.Select(one => one.Unit.Name), list.Table("TT", "Đơn vị", "Cụm, khối").Select(row => row[1]));

        var government = Read(PaperKind.GovernmentFlagSubmission, null);
        var expected = season.GovernmentFlag!;
        var rows = government.Table("TT", "Đơn vị", "Cụm, khối", "Tổng điểm").Where(row => row.Count > 1).ToList();
        Assert.Equal(expected.Proposed.Select(unit => $"{unit.Yes}/{season.Clusters[0].Ballots.Concat(season.Clusters.SelectMany(cluster => cluster.Ballots)).First().Members}"), rows.Select(row => row[5]));
        Assert.Equal(expected.Unresolved.Count, government.Table("TT", "Đơn vị", "Cụm, khối", "Phiếu").Count(row => row.Count > 1));
        Assert.Contains($"không quá {expected.Percent}% của {expected.Base} đơn vị", government.All, StringComparison.Ordinal);
        Assert.Contains($"Số đơn vị được phép đề nghị: {expected.Quota}.", government.All, StringComparison.Ordinal);

        PrintedPaperText Read(PaperKind kind, string? award) =>
            PrintedPaperText.Read(PrintedPaperText.Docx(Compose(new PaperSubject(kind, season.Season.Season, Award: award), season, SampleFacts.Issued())));
    }

    [Fact]
    public void A_paper_never_names_a_unit_of_another_cluster()
    {
        // Names of communes repeat across the country, not within this season.
        var season = SampleFacts.Of(SampleFacts.Hcmc);
        foreach (var subject in SubjectsOf(season).Where(subject => subject.ClusterId is not null && subject.Kind != PaperKind.UnitNotice))
        {
            var printed = JsonSerializer.Serialize(Compose(subject, season, SampleFacts.Issued()), s_plain);
            var cells = Compose(subject, season, SampleFacts.Issued()).Lists.Values.SelectMany(items => items).SelectMany(item => item.Values).ToHashSet();
            var own = season.Clusters.Single(cluster => cluster.Cluster.ClusterId == subject.ClusterId);
            Assert.All(own.Cluster.Members, member => Assert.Contains(member.Name, printed, StringComparison.Ordinal));
            Assert.All(season.Clusters.Where(cluster => cluster != own).SelectMany(cluster => cluster.Cluster.Members), stranger => Assert.DoesNotContain(stranger.Name, cells));
        }
    }

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static PaperContent Compose(PaperSubject subject, SeasonFacts season, PaperIssue issue) => PaperComposer.Compose(subject, season, issue).Content;

    /// <summary>The papers of a season as they are issued, made once for all tests.</summary>
    private static IReadOnlyList<(PaperSubject Subject, PaperContent Content, byte[] Docx)> Issued(string sample) => s_issued.GetOrAdd(sample, sample => new(() =>
    {
        var season = SampleFacts.Of(sample);
        return [.. SubjectsOf(season).Where(subject => IsRead(subject, season)).Select(subject => (subject, Compose(subject, season, SampleFacts.Issued()))).Select(paper => (paper.subject, paper.Item2, PrintedPaperText.Docx(paper.Item2)))];
    })).Value;

    // Notices are many and alike: one of each cluster.
    private static bool IsRead(PaperSubject subject, SeasonFacts season) =>
        (subject.Unit is null || season.Clusters.Single(cluster => cluster.Cluster.ClusterId == subject.ClusterId).Cluster.Leader == subject.Unit)
        && (season.Clusters.Any(cluster => cluster.Ballots.Count > 0) || (subject.Kind is not (PaperKind.VoteCountMinutes or PaperKind.ProvincialFlagSubmission) && subject.Award != PaperSubject.ProvincialFlag));

    private static byte[] Template(PaperKind kind)
    {
        using var docx = new MemoryStream();
        DefaultTemplates.Open(kind).CopyTo(docx);
        return docx.ToArray();
    }

    private static string Name(ClusterFacts cluster, string? unit) => unit is null ? "Chưa xác định" : cluster.Cluster.Members.Single(member => member.Unit == unit).Name;

    private static decimal? Points(string cell) => cell is "–" or "" ? null : PrintedPaperText.Parse(cell);
}

using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>What a paper says, from the facts of its season: the same facts, the same words. Reads no clock and no database.</summary>
public static class PaperComposer
{
    /// <param name="subject">Which paper.</param>
    /// <param name="season">All that the services have told of the season.</param>
    /// <param name="issue">Who issues it.</param>
    /// <exception cref="ServiceDefaults.RuleViolationException"><c>facts-missing</c>: every fact that it needs and does not have.</exception>
    public static ComposedPaper Compose(PaperSubject subject, SeasonFacts season, PaperIssue issue)
    {
        return subject.Kind switch
        {
            PaperKind.ClusterMeetingMinutes => MeetingMinutes.Compose(season, Cluster(), issue),
            PaperKind.VoteCountMinutes => VoteCount.Compose(season, Award(), issue),
            PaperKind.ScoreSummary => ScoreSummary.Compose(season, Cluster(), issue),
            PaperKind.ProvincialFlagSubmission => FlagSubmission.Compose(season, issue),
            PaperKind.GovernmentFlagSubmission => GovernmentFlagLetter.Compose(season, issue),
            PaperKind.CertificateSubmission => CertificateSubmission.Compose(season, issue),
            PaperKind.NominationList => NomineeList.Compose(season, Award(), issue),
            PaperKind.DraftDecision => DraftDecision.Compose(season, Award(), issue),
            PaperKind.MidyearReport => ClusterReport.ComposeMidyear(season, Cluster(), issue),
            PaperKind.YearendReport => ClusterReport.ComposeYearend(season, Cluster(), issue),
            PaperKind.UnitNotice => UnitNotice.Compose(season, Cluster(), subject.Unit ?? throw Incomplete(subject), issue),
            _ => throw Incomplete(subject),
        };

        ClusterFacts Cluster()
        {
            var cluster = season.Clusters.FirstOrDefault(known => known.Cluster.ClusterId == subject.ClusterId);
            new MissingFacts().Need(cluster is not null, "MISSING_CLUSTER", $"/clusters/{subject.ClusterId}", "Chưa có số liệu của cụm, khối").Refuse();
            return cluster!;
        }

        string Award() => subject.Award ?? throw Incomplete(subject);
    }

    private static InvalidOperationException Incomplete(PaperSubject subject) => new($"{subject} does not say what it is about.");
}

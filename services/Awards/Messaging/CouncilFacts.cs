using ThiDua.Awards.Domain;
using ThiDua.Contracts.Awards;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Messaging;

/// <summary>What others are told of a counted vote and of what follows from the votes.</summary>
internal static class CouncilFacts
{
    /// <summary>Of a vote that the chair has confirmed.</summary>
    public static BallotCounted ToCountFact(this CouncilSession session, Council council, AgendaItem item, Ballot ballot, int listVersion)
    {
        var count = item.Tally ?? throw new InvalidOperationException($"Item {item.Id} was not counted.");
        return new BallotCounted
        {
            NominationId = ballot.NominationId,
            Season = ballot.Season,
            ClusterId = ballot.ClusterId,
            Award = UpperSnake.Of(ballot.Award),
            Unit = ballot.Unit,
            SessionId = session.Id,
            SessionDate = session.Date,
            SessionDocument = session.Document,
            Council = council.Code,
            CouncilName = council.Name,
            Attendance =
            [
                .. council.On(session.Date).Select(member => new CouncilAttendance
                {
                    Name = member.Name, Office = member.Office, Role = UpperSnake.Of(member.Role), Kind = UpperSnake.Of(session.AttendanceOf(member.Subject)),
                }),
            ],
            Position = item.Position,
            Round = item.Round,
            Members = item.Members,
            Recused = item.Recused,
            HandedOut = item.HandedOut!.Value,
            Yes = count.Yes,
            No = count.No,
            Blank = count.Blank,
            Needed = ballot.Needed,
            Passed = ballot.Passed,
            Minutes = item.Minutes!,
            Version = listVersion,
            At = ballot.RecordedAt,
        };
    }

    /// <param name="stored">The proposal.</param>
    /// <param name="share">What the policy that it was drawn up by allows.</param>
    public static GovernmentFlagProposed ToFact(this StoredProposal stored, GovernmentFlagShare share) => new()
    {
        Season = stored.Season,
        Base = stored.Proposal.Base,
        Quota = stored.Proposal.Quota,
        Percent = share.Percent,
        Of = UpperSnake.Of(share.Base),
        Proposed = [.. stored.Proposal.Proposed.Select(ToFact)],
        Unresolved = [.. stored.Proposal.Unresolved.Select(ToFact)],
        Version = stored.Version,
        At = stored.DrawnUpAt,
    };

    private static ProposedForGovernmentFlag ToFact(ProposedUnit unit) => new() { Cluster = unit.Cluster, Unit = unit.Unit, Yes = unit.Yes };
}

using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Awards;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>What may be voted on, and the vote's being recorded: one way for a tally that was told and for papers that were counted.</summary>
internal static class CouncilDecisions
{
    /// <summary>
    /// The nomination that the council votes on, or a refusal. Until the transaction ends no list of the cluster is drawn up.
    /// </summary>
    public static async Task<VotedNomination> RequireVotableAsync(
        this AwardsDbContext db, KnownSeason season, Guid clusterId, AwardKind award, int members, int yes, TimeProvider clock, CancellationToken ct)
    {
        await db.HoldListAsync(clusterId, toVote: true, ct);
        var list = await db.NominationLists.AsNoTracking().SingleOrDefaultAsync(known => known.ClusterId == clusterId && known.State != NominationListState.Superseded, ct);
        var flag = list is null ? null : await db.Nominations.AsNoTracking().SingleOrDefaultAsync(nomination => nomination.ListId == list.Id && nomination.Award == AwardKind.ProvincialFlag, ct);
        var before = flag is null ? [] : await db.Ballots.AsNoTracking().Where(ballot => ballot.NominationId == flag.Id).ToListAsync(ct);
        var flagVote = before.Find(ballot => ballot.Award == AwardKind.ProvincialFlag);
        var isRevoked = flagVote is not null && await db.Revocations.AnyAsync(revocation => revocation.BallotId == flagVote.Id && revocation.State == RevocationState.Revoked, ct);
        RuleViolationException.ThrowIfAny(
            CouncilVote.Check(award, members, yes, flag?.StatusAfter(flagVote, isRevoked), before.Exists(ballot => ballot.Award == award)),
            "ballot-refused",
            "Không ghi được kết quả biểu quyết.");

        await RequireUnchangedFacts(award, list!, flag!, season, db, clock, ct);
        var policy = await db.Policies.AsNoTracking().SingleAsync(known => known.Id == list!.PolicyId, ct);
        await RequireConsultation(award, flag!, policy.Switches.OfConsultation(), db, ct);
        return new VotedNomination(list!, flag!, policy);
    }

    /// <summary>Records the vote and tells of it.</summary>
    public static Ballot RecordBallot(this AwardsDbContext db, VotedNomination voted, AwardKind award, CouncilVote vote, string by, DateTimeOffset at)
    {
        var ballot = Ballot.Record(voted.List, voted.Flag, award, vote, by, at);
        db.Add(ballot);
        db.Publish(new AwardDecided
        {
            NominationId = ballot.NominationId,
            Season = ballot.Season,
            ClusterId = ballot.ClusterId,
            Award = UpperSnake.Of(ballot.Award),
            Unit = ballot.Unit,
            Passed = ballot.Passed,
            Yes = ballot.Yes,
            Members = ballot.Members,
            Needed = ballot.Needed,
            Version = voted.List.Version,
            At = ballot.RecordedAt,
        });
        return ballot;
    }

    /// <summary>The council votes on what is true now, not on what was true when the list was drawn up.</summary>
    private static async Task RequireUnchangedFacts(AwardKind award, NominationList list, Nomination flag, KnownSeason season, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (list.State is NominationListState.Waiting)
        {
            throw new RuleViolationException("nominations-waiting", $"Kết quả của {list.Cluster} đã được mở lại; danh sách đề nghị đang chờ kết quả mới.");
        }

        var facts = await db.FactsAsync(list.Facts.Result, clock, ct);
        if (award is AwardKind.ProvincialFlag && facts.Fingerprint(await db.PolicyAsync(list.Season, season.Year, ct)) != list.Fingerprint)
        {
            throw new RuleViolationException("facts-changed", $"Dữ kiện đã thay đổi kể từ khi lập danh sách đề nghị của {list.Cluster}; hãy lập lại trước khi biểu quyết.");
        }

        if (facts.Exclusions.FirstOrDefault(exclusion => exclusion.Unit == flag.Unit) is { } found)
        {
            throw new RuleViolationException("unit-excluded", $"Đơn vị {found.Unit} đang thuộc trường hợp chưa hoặc không đề nghị khen thưởng theo {found.Document}.");
        }
    }

    /// <summary>F-21: the public is asked before the council is, where the policy says so. A list drawn up again needs no second asking about the same unit.</summary>
    private static async Task RequireConsultation(AwardKind award, Nomination flag, ConsultationSwitches switches, AwardsDbContext db, CancellationToken ct)
    {
        if (!switches.RequiredFor.Contains(award))
        {
            return;
        }

        var states = await db.Consultations
            .Where(consultation => consultation.Season == flag.Season && consultation.Award == award && consultation.Units.Any(unit => unit.Unit == flag.Unit))
            .Select(consultation => consultation.State).ToListAsync(ct);
        if (states.Contains(ConsultationState.Open))
        {
            throw new RuleViolationException("consultation-open", $"Đang lấy ý kiến công khai về đơn vị {flag.Unit}; chỉ biểu quyết sau khi kết thúc.");
        }

        if (states.Count == 0)
        {
            throw new RuleViolationException("consultation-missing", $"Chưa lấy ý kiến công khai về đơn vị {flag.Unit}.");
        }
    }
}

/// <summary>A nomination that may be voted on, with the list and the policy that it stands by.</summary>
internal sealed record VotedNomination(NominationList List, Nomination Flag, AwardPolicy Policy);

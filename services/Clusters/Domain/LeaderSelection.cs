using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Cách chọn trưởng, phó (F-33).</summary>
public enum LeaderSelectionMethod
{
    /// <summary>Bầu: the members vote at their meeting.</summary>
    Elected,

    /// <summary>Luân phiên: in turn.</summary>
    Rotation,

    /// <summary>Chỉ định: by a decision of the standing agency or the council.</summary>
    Appointed,
}

/// <summary>Cách chọn trưởng, phó mặc định (F-33): what is usual; each selection states its own.</summary>
/// <param name="Method">ELECTED, ROTATION or APPOINTED.</param>
public sealed record LeaderSelectionRule(LeaderSelectionMethod Method) : IRuleValue
{
    public static string Code => "LEADER_SELECTION";

    public IEnumerable<string> Problems() => [];
}

/// <summary>Lượt làm trưởng: who led a cluster in a season.</summary>
/// <param name="Season">Mã kỳ thi đua.</param>
/// <param name="FirstDay">First day of that season.</param>
/// <param name="Leader">Mã đơn vị.</param>
public sealed record PastLeader(string Season, DateOnly FirstDay, string Leader);

/// <summary>
/// Trưởng, phó được chọn (F-33): how the leader and the deputy of a cluster were chosen for one season, and by which document.
/// Each is kept; the latest counts. Nothing is carried over from the season before.
/// </summary>
public sealed class ClusterLeadership
{
    private ClusterLeadership() { }

    public Guid Id { get; private init; }
    public Guid ClusterId { get; private init; }
    public string Season { get; private init; } = "";

    /// <summary>The cluster's code, which stays the same over the seasons.</summary>
    public string ClusterCode { get; private init; } = "";

    public string Leader { get; private init; } = "";
    public string Deputy { get; private init; } = "";
    public LeaderSelectionMethod Method { get; private init; }

    /// <summary>Biên bản hoặc quyết định.</summary>
    public string Document { get; private init; } = "";

    /// <summary>The day from which the document has them lead.</summary>
    public DateOnly From { get; private init; }

    /// <summary>Phiếu bầu: the unit voted for, by voting member; null unless elected.</summary>
    public IReadOnlyDictionary<string, string>? Votes { get; private init; }

    /// <summary>Official number of members when it was recorded.</summary>
    public int Members { get; private init; }

    /// <summary>Whose turn it was; null unless chosen by rotation.</summary>
    public string? NextInTurn { get; private init; }

    /// <summary>Why it was not the next in turn, if so.</summary>
    public string? Reason { get; private init; }

    public DateTimeOffset RecordedAt { get; private init; }

    /// <summary>Votes for the leader; null unless elected.</summary>
    public int? VotesForLeader => Votes?.Values.Count(candidate => candidate == Leader);

    /// <summary>Checks a selection against its method and records it.</summary>
    /// <param name="cluster">With its members.</param>
    /// <param name="request">What was selected.</param>
    /// <param name="agreement">How many members elect.</param>
    /// <param name="past">Who led the cluster of this code in earlier seasons.</param>
    /// <param name="now">When.</param>
    /// <exception cref="RuleViolationException">
    /// <c>vote-tied</c>, <c>no-majority</c>, <c>not-elected</c>; <c>LEADER_NOT_MEMBER</c>, <c>LEADER_IS_DEPUTY</c>, <c>VOTER_NOT_MEMBER</c>,
    /// <c>CANDIDATE_NOT_MEMBER</c>, <c>MISSING_VOTES</c>, <c>VOTES_NOT_COUNTED</c>, <c>MISSING_REASON</c> among its errors.
    /// </exception>
    public static ClusterLeadership Record(Cluster cluster, LeadershipRequest request, AgreementBy agreement, IEnumerable<PastLeader> past, DateTimeOffset now)
    {
        string[] members = [.. cluster.Members.Select(member => member.Unit)];
        var next = request.Method == LeaderSelectionMethod.Rotation ? LeaderSelection.NextInTurn(members, past) : null;
        var errors = new List<Violation>();
        LeaderSelection.Check(members, request, errors);
        if (next is not null && request.Leader != next && string.IsNullOrEmpty(request.Reason))
        {
            errors.Add(new Violation("MISSING_REASON", "/reason", $"Đến lượt {next} làm trưởng; chọn {request.Leader} thì phải nêu lý do."));
        }

        RuleViolationException.ThrowIfAny(errors);
        if (request.Method == LeaderSelectionMethod.Elected)
        {
            LeaderSelection.RequireElected(request.Leader, members.Length, request.Votes!, agreement);
        }

        return new ClusterLeadership
        {
            Id = Guid.CreateVersion7(),
            ClusterId = cluster.Id,
            Season = cluster.Season,
            ClusterCode = cluster.Code,
            Leader = request.Leader,
            Deputy = request.Deputy,
            Method = request.Method,
            Document = request.Document,
            From = request.From,
            Votes = request.Votes,
            Members = members.Length,
            NextInTurn = next,
            Reason = request.Reason,
            RecordedAt = now,
        };
    }
}

/// <summary>What somebody asks to record of a selection.</summary>
public sealed record LeadershipRequest(string Leader, string Deputy, LeaderSelectionMethod Method, string Document, DateOnly From, IReadOnlyDictionary<string, string>? Votes, string? Reason);

/// <summary>Chọn trưởng, phó (F-33): the counting and the turn.</summary>
public static class LeaderSelection
{
    public static void Check(IReadOnlyCollection<string> members, LeadershipRequest request, ICollection<Violation> errors)
    {
        foreach (var (unit, path) in new[] { (request.Leader, "/leader"), (request.Deputy, "/deputy") })
        {
            if (!members.Contains(unit))
            {
                errors.Add(new Violation("LEADER_NOT_MEMBER", path, $"Đơn vị {unit} không phải là thành viên."));
            }
        }

        if (request.Leader == request.Deputy)
        {
            errors.Add(new Violation("LEADER_IS_DEPUTY", "/deputy", $"Đơn vị {request.Leader} không thể vừa là trưởng vừa là phó."));
        }

        if (request.Method != LeaderSelectionMethod.Elected)
        {
            if (request.Votes is not null)
            {
                errors.Add(new Violation("VOTES_NOT_COUNTED", "/votes", "Chỉ ghi phiếu khi trưởng được bầu."));
            }

            return;
        }

        if (request.Votes is not { Count: > 0 } votes)
        {
            errors.Add(new Violation("MISSING_VOTES", "/votes", "Bầu thì phải ghi phiếu của các thành viên."));
            return;
        }

        foreach (var (voter, candidate) in votes)
        {
            var path = $"/votes/{voter.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (!members.Contains(voter))
            {
                errors.Add(new Violation("VOTER_NOT_MEMBER", path, $"Đơn vị {voter} không phải là thành viên nên không bầu."));
            }

            if (!members.Contains(candidate))
            {
                errors.Add(new Violation("CANDIDATE_NOT_MEMBER", path, $"Đơn vị {candidate} không phải là thành viên nên không được bầu."));
            }
        }
    }

    /// <summary>Refuses a leader whom the votes have not elected. A tie is for the members to break, not for a program.</summary>
    /// <exception cref="RuleViolationException"><c>vote-tied</c>, <c>no-majority</c>, <c>not-elected</c>.</exception>
    public static void RequireElected(string leader, int members, IReadOnlyDictionary<string, string> votes, AgreementBy agreement)
    {
        var counts = votes.Values.GroupBy(candidate => candidate, StringComparer.Ordinal)
            .Select(group => (Unit: group.Key, Votes: group.Count()))
            .OrderByDescending(count => count.Votes).ThenBy(count => count.Unit, StringComparer.Ordinal).ToList();
        var first = counts[0];
        var tied = counts.FindAll(count => count.Votes == first.Votes);
        if (tied.Count > 1)
        {
            throw new RuleViolationException("vote-tied", $"{string.Join(", ", tied.Select(count => count.Unit))} cùng được {first.Votes} phiếu; các thành viên phải bầu lại.");
        }

        var elected = agreement == AgreementBy.Unanimous ? first.Votes == members : first.Votes * 2 > members;
        if (!elected)
        {
            var needed = agreement == AgreementBy.Unanimous ? "tất cả thành viên" : "hơn một nửa tổng số thành viên";
            throw new RuleViolationException("no-majority", $"{first.Unit} được nhiều phiếu nhất: {first.Votes} trên {members} thành viên; cần {needed}.");
        }

        if (first.Unit != leader)
        {
            throw new RuleViolationException("not-elected", $"Các thành viên đã bầu {first.Unit} ({first.Votes} trên {members} phiếu), không phải {leader}.");
        }
    }

    /// <summary>Who has not led for longest; who never has comes first; of several the first by code. Null without members.</summary>
    public static string? NextInTurn(IEnumerable<string> members, IEnumerable<PastLeader> past)
    {
        var last = past.GroupBy(turn => turn.Leader, StringComparer.Ordinal).ToDictionary(turns => turns.Key, turns => turns.Max(turn => turn.FirstDay), StringComparer.Ordinal);
        return members.OrderBy(unit => last.TryGetValue(unit, out var day) ? day : DateOnly.MinValue).ThenBy(unit => unit, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>
    /// Trưởng chưa được chọn lại (F-33): the same unit leads as in the season before, and no selection for this season is recorded.
    /// </summary>
    /// <param name="cluster">The cluster now.</param>
    /// <param name="past">Who led the cluster of this code in earlier seasons.</param>
    /// <param name="latest">The latest selection of this season, if any.</param>
    /// <param name="rule">The rule that asks for one.</param>
    public static ClusterFinding? NotSelected(Cluster cluster, IEnumerable<PastLeader> past, ClusterLeadership? latest, CitedRule rule) =>
        latest?.Leader != cluster.Leader && past.MaxBy(turn => turn.FirstDay) is { } before && before.Leader == cluster.Leader
            ? ClusterFinding.By(rule, "LEADER_NOT_SELECTED", $"{cluster.Leader} làm trưởng {cluster.Code} như kỳ {before.Season}, nhưng chưa ghi nhận việc chọn cho kỳ {cluster.Season}; cần xem xét.", [cluster.Leader])
            : null;
}

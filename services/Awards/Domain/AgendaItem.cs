using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Nội dung của phiên họp: a nomination to vote on in secret, or a topic without a vote.</summary>
public sealed class AgendaItem
{
    private AgendaItem()
    {
    }

    public Guid Id { get; private init; }
    public Guid SessionId { get; private init; }

    /// <summary>1, 2, … on the agenda.</summary>
    public required int Position { get; init; }

    public required string Topic { get; init; }

    /// <summary>Null: a topic without a vote.</summary>
    public AwardKind? Award { get; private init; }

    public Guid? NominationId { get; private init; }
    public Guid? ClusterId { get; private init; }
    public string? Unit { get; private init; }
    public AgendaItemState State { get; private set; } = AgendaItemState.Listed;

    /// <summary>Lần bỏ phiếu: 1, 2, … A vote that was declared void is held again.</summary>
    public int Round { get; private set; }

    /// <summary>Members in force when the vote was opened.</summary>
    public int Members { get; private set; }

    /// <summary>Of them those who may not vote because it is about their own unit.</summary>
    public int Recused { get; private set; }

    /// <summary>Số phiếu phát ra được: one for each who may vote.</summary>
    public int Papers { get; private set; }

    /// <summary>Version of the policy by which the quorum was found reached.</summary>
    public int PolicyVersion { get; private set; }

    /// <summary>Set when the votes have been counted.</summary>
    public PaperCount? Tally { get; private set; }

    /// <summary>Số phiếu đã phát, when the votes were counted.</summary>
    public int? HandedOut { get; private set; }

    public string? OpenedBy { get; private set; }
    public string? ClosedBy { get; private set; }
    public string? ConfirmedBy { get; private set; }

    /// <summary>Biên bản kiểm phiếu.</summary>
    public string? Minutes { get; private set; }

    public Guid? BallotId { get; private set; }

    public static AgendaItem Vote(int position, string topic, AwardKind award, Nomination nomination, Guid clusterId) => new()
    {
        Id = Guid.CreateVersion7(), Position = position, Topic = topic, Award = award, NominationId = nomination.Id, ClusterId = clusterId, Unit = nomination.Unit,
    };

    public static AgendaItem Discuss(int position, string topic) => new() { Id = Guid.CreateVersion7(), Position = position, Topic = topic };

    /// <summary>Liên quan: the vote is about the member's own unit.</summary>
    public bool Concerns(CouncilMembership member) => member.Unit is not null && member.Unit == Unit;

    /// <summary>Size of the council for the number of votes needed (F-20).</summary>
    public int Denominator(CouncilSwitches switches) => switches.RecusedCount is RecusedMembers.Counted ? Members : Members - Recused;

    public void OpenVote(int members, int recused, int papers, int policyVersion, string by)
    {
        Require(AgendaItemState.Listed);
        (Members, Recused, Papers, PolicyVersion, OpenedBy) = (members, recused, papers, policyVersion, by);
        Round++;
        State = AgendaItemState.Voting;
    }

    /// <summary>Phiếu chỉ được phát và bỏ trong lúc bỏ phiếu.</summary>
    public void RequireVoting()
    {
        if (State is not AgendaItemState.Voting)
        {
            throw new RuleViolationException("not-voting", State is AgendaItemState.Listed ? "Nội dung này chưa mở bỏ phiếu." : "Việc bỏ phiếu về nội dung này đã kết thúc.");
        }
    }

    /// <summary>Kiểm phiếu.</summary>
    public void Close(PaperCount tally, int handedOut, string by)
    {
        Require(AgendaItemState.Voting);
        (Tally, HandedOut, ClosedBy, State) = (tally, handedOut, by, AgendaItemState.Counted);
    }

    /// <summary>Chủ tọa xác nhận: somebody else than who counted.</summary>
    public void Confirm(PaperCount recount, string minutes, string by)
    {
        Require(AgendaItemState.Counted);
        if (by == ClosedBy)
        {
            throw new AccessDeniedException("counter-confirms", "Người kiểm phiếu không đồng thời xác nhận kết quả.");
        }

        if (recount != Tally)
        {
            throw new RuleViolationException("count-differs", "Kiểm lại phiếu cho kết quả khác với lần kiểm đầu; không xác nhận được.");
        }

        (Minutes, ConfirmedBy, State) = (minutes, by, AgendaItemState.Confirmed);
    }

    public void Recorded(Guid ballotId) => BallotId = ballotId;

    /// <summary>Tuyên bố lần bỏ phiếu không có giá trị: a member has lost a paper, or the facts changed under the vote.</summary>
    public void Void()
    {
        if (State is not (AgendaItemState.Voting or AgendaItemState.Counted))
        {
            throw WrongState();
        }

        (Tally, HandedOut, ClosedBy, State) = (null, null, null, AgendaItemState.Listed);
    }

    private void Require(AgendaItemState state)
    {
        if (State != state)
        {
            throw WrongState();
        }
    }

    private RuleViolationException WrongState() => new("wrong-state", $"Nội dung này đang ở trạng thái {Label(State)}.");

    private static string Label(AgendaItemState state) => state switch
    {
        AgendaItemState.Listed => "chưa bỏ phiếu",
        AgendaItemState.Voting => "đang bỏ phiếu",
        AgendaItemState.Counted => "đã kiểm phiếu, chờ chủ tọa xác nhận",
        AgendaItemState.Confirmed => "đã xác nhận",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}

/// <summary>Trạng thái của một nội dung.</summary>
public enum AgendaItemState
{
    /// <summary>Trong chương trình, chưa bỏ phiếu.</summary>
    Listed,

    /// <summary>Đang bỏ phiếu.</summary>
    Voting,

    /// <summary>Đã kiểm phiếu, chờ chủ tọa xác nhận.</summary>
    Counted,

    /// <summary>Đã xác nhận: the ballot is recorded.</summary>
    Confirmed,
}

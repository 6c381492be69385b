using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Trạng thái của lần lập văn bản hàng loạt.</summary>
public enum PaperJobState
{
    /// <summary>Nobody has begun yet.</summary>
    Queued,

    /// <summary>Papers are being made.</summary>
    Running,

    /// <summary>Everything was made, and lies in one archive.</summary>
    Done,

    /// <summary>It has ended and some could not be made; the archive holds the others.</summary>
    Failed,

    /// <summary>Somebody stopped it; what was made is kept.</summary>
    Cancelled,
}

/// <summary>Dạng tệp trong gói kết quả.</summary>
public enum PaperFormat
{
    /// <summary>Word alone.</summary>
    Docx,

    /// <summary>PDF alone.</summary>
    Pdf,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>Lập văn bản hàng loạt: all papers of a season as one piece of work that survives the process that does it.</summary>
public sealed class PaperJob
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required PaperKind[] Kinds { get; init; }

    /// <summary>Codes; empty: all clusters of the season.</summary>
    public required string[] Clusters { get; init; }

    public required PaperFormat Format { get; init; }

    /// <summary>Code of the letterhead for the agency's papers.</summary>
    public string? Letterhead { get; init; }

    /// <summary>Code of who signs them.</summary>
    public string? Signer { get; init; }

    /// <summary>Code of the letterhead for papers of clusters.</summary>
    public string? ClusterLetterhead { get; init; }

    /// <summary>How many papers.</summary>
    public required int Total { get; init; }

    public PaperJobState State { get; private set; }
    public required string StartedBy { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>SHA-256 of the archive; null until it has ended.</summary>
    public string? Archive { get; private set; }

    public uint RowVersion { get; private init; }

    /// <summary>Whether its papers are to be made.</summary>
    public bool IsOpen => State is PaperJobState.Queued or PaperJobState.Running;

    /// <exception cref="RuleViolationException"><c>wrong-state</c>.</exception>
    public void Cancel(DateTimeOffset at)
    {
        if (!IsOpen)
        {
            throw new RuleViolationException("wrong-state", $"Lần lập văn bản này đã kết thúc ({UpperSnake.Of(State)}).");
        }

        (State, EndedAt) = (PaperJobState.Cancelled, at);
    }

    /// <summary>Goes on with what is missing.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-state</c>.</exception>
    public void Restart()
    {
        if (State is not (PaperJobState.Failed or PaperJobState.Cancelled))
        {
            throw new RuleViolationException("wrong-state", $"Chỉ chạy lại được lần lập văn bản đã dừng hoặc còn thiếu; trạng thái hiện tại là {UpperSnake.Of(State)}.");
        }

        (State, EndedAt, Archive) = (PaperJobState.Queued, null, null);
    }

    /// <summary>Everything was tried; the archive lies in its place.</summary>
    public void End(bool isComplete, string archive, DateTimeOffset at) => (State, Archive, EndedAt) = (isComplete ? PaperJobState.Done : PaperJobState.Failed, archive, at);
}

/// <summary>Trạng thái của một văn bản trong lần lập hàng loạt.</summary>
public enum PaperJobItemState
{
    /// <summary>To be made; whoever makes it holds its row locked.</summary>
    Waiting,

    /// <summary>Made.</summary>
    Made,

    /// <summary>Could not be made, with the reason.</summary>
    Failed,
}

/// <summary>Một văn bản trong lần lập hàng loạt.</summary>
public sealed class PaperJobItem
{
    public required Guid JobId { get; init; }

    /// <summary>1, 2, … in the order of the archive.</summary>
    public required int Position { get; init; }

    public required PaperKind Kind { get; init; }
    public Guid? ClusterId { get; init; }
    public string? Cluster { get; init; }
    public string? Unit { get; init; }
    public string? Award { get; init; }
    public PaperJobItemState State { get; private set; }

    /// <summary>How often making it broke off for no fault of the facts.</summary>
    public int Attempts { get; private set; }

    public Guid? PaperId { get; private set; }

    /// <summary>SHA-256 of the files, as the paper was when it was made for this job.</summary>
    public string? Docx { get; private set; }
    public string? Pdf { get; private set; }
    public string? FailureCode { get; private set; }
    public string? FailureReason { get; private set; }

    public void Made(Guid paper, string docx, string? pdf) => (State, PaperId, Docx, Pdf) = (PaperJobItemState.Made, paper, docx, pdf);

    public void Fail(string code, string reason) => (State, FailureCode, FailureReason) = (PaperJobItemState.Failed, code, reason);

    /// <summary>It may go better the next time; not for ever.</summary>
    public void Stumble(string reason, int most)
    {
        Attempts++;
        if (Attempts >= most)
        {
            Fail("not-made", reason);
        }
    }
}

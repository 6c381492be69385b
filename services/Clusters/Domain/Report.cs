using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Loại báo cáo .</summary>
public enum ReportKind
{
    /// <summary>Báo cáo sơ kết 6 tháng đầu năm.</summary>
    Midyear,

    /// <summary>Báo cáo tổng kết năm.</summary>
    Yearend,
}

/// <summary>Trạng thái của báo cáo.</summary>
public enum ReportState
{
    /// <summary>Đang soạn: never handed in.</summary>
    Draft,

    /// <summary>Đã nộp: every recipient has it.</summary>
    Submitted,

    /// <summary>Bị trả lại: at least one recipient waits for a new version.</summary>
    Returned,
}

/// <summary>Nội dung báo cáo.</summary>
/// <param name="Summary">Tóm tắt kết quả.</param>
/// <param name="Figures">Số liệu chính.</param>
/// <param name="Documents">Văn bản kèm theo.</param>
public sealed record ReportContent(string Summary, IReadOnlyList<ReportFigure> Figures, IReadOnlyList<ReportDocument> Documents);

/// <summary>Số liệu của báo cáo.</summary>
/// <param name="Name">Tên chỉ tiêu, with its unit of measure.</param>
/// <param name="Value">Exact.</param>
public sealed record ReportFigure(string Name, decimal Value);

/// <summary>Văn bản kèm báo cáo.</summary>
/// <param name="Number">Số, ký hiệu.</param>
/// <param name="Date">Ngày ban hành.</param>
/// <param name="Issuer">Cơ quan ban hành.</param>
public sealed record ReportDocument(string Number, DateOnly Date, string Issuer);

/// <summary>Việc xảy ra với một báo cáo.</summary>
public enum ReportStepKind
{
    /// <summary>Nộp.</summary>
    Submitted,

    /// <summary>Trả lại.</summary>
    Returned,
}

/// <summary>Bước: what happened to a report, when, by whom.</summary>
/// <param name="Version">The version of the content that it is about, from 1 on.</param>
/// <param name="Kind">Handed in, or returned.</param>
/// <param name="At">Ngày giờ, by the server's clock.</param>
/// <param name="By">Account.</param>
/// <param name="Recipient">Who returned it; null: it was handed in, to both.</param>
/// <param name="Reason">Lý do; null for the first version.</param>
public sealed record ReportStep(int Version, ReportStepKind Kind, DateTimeOffset At, string By, ObligationRecipient? Recipient = null, string? Reason = null);

/// <summary>
/// Báo cáo sơ kết, tổng kết: one for a unit, a season and a kind; handing it in once delivers it to both recipients. The first
/// receipt counts; only a recipient who returns it counts the next one instead.
/// </summary>
public sealed class Report
{
    private Report() { }

    public Guid Id { get; private init; }

    public string Season { get; private init; } = "";

    public string Unit { get; private init; } = "";

    public ReportKind Kind { get; private init; }

    /// <summary>Bản đang soạn: what the unit works on; nobody else sees it.</summary>
    public ReportContent Draft { get; private set; } = null!;

    /// <summary>Các bản đã nộp, in order.</summary>
    public IReadOnlyList<ReportContent> Versions { get; private set; } = [];

    /// <summary>Everything that happened to it, in order.</summary>
    public IReadOnlyList<ReportStep> Steps { get; private set; } = [];

    /// <summary>Ngày giờ nộp lần đầu; null: never.</summary>
    public DateTimeOffset? SubmittedAt { get; private set; }

    public uint RowVersion { get; private set; }

    public ReportState State => Versions.Count == 0 ? ReportState.Draft
        : Steps.Any(step => step.Kind == ReportStepKind.Returned && History.ReceiptOf(step.Recipient!.Value) is null) ? ReportState.Returned
        : ReportState.Submitted;

    public ReportHistory History => new(Unit, Kind, Steps);

    public static Report Begin(string season, string unit, ReportKind kind, ReportContent content) =>
        new() { Id = Guid.CreateVersion7(), Season = season, Unit = unit, Kind = kind, Draft = content };

    public void Edit(ReportContent content) => Draft = content;

    /// <summary>Nộp: a further version needs a reason.</summary>
    /// <exception cref="RuleViolationException"><c>MISSING_REASON</c> among its errors.</exception>
    public void Submit(string? reason, string by, DateTimeOffset now)
    {
        if (Versions.Count > 0 && string.IsNullOrEmpty(reason))
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("MISSING_REASON", "/reason", "Nộp lại báo cáo phải nêu lý do.")]);
        }

        Versions = [.. Versions, Draft];
        SubmittedAt ??= now;
        Steps = [.. Steps, new ReportStep(Versions.Count, ReportStepKind.Submitted, now, by, Reason: reason)];
    }

    /// <summary>Trả lại: the recipient's receipts so far no longer count.</summary>
    /// <exception cref="RuleViolationException"><c>report-not-received</c>: it has none, or has returned it already.</exception>
    public void Return(ObligationRecipient recipient, string reason, string by, DateTimeOffset now)
    {
        if (History.ReceiptOf(recipient) is null)
        {
            throw new RuleViolationException("report-not-received", "Báo cáo chưa được nộp, hoặc đã được trả lại và chưa nộp lại.");
        }

        Steps = [.. Steps, new ReportStep(Versions.Count, ReportStepKind.Returned, now, by, recipient, reason)];
    }
}

/// <summary>Quá trình của báo cáo: a report without its content.</summary>
public sealed record ReportHistory(string Unit, ReportKind Kind, IReadOnlyList<ReportStep> Steps)
{
    /// <summary>Ngày giờ nhận that counts for a recipient: of the first version after the last one that this recipient returned.</summary>
    public DateTimeOffset? ReceiptOf(ObligationRecipient recipient)
    {
        DateTimeOffset? receipt = null;
        foreach (var step in Steps)
        {
            if (step.Kind == ReportStepKind.Submitted)
            {
                receipt ??= step.At;
            }
            else if (step.Recipient == recipient)
            {
                receipt = null;
            }
        }

        return receipt;
    }
}

using System.Globalization;

namespace ThiDua.Clusters.Domain;

/// <summary>Nội dung đôn đốc: what a reminder says. It follows from the log alone, so that a repetition says the same.</summary>
/// <param name="Subject">Tiêu đề.</param>
/// <param name="Body">Nội dung, plain text.</param>
public sealed record ReminderText(string Subject, string Body)
{
    /// <param name="reminder">The reminder.</param>
    /// <param name="cluster">Name of the cluster.</param>
    /// <param name="unitName">Name of the unit that owes it; null: the standing agency owes it.</param>
    public static ReminderText Of(Reminder reminder, string cluster, string? unitName)
    {
        var what = LabelOf(reminder.Kind);
        var who = unitName ?? "Cơ quan thường trực";
        var due = Written(reminder.DueOn);
        var days = reminder.PlannedFor.DayNumber - reminder.DueOn.DayNumber;
        var (head, standing) = days switch
        {
            < 0 => ($"Còn {-days} ngày", $"còn {-days} ngày"),
            0 => ("Đến hạn hôm nay", "đến hạn trong ngày"),
            _ => ($"Quá hạn {days} ngày", $"đã quá hạn {days} ngày"),
        };
        var request = (reminder.Recipient, days) switch
        {
            (RecipientKind.Unit, <= 0) => "Đề nghị đơn vị hoàn thành đúng thời hạn.",
            (RecipientKind.Unit, _) => "Đề nghị đơn vị hoàn thành ngay; trường hợp có khó khăn, đề nghị báo cáo cơ quan thường trực để xem xét gia hạn.",
            (RecipientKind.Leader, _) => "Đề nghị cụm trưởng, khối trưởng đôn đốc đơn vị thực hiện.",
            (RecipientKind.Agency, _) when unitName is null => "Đề nghị hoàn thành theo kế hoạch của kỳ thi đua.",
            (RecipientKind.Agency, _) => "Kính gửi cơ quan thường trực để theo dõi, đôn đốc.",
            _ => "Kính báo cáo lãnh đạo cơ quan thường trực để cho ý kiến chỉ đạo.",
        };
        var body = $"""
            Kỳ thi đua: {reminder.Season}
            Cụm, khối: {cluster}
            Đơn vị: {who}
            Nội dung: {what}
            Nơi nhận: {LabelOf(reminder.OwedTo)}
            Thời hạn: {due}

            Tính đến ngày {Written(reminder.PlannedFor)}, nội dung trên chưa hoàn thành, {standing}.
            {request}

            Thư này do hệ thống gửi tự động ({ReminderSchedule.Label(reminder.Occurrence)}); xin không trả lời.
            """;
        return new ReminderText($"{head}: {what}, {who}, hạn {due}", body);
    }

    /// <summary>What is owed, in words.</summary>
    public static string LabelOf(ObligationKind kind) => kind switch
    {
        ObligationKind.MidyearReport => "báo cáo sơ kết 6 tháng đầu năm",
        ObligationKind.YearendReport => "báo cáo tổng kết năm",
        ObligationKind.Registration => "đăng ký chỉ tiêu, danh hiệu thi đua",
        ObligationKind.SelfScoring => "nộp phiếu tự chấm điểm",
        ObligationKind.Explanation => "giải trình phiếu chấm điểm bị trả lại",
        ObligationKind.ClusterReview => "rà soát phiếu chấm điểm của các thành viên",
        ObligationKind.Appraisal => "thẩm định và quyết định kết quả",
        _ => "nghĩa vụ có thời hạn",
    };

    private static string LabelOf(ObligationRecipient recipient) => recipient switch
    {
        ObligationRecipient.ClusterLeader => "cụm trưởng, khối trưởng",
        ObligationRecipient.Council => "Hội đồng Thi đua - Khen thưởng",
        _ => "cơ quan thường trực",
    };

    private static string Written(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}

using System.Globalization;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>A submission, a summary and minutes with everything that the engine prints, and the forms they are read against.</summary>
internal static class SamplePapers
{
    public const string Address = "https://thidua.example.gov.vn/api/paper-verifications/";

    public static readonly PaperForm SubmissionForm = new(
        PaperKind.ProvincialFlagSubmission,
        Names("superior", "agency", "number", "place_and_date", "subject", "addressee", "summary", "authority", "signer"),
        Names("remark"),
        new Dictionary<string, IReadOnlyDictionary<string, string>> { ["units"] = Names("order", "name", "points"), ["recipients"] = Names("name") },
        HasMatrix: false);

    public static readonly PaperForm SummaryForm = new(PaperKind.ScoreSummary, Names("agency", "subject", "authority", "signer"), Names(), new Dictionary<string, IReadOnlyDictionary<string, string>>(), HasMatrix: true);

    public static PaperLayout SubmissionLayout(int bodyPoints = 14) => new PaperLayout(bodyPoints: bodyPoints)
        .Head("{{superior}}", "{{agency}}", "Số: {{number}}", "{{place_and_date}}")
        .Title("TỜ TRÌNH", "{{subject}}")
        .Addressee("Kính gửi: {{addressee}}")
        .Basis("Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022;", "Căn cứ quy chế thi đua, khen thưởng của tỉnh.")
        .Paragraph("{{summary}}")
        .Heading("I. Kết quả bình xét")
        .Paragraph("Các tập thể được đề nghị gồm:")
        .Table(new("STT", 1, "{{units.order}}", IsNumber: true), new("Tên tập thể", 6, "{{units.name}}"), new("Điểm", 2, "{{units.points}}", IsNumber: true))
        .Article(1, "{{remark}}")
        .Signature("{{authority}}", "{{signer}}", "- Như trên;", "- {{recipients.name}};", "- Lưu: VT, BTĐKT.");

    public static byte[] SubmissionDocx(int bodyPoints = 14) => SubmissionLayout(bodyPoints).Build();

    public static byte[] SummaryDocx() => new PaperLayout(landscape: true)
        .Head("", "{{agency}}", null, null)
        .Title("BẢNG TỔNG HỢP", "{{subject}}")
        .Matrix()
        .Signature("{{authority}}", "{{signer}}", "- Lưu: VT.")
        .Build();

    public static PaperContent Submission(int units = 3) => new(
        PaperKind.ProvincialFlagSubmission,
        new Dictionary<string, string>
        {
            ["superior"] = "Ủy ban nhân dân tỉnh Đồng Nai",
            ["agency"] = "Sở Nội vụ",
            ["number"] = "05/TTr-SNV",
            ["place_and_date"] = "Đồng Nai, ngày 05 tháng 01 năm 2026",
            ["subject"] = "Về việc tặng Cờ thi đua của Ủy ban nhân dân tỉnh cho các tập thể\nhoàn thành xuất sắc nhiệm vụ năm 2025",
            ["addressee"] = "Chủ tịch Ủy ban nhân dân tỉnh Đồng Nai",
            ["summary"] = "Sở Nội vụ đã tổng hợp kết quả chấm điểm của các cụm, khối thi đua; Hội đồng Thi đua - Khen thưởng tỉnh đã họp, bỏ phiếu kín theo quy định và thống nhất đề nghị khen thưởng như sau.",
            ["authority"] = "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
            ["signer"] = "Nguyễn Thị Ánh Nguyệt",
            ["remark"] = "Hồ sơ kèm theo gồm biên bản họp bình xét, biên bản kiểm phiếu và báo cáo thành tích có xác nhận & đối chiếu <của thủ trưởng>.",
        },
        new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string>>>
        {
            ["units"] = [.. Enumerable.Range(1, units).Select(order => new Dictionary<string, string>
            {
                ["order"] = order.ToString(CultureInfo.InvariantCulture), ["name"] = $"Ủy ban nhân dân phường Trảng Bom {order}", ["points"] = $"{900 + order},25",
            })],
            ["recipients"] = [new Dictionary<string, string> { ["name"] = "Ban Thi đua - Khen thưởng" }, new Dictionary<string, string> { ["name"] = "Văn phòng Sở" }],
        });

    public static PaperContent Summary(int units, int criteria) => new(
        PaperKind.ScoreSummary,
        new Dictionary<string, string>
        {
            ["agency"] = "Cụm thi đua số 4",
            ["subject"] = "Điểm thi đua năm 2025 của các đơn vị trong cụm",
            ["authority"] = "CỤM TRƯỞNG",
            ["signer"] = "Lê Văn Hưởng",
        },
        new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string>>>(),
        new PaperMatrix(
            ["STT", "Nội dung", "Điểm chuẩn"],
            [.. Enumerable.Range(1, units).Select(unit => unit % 3 == 0 ? $"Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân {unit}" : $"Ủy ban nhân dân xã Xuân Quế {unit}")],
            [.. Enumerable.Range(1, criteria).Select(row => new PaperMatrixRow(
                row % 10 == 1,
                [
                    row.ToString(CultureInfo.InvariantCulture),
                    row % 10 == 1 ? "Thực hiện nhiệm vụ phát triển kinh tế - xã hội" : $"Tỷ lệ hồ sơ thủ tục hành chính được giải quyết đúng hạn và trước hạn trên tổng số hồ sơ đã giải quyết trong năm, chỉ tiêu {row}",
                    "1.000",
                    .. Enumerable.Range(1, units).Select(unit => $"{(row * unit * 7) % 1000},{(row + unit) % 100:00}"),
                ]))]));

    public static PaperMark Mark(PaperContent content, PaperTemplate template)
    {
        var hash = PaperHash.Of(content, template.Sha256);
        return new(hash, Address + hash);
    }

    public static byte[] Fill(byte[] template, PaperForm form, PaperContent content)
    {
        var read = PaperTemplate.Read(new MemoryStream(template), form);
        return read.Fill(content, Mark(content, read));
    }

    private static Dictionary<string, string> Names(params string[] names) => names.ToDictionary(name => name, name => name);
}

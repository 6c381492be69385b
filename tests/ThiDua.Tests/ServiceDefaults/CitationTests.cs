using System.Text;
using CsCheck;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.ServiceDefaults;

/// <summary>What a legal basis cites, and whether that stands in the register (C32).</summary>
public sealed class CitationTests
{
    private static readonly ILookup<string, CitableInstrument> s_register = Citations.ByNumber(
    [
        new("ND-152", "152/2025/NĐ-CP", Day(2025, 6, 14), Day(2025, 7, 1), null, true, [], [
            new("Điều 4 khoản 6", "Khi có nhiều cá nhân, tập thể cùng đủ điều kiện, tiêu chuẩn thì lựa chọn … tập thể có tỷ lệ nữ từ 70% trở lên", null),
            new("Điều 4 khoản 4", "Chưa khen thưởng", null)]),
        new("ND-98", "98/2023/NĐ-CP", null, Day(2024, 1, 1), Day(2025, 6, 30), true, ["152/2025/NĐ-CP"], [new("Điều 30 khoản 7", "Cờ thi đua", "Mới đọc một phần.")]),
        new("QD-24-2024", "24/QĐ-UBND", Day(2024, 3, 1), Day(2024, 3, 1), null, true, [], [new("", "điểm chuẩn của nhóm", null)]),
        new("QD-24-2025", "24/QĐ-UBND", Day(2025, 3, 1), Day(2025, 3, 1), null, true, [], [new("", "điểm chuẩn của nhóm", null)]),
        new("HD", "Hướng dẫn chia cụm, khối thi đua của tỉnh", null, Day(2023, 6, 21), null, false, [], [new("mục III.2", "Do cụm thi đua thống nhất thang điểm", null)]),
    ]);

    [Theory]
    [InlineData("Hướng dẫn số 923/SNV-TĐKT ngày 21/6/2023 của Sở Nội vụ", "923/SNV-TĐKT | | | 2023-06-21")]
    [InlineData("khoản 6 Điều 4 Nghị định số 152/2025/NĐ-CP (tập thể có tỷ lệ nữ từ 70% trở lên)", "152/2025/NĐ-CP | Điều 4 khoản 6 | |")]
    [InlineData("Nghị định số 152/2025/NĐ-CP, điều 4, khoản 6, điểm b", "152/2025/NĐ-CP | Điều 4 khoản 6 điểm b | |")]
    [InlineData("điểm a khoản 1 Điều 84 Luật số 06/2022/QH15", "06/2022/QH15 | Điều 84 khoản 1 điểm a | |")]
    [InlineData("Luật số 06/2022/QH15: “một thành tích; một hình thức”; Quyết định 57/2018/QĐ-UBND ngày 23 tháng 10 năm 2018", "06/2022/QH15 | | một thành tích; một hình thức |; 57/2018/QĐ-UBND | | | 2018-10-23")]
    [InlineData("Điều 5 Luật 06/2022/QH15 và khoản 7 Điều 30 Nghị định 98/2023/NĐ-CP", "06/2022/QH15 | Điều 5 | |; 98/2023/NĐ-CP | Điều 30 khoản 7 | |")]
    [InlineData("Hướng dẫn 68/HD-SNV ngày 25/3/2022; 937/BTĐKT–VI", "68/HD-SNV | | | 2022-03-25; 937/BTĐKT-VI | | |")]
    [InlineData("theo Nghị định “số 1/2020/NĐ-CP” cũ, nay là 152/2025/NÐ-CP", "152/2025/NĐ-CP | | số 1/2020/NĐ-CP |")]
    [InlineData("Quy mô thường gặp (F-32), ngày 21/6/2023, tỷ lệ 2/3 và 80%", "")]
    [InlineData("", "")]
    public void Numbers_provisions_and_quotations_are_found(string basis, string expected) =>
        Assert.Equal(expected, string.Join("; ", Citations.Find(basis, []).Select(found => $"{found.Number} | {found.Provision} | {found.Quote} | {found.IssuedOn:yyyy-MM-dd}".Replace("  ", " ", StringComparison.Ordinal).TrimEnd())));

    [Theory]
    [InlineData("Nghị định 152/2025/NĐ-CP: “tập thể có tỷ lệ nữ từ 70% trở lên”", "2026-01-01", CitationStatus.Verified)]
    [InlineData("Nghị định 152/2025/NĐ-CP: “tập  thể có tỷ lệ nữ\ntừ 70 % trở lên”", "2026-01-01", CitationStatus.Verified)]
    [InlineData("152/2025/NĐ-CP: “Khi có nhiều cá nhân … từ 70% trở lên”", "2026-01-01", CitationStatus.Verified)]
    [InlineData("152/2025/NĐ-CP: “từ 70% trở lên … Khi có nhiều cá nhân”", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("152/2025/NĐ-CP: “…”", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("Nghị định 152/2025/NĐ-CP: “tập thể có tỷ lệ nữ từ 60% trở lên”", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("khoản 4 Điều 4 Nghị định 152/2025/NĐ-CP: “tỷ lệ nữ từ 70%”", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("khoản 6 Điều 4 Nghị định 152/2025/NĐ-CP", "2026-01-01", CitationStatus.Verified)]
    [InlineData("Điều 4 Nghị định 152/2025/NĐ-CP", "2026-01-01", CitationStatus.Verified)]
    [InlineData("Điều 40 Nghị định 152/2025/NĐ-CP", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("Nghị định 152/2025/NĐ-CP", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("khoản 6 Điều 4 Nghị định 152/2025/NĐ-CP", "2025-06-30", CitationStatus.Expired)]
    [InlineData("khoản 6 Điều 4 Nghị định 152/2025/NĐ-CP", "2025-07-01", CitationStatus.Verified)]
    [InlineData("khoản 7 Điều 30 Nghị định 98/2023/NĐ-CP", "2025-06-30", CitationStatus.Unverified)]
    [InlineData("khoản 7 Điều 30 Nghị định 98/2023/NĐ-CP", "2025-07-01", CitationStatus.Expired)]
    [InlineData("khoản 6 Điều 4 Nghị định 152/2025/NĐ-CP ngày 15/6/2025", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("24/QĐ-UBND: “điểm chuẩn”", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("24/QĐ-UBND ngày 01/3/2025: “điểm chuẩn”", "2026-01-01", CitationStatus.Verified)]
    [InlineData("1/2020/QĐ-UBND", "2026-01-01", CitationStatus.Unverified)]
    [InlineData("Hướng dẫn chia cụm, khối thi đua của tỉnh: “cụm thi đua thống nhất thang điểm”", "2026-01-01", CitationStatus.Verified)]
    [InlineData("F-32", "2026-01-01", CitationStatus.Unverified)]
    public void A_citation_is_verified_only_when_its_words_stand_in_an_instrument_in_force(string basis, string on, CitationStatus expected)
    {
        var check = Assert.Single(Citations.Check(basis, s_register, DateOnly.Parse(on, null)));
        Assert.Equal(expected, check.Status);
        Assert.NotEmpty(check.Reason);
    }

    [Fact]
    public void The_reason_says_what_is_wrong_and_what_came_after()
    {
        Assert.Equal("98/2023/NĐ-CP không còn hiệu lực vào ngày 01/07/2025 (hết hiệu lực sau 30/06/2025; được thay bằng 152/2025/NĐ-CP).", Reason("98/2023/NĐ-CP", Day(2025, 7, 1)));
        Assert.EndsWith("Ngày hiệu lực của văn bản chưa kiểm chứng.", Reason("Hướng dẫn chia cụm, khối thi đua của tỉnh: “thang điểm”", Day(2026, 1, 1)), StringComparison.Ordinal);
        Assert.Equal("Mới đọc một phần.", Reason("khoản 7 Điều 30 Nghị định 98/2023/NĐ-CP", Day(2025, 6, 30)));
        Assert.Equal("Sổ văn bản có 2 văn bản số 24/QĐ-UBND; căn cứ cần nêu ngày ban hành.", Reason("24/QĐ-UBND", Day(2026, 1, 1)));
        Assert.Equal("Sổ văn bản không có 152/2025/NĐ-CP ban hành ngày 15/06/2025.", Reason("152/2025/NĐ-CP ngày 15/6/2025", Day(2026, 1, 1)));
    }

    [Fact]
    public void Letters_may_be_composed_or_not_and_white_space_may_differ() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 40], Gen.Bool).Sample(
            (from, length, decomposed) =>
            {
                const string Text = "Khi có nhiều cá nhân, tập thể cùng đủ điều kiện, tiêu chuẩn thì lựa chọn";
                var words = Text.Substring(Math.Min(from, Text.Length - 1), Math.Min(length, Text.Length - Math.Min(from, Text.Length - 1))).Trim();
                var quote = words.Replace(" ", "\u00a0 ", StringComparison.Ordinal).Normalize(decomposed ? NormalizationForm.FormD : NormalizationForm.FormC);
                return words.Length == 0 || Citations.Check($"152/2025/NĐ-CP: “{quote}”", s_register, Day(2026, 1, 1))[0].Status == CitationStatus.Verified;
            },
            iter: 2000);

    [Fact]
    public void Any_text_is_read_to_its_end() =>
        Gen.String[Gen.Char["“”;/Đđiềukhoản 0123456789QNCP-…\u0301"], 0, 200].Sample(text => Citations.Check(text, s_register, Day(2026, 1, 1)).Count > 0, iter: 5000);

    private static string Reason(string basis, DateOnly on) => Citations.Check(basis, s_register, on)[0].Reason;

    private static DateOnly Day(int year, int month, int day) => new(year, month, day);
}

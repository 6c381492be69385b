using System.Globalization;
using ThiDua.Documents.Domain;

namespace ThiDua.Tests.Documents;

public sealed class PaperReferenceTests
{
    [Theory]
    [InlineData("123_QĐ-UBND.pdf", "123/QĐ-UBND", null, "UBND")]
    [InlineData("Số 05.BC-SNV ngày 3-2-2026.docx", "05/BC-SNV", "2026-02-03", "SNV")]
    [InlineData("QĐ 12 khen thưởng.pdf", null, null, null)] // the kind before the number is how people talk, not a symbol
    [InlineData("1234-QĐ-UBND ngày 29.6.2026 (bản chính).pdf", "1234/QĐ-UBND", "2026-06-29", "UBND")]
    [InlineData("45 TTr-SNV.pdf", "45/TTr-SNV", null, "SNV")]
    [InlineData("152_2025_NĐ-CP.pdf", "152/2025/NĐ-CP", null, "CP")]
    [InlineData("07_BC_UBND_2026-01-15.pdf", "07/BC-UBND", "2026-01-15", "UBND")]
    [InlineData("báo cáo 20260131.pdf", null, "2026-01-31", null)]
    [InlineData("kế hoạch ngày 03 tháng 02 năm 2026.pdf", null, "2026-02-03", null)]
    [InlineData("ngày 31-2-2026.pdf", null, null, null)]
    [InlineData("IMG_20251301.jpg", null, null, null)]
    [InlineData("Danh sách 12 đơn vị.xlsx", null, null, null)]
    [InlineData("Ảnh 3.png", null, null, null)]
    public void The_name_of_a_file_says_what_it_can(string fileName, string? number, string? date, string? issuer) =>
        Assert.Equal(Reference(number, date, issuer), PaperReferenceReader.InFileName(fileName));

    [Theory]
    [InlineData("UBND TỈNH\nSỞ NỘI VỤ\nSố: 05/BC-SNV\nĐồng Tháp, ngày 03 tháng 02 năm 2026\nCăn cứ Quyết định số 9/QĐ-UBND ngày 01/01/2020", "05/BC-SNV", "2026-02-03", "SNV")]
    [InlineData("Số: 923/SNV-TĐKT\nV/v góp ý", "923/SNV-TĐKT", null, "SNV")]
    [InlineData("Số:     /QĐ-UBND\nngày     tháng     năm 2026", null, null, null)] // a draft
    [InlineData("Số 152/2025/NĐ-CP ngày 14/6/2025", "152/2025/NĐ-CP", "2025-06-14", "CP")]
    [InlineData("Số lượng: 12/15 đơn vị", null, null, null)]
    public void The_head_of_a_text_says_what_it_can(string text, string? number, string? date, string? issuer) =>
        Assert.Equal(Reference(number, date, issuer), PaperReferenceReader.InText(text));

    private static PaperReference Reference(string? number, string? date, string? issuer) =>
        new(number, date is null ? null : DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture), issuer);
}

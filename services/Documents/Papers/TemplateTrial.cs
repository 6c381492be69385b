using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>Tries a template before it is kept: it is read against the form of its kind, filled with made-up values, and its layout is checked.</summary>
internal static class TemplateTrial
{
    private const int Items = 2;
    private const string Words = "nội dung thử";

    // Elements of the layout that the checker knows by what they say.
    private static readonly Dictionary<string, string> s_values = new(StringComparer.Ordinal)
    {
        ["co_quan_ban_hanh"] = "SỞ NỘI VỤ TỈNH …",
        ["dia_danh_ngay"] = "Tỉnh …, ngày 05 tháng 01 năm 2026",
        ["trich_yeu"] = "Về việc thử mẫu văn bản",
        ["chuc_vu_nguoi_ky"] = "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        ["ten_nguoi_ky"] = "Nguyễn Văn A",
        ["ten_thu_ky"] = "Trần Thị B",
        ["du_thao"] = "",
        ["ky_thi_dua"] = "năm 2025",
    };

    /// <summary>What the layout checker finds; nothing: the template may be used.</summary>
    /// <exception cref="RuleViolationException"><c>template-refused</c>, with everything that is wrong with its fields.</exception>
    public static IReadOnlyList<Violation> Of(byte[] docx, PaperKind kind)
    {
        var form = PaperForms.Of(kind);
        using var file = new MemoryStream(docx, writable: false);
        var content = ContentOf(form);
        var hash = PaperHash.Of(content, "");
        var template = PaperTemplate.Read(file, form);
        try
        {
            using var paper = new MemoryStream(template.Fill(content, new PaperMark(hash, $"https://localhost/{hash}")), writable: false);
            return [.. LayoutChecker.Check(paper).Select(finding => new Violation("LAYOUT", finding.Where, $"Quy tắc {finding.Rule.Number} ({finding.Rule.Name}): {finding.Message}"))];
        }
        catch (Exception reason) when (reason is not RuleViolationException && TemplateSafety.IsUnreadable(reason))
        {
            throw TemplateSafety.Unreadable(); // it can be read, and no paper can be made of it
        }
    }

    private static PaperContent ContentOf(PaperForm form) => new(
        form.Kind,
        form.Fields.Keys.Concat(form.OptionalFields.Keys).ToDictionary(name => name, name => name == "so_ky_hieu" ? DocumentNumber.Of(5, PrescribedLayout.Current.LettersOf(form.Kind) ?? "BB", "SNV") : s_values.GetValueOrDefault(name, Words)),
        form.Lists.ToDictionary(
            list => list.Key,
            IReadOnlyList<IReadOnlyDictionary<string, string>> (list) => [.. Enumerable.Range(1, Items).Select(number => list.Value.Keys.ToDictionary(name => name, name => list.Key == "can_cu" ? $"Căn cứ {Words} {number};" : $"{Words} {number}"))]),
        form.HasMatrix
            ? new PaperMatrix(["STT", "Nội dung", "Điểm chuẩn"], ["Đơn vị A", "Đơn vị B"], [new PaperMatrixRow(false, ["1", Words, "10", "9,5", "9"]), new PaperMatrixRow(true, ["", "Tổng điểm", "10", "9,5", "9"])])
            : null);
}

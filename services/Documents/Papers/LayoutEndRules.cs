using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Wordprocessing;
using static ThiDua.Documents.Papers.LayoutMeasure;

namespace ThiDua.Documents.Papers;

/// <summary>Phụ lục I, mục II.7 and II.9: who signs, and where the paper goes.</summary>
internal static partial class LayoutEndRules
{
    private const int LeastRoom = 1000; // 17,6 mm: a signature and a part of the seal

    public static IReadOnlyList<(LayoutRule, Func<LayoutReading, IEnumerable<(string, string)>>)> All { get; } =
    [
        (Rule(34, "Quyền hạn, chức vụ của người ký: chữ in hoa, cỡ 13–14, đứng, đậm, canh giữa; TM., KT., Q., TL., TUQ. viết đúng", "Điều 13; Phụ lục I, mục II.7"), Authority),
        (Rule(35, "Họ tên người ký: chữ in thường, cỡ 13–14, đứng, đậm, canh giữa; không ghi học hàm, học vị", "Phụ lục I, mục II.7"), Signer),
        (Rule(36, "Có chỗ cho chữ ký giữa chức vụ và họ tên", "Phụ lục I, mục II.7 và II.8"), Room),
        (Rule(37, "Nơi nhận: chữ “Nơi nhận:” cỡ 12, nghiêng, đậm, sát lề trái", "Phụ lục I, mục II.9"), RecipientsHeading),
        (Rule(38, "Nơi nhận: liệt kê cỡ 11, đứng, gạch đầu dòng, cuối dòng dấu chấm phẩy; dòng cuối “Lưu: VT, ….”", "Phụ lục I, mục II.9"), Recipients),
    ];

    private static IEnumerable<(string, string)> Authority(LayoutReading reading)
    {
        if (reading.Signatures.Count == 0 && !reading.IsAnnex)
        {
            yield return ("văn bản", "Thiếu quyền hạn, chức vụ của người có thẩm quyền ký.");
        }

        foreach (var line in reading.Signatures.SelectMany(signature => signature.Authority))
        {
            foreach (var wrong in Look(reading, line, "Quyền hạn, chức vụ", "authority", bold: true, justification: JustificationValues.Center))
            {
                yield return wrong;
            }

            if (!LayoutReading.IsCapitals(line.Printed))
            {
                yield return (Place(line), "Quyền hạn, chức vụ phải là chữ in hoa.");
            }

            foreach (var part in line.Printed.Split('\n').Select(part => part.Trim()).Where(part => Abbreviation().IsMatch(part) && !Written().IsMatch(part)))
            {
                yield return (Place(line), $"Chữ viết tắt thẩm quyền ký viết sai: “{part}”; phải là TM., KT., Q., TL. hoặc TUQ. rồi khoảng trống.");
            }
        }
    }

    private static IEnumerable<(string, string)> Signer(LayoutReading reading)
    {
        foreach (var (authority, signer, _) in reading.Signatures)
        {
            if (signer is null)
            {
                yield return (Place(authority[0]), "Thiếu họ tên của người ký.");
                continue;
            }

            foreach (var wrong in Look(reading, signer, "Họ tên người ký", "signer", bold: true, justification: JustificationValues.Center))
            {
                yield return wrong;
            }

            if (Degree().IsMatch(signer.Text))
            {
                yield return (Place(signer), "Trước họ tên người ký không ghi học hàm, học vị, danh hiệu.");
            }
        }
    }

    private static IEnumerable<(string, string)> Room(LayoutReading reading) =>
        reading.Signatures.Where(signature => signature.Signer is not null && signature.Room < LeastRoom)
            .Select(signature => (Place(signature.Signer!), "Không đủ chỗ cho chữ ký giữa chức vụ và họ tên."));

    private static IEnumerable<(string, string)> RecipientsHeading(LayoutReading reading)
    {
        foreach (var missing in Required(reading.RecipientsHeading, !reading.IsAnnex, "“Nơi nhận:”"))
        {
            yield return missing;
        }

        foreach (var wrong in Look(reading, reading.RecipientsHeading, "“Nơi nhận:”", "recipientsHeading", bold: true, italic: true, JustificationValues.Left))
        {
            yield return wrong;
        }

        if (reading.RecipientsHeading is { } heading && (heading.Text.Trim() != "Nơi nhận:" || heading.Format.Left != 0))
        {
            yield return (Place(heading), "Phải là “Nơi nhận:”, có dấu hai chấm, sát lề trái, trên một dòng riêng.");
        }
    }

    private static IEnumerable<(string, string)> Recipients(LayoutReading reading)
    {
        if (reading.RecipientsHeading is null)
        {
            yield break;
        }

        if (reading.Recipients.Count == 0 || !Kept().IsMatch(reading.Recipients[^1].Text))
        {
            yield return ("nơi nhận", "Dòng cuối phải là “- Lưu: VT, …” và kết thúc bằng dấu chấm.");
        }

        foreach (var line in reading.Recipients)
        {
            foreach (var wrong in Look(reading, line, "Nơi nhận", "recipients", bold: false, justification: JustificationValues.Left))
            {
                yield return wrong;
            }

            if (!line.Text.StartsWith("- ", StringComparison.Ordinal) || (line != reading.Recipients[^1] && !line.Text.TrimEnd().EndsWith(';')))
            {
                yield return (Place(line), "Mỗi nơi nhận một dòng, đầu dòng có gạch đầu dòng, cuối dòng có dấu chấm phẩy.");
            }
        }
    }

    [GeneratedRegex(@"^(?:TM|T/M|KT|K/T|Q|TL|T/L|TUQ|T/UQ)(?:[./:]|\s)")]
    private static partial Regex Abbreviation();

    [GeneratedRegex(@"^(?:TM|KT|Q|TL|TUQ)\. \p{L}")]
    private static partial Regex Written();

    [GeneratedRegex(@"^\s*(?:GS|PGS|TS|ThS|BS|KS|CN|NGND|NGƯT|NSND|NSƯT|Ông|Bà)\b\.?", RegexOptions.IgnoreCase)]
    private static partial Regex Degree();

    [GeneratedRegex(@"^- Lưu: VT\b.*\.\s*$")]
    private static partial Regex Kept();
}

using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.LayoutMeasure;

namespace ThiDua.Documents.Papers;

/// <summary>Phụ lục I, mục II.1 to II.5, and III.1: what stands above the text.</summary>
internal static partial class LayoutHeadRules
{
    public static IReadOnlyList<(LayoutRule, Func<LayoutReading, IEnumerable<(string, string)>>)> All { get; } =
    [
        (Rule(12, "Quốc hiệu: chữ in hoa, cỡ 12–13, đứng, đậm", "Phụ lục I, mục II.1.a"), Country),
        (Rule(13, "Tiêu ngữ: chữ in thường, cỡ 13–14, đứng, đậm, canh giữa", "Phụ lục I, mục II.1.b"), Motto),
        (Rule(14, "Dưới tiêu ngữ có đường kẻ dài bằng dòng chữ", "Phụ lục I, mục II.1.b"), reading => Line(reading, reading.Motto, "tiêu ngữ", isWhole: true)),
        (Rule(15, "Tên cơ quan ở bên trái, Quốc hiệu và Tiêu ngữ ở bên phải, trên cùng trang đầu", "Phụ lục I, mục II.1, II.2 và IV"), Places),
        (Rule(16, "Tên cơ quan ban hành: chữ in hoa, cỡ 12–13, đứng, đậm, canh giữa", "Phụ lục I, mục II.2"), Agency),
        (Rule(17, "Tên cơ quan chủ quản: chữ in hoa, cỡ 12–13, đứng, không đậm", "Phụ lục I, mục II.2"), Superior),
        (Rule(18, "Dưới tên cơ quan có đường kẻ dài 1/3–1/2 dòng chữ", "Phụ lục I, mục II.2"), reading => Line(reading, reading.Agency, "tên cơ quan", isWhole: false)),
        (Rule(19, "Số, ký hiệu viết đúng: “Số: 05/TTr-SNV”, số nhỏ hơn 10 có số 0 phía trước", "Phụ lục I, mục II.3"), Number),
        (Rule(20, "Chữ viết tắt trong ký hiệu đúng với tên loại văn bản", "Phụ lục III, mục I"), Letters),
        (Rule(21, "Số, ký hiệu: cỡ 13, đứng, canh giữa", "Phụ lục I, mục II.3"), reading => Look(reading, reading.Number, "Số, ký hiệu", "number", bold: false, justification: JustificationValues.Center)),
        (Rule(22, "Địa danh, ngày tháng năm viết đúng; số 0 trước ngày nhỏ hơn 10 và tháng 1, 2", "Phụ lục I, mục II.4"), PlaceAndDate),
        (Rule(23, "Địa danh, thời gian: cỡ 13–14, nghiêng, canh giữa", "Phụ lục I, mục II.4"), reading => Look(reading, reading.PlaceAndDate, "Địa danh, thời gian", "placeAndDate", bold: false, italic: true, JustificationValues.Center)),
        (Rule(24, "Tên loại văn bản: chữ in hoa, cỡ 13–14, đứng, đậm, canh giữa", "Phụ lục I, mục II.5"), Title),
        (Rule(25, "Trích yếu: chữ in thường, cỡ 13–14, đứng, đậm, canh giữa", "Phụ lục I, mục II.5"), Subject),
        (Rule(26, "Dưới trích yếu có đường kẻ dài 1/3–1/2 dòng chữ", "Phụ lục I, mục II.5"), reading => Line(reading, reading.Subject, "trích yếu", isWhole: false)),
        (Rule(44, "Cỡ chữ tăng, giảm thống nhất: tiêu ngữ lớn hơn quốc hiệu 1, địa danh bằng tiêu ngữ", "Phụ lục I, mục V"), Steps),
        (Rule(45, "Phụ lục, văn bản kèm theo có dòng chỉ dẫn: chữ in thường, cỡ 13–14, nghiêng, canh giữa", "Phụ lục I, mục III.1"), Attached),
    ];

    private static IEnumerable<(string, string)> Country(LayoutReading reading)
    {
        if (reading.Country is not { } country)
        {
            return Required(null, !reading.IsAnnex, "Quốc hiệu");
        }

        var look = Look(reading, country, "Quốc hiệu", "country", bold: true);
        return country.Printed.Trim() == PaperLayout.CountryName ? look : look.Append((Place(country), $"Quốc hiệu phải là “{PaperLayout.CountryName}”."));
    }

    private static IEnumerable<(string, string)> Motto(LayoutReading reading)
    {
        if (reading.Motto is not { } motto)
        {
            return Required(null, !reading.IsAnnex, "Tiêu ngữ");
        }

        var look = Look(reading, motto, "Tiêu ngữ", "motto", bold: true, justification: JustificationValues.Center);
        return motto.Printed.Trim() == PaperLayout.MottoText ? look : look.Append((Place(motto), $"Tiêu ngữ phải là “{PaperLayout.MottoText}”."));
    }

    private static IEnumerable<(string, string)> Places(LayoutReading reading)
    {
        if (reading.Country is not { } country)
        {
            yield break;
        }

        var isFirst = reading.HeadTable is { } table && table.ElementsBefore().All(before => before is Paragraph && before.InnerText.Length == 0);
        if (!isFirst || country.Element.Ancestors<TableCell>().First() is var cell && cell.NextSibling<TableCell>() is not null || cell.PreviousSibling<TableCell>() is null)
        {
            yield return (Place(country), "Quốc hiệu và Tiêu ngữ phải ở phía trên cùng, bên phải trang đầu, cùng hàng với tên cơ quan.");
        }
    }

    private static IEnumerable<(string, string)> Agency(LayoutReading reading)
    {
        foreach (var missing in Required(reading.Agency, !reading.IsAnnex, "tên cơ quan, tổ chức ban hành văn bản"))
        {
            yield return missing;
        }

        foreach (var wrong in Look(reading, reading.Agency, "Tên cơ quan ban hành", "agency", bold: true, justification: JustificationValues.Center).Concat(Capitals(reading.Agency, "Tên cơ quan ban hành")))
        {
            yield return wrong;
        }
    }

    private static IEnumerable<(string, string)> Superior(LayoutReading reading) => reading.Superiors.SelectMany(superior =>
        Look(reading, superior, "Tên cơ quan chủ quản", "agency", bold: false, justification: JustificationValues.Center).Concat(Capitals(superior, "Tên cơ quan chủ quản")));

    private static IEnumerable<(string, string)> Number(LayoutReading reading)
    {
        if (reading.Number is not { } number)
        {
            return Required(null, !reading.IsAnnex && reading.Type is not null, "số, ký hiệu văn bản");
        }

        return NumberText().Match(number.Text.Trim()) is { Success: true } match && DocumentNumber.TypeLettersIn(match.Groups[1].Value) is not null
            ? [] : [(Place(number), "Số, ký hiệu phải viết như “Số: 05/TTr-SNV”.")];
    }

    private static IEnumerable<(string, string)> Letters(LayoutReading reading)
    {
        if (reading.Number is { } number && reading.Type is { } type && NumberText().Match(number.Text.Trim()) is { Success: true } match
            && DocumentNumber.TypeLettersIn(match.Groups[1].Value) is { } letters && letters != reading.Standard.Letters[type])
        {
            yield return (Place(number), $"{type} có chữ viết tắt {reading.Standard.Letters[type]}, không phải {letters}.");
        }
    }

    private static IEnumerable<(string, string)> PlaceAndDate(LayoutReading reading)
    {
        if (reading.PlaceAndDate is not { } line)
        {
            return Required(null, !reading.IsAnnex && reading.Type is { } type && !reading.Standard.WithoutPlaceAndDate.Contains(type), "địa danh và thời gian ban hành văn bản");
        }

        return DateLine.IsWritten(line.Text.Trim()) ? [] : [(Place(line), "Địa danh, thời gian phải viết như “Đồng Nai, ngày 05 tháng 01 năm 2026”, “Đồng Nai, ngày 29 tháng 6 năm 2026”.")];
    }

    private static IEnumerable<(string, string)> Title(LayoutReading reading)
    {
        foreach (var missing in Required(reading.Title, isRequired: true, "tên loại văn bản"))
        {
            yield return missing;
        }

        foreach (var wrong in Look(reading, reading.Title, "Tên loại văn bản", "title", bold: true, justification: JustificationValues.Center).Concat(Capitals(reading.Title, "Tên loại văn bản")))
        {
            yield return wrong;
        }
    }

    private static IEnumerable<(string, string)> Subject(LayoutReading reading)
    {
        foreach (var missing in Required(reading.Subject, !reading.IsAnnex, "trích yếu nội dung văn bản"))
        {
            yield return missing;
        }

        foreach (var wrong in Look(reading, reading.Subject, "Trích yếu", "subject", bold: true, justification: JustificationValues.Center))
        {
            yield return wrong;
        }

        if (reading.Subject is { } subject && LayoutReading.IsCapitals(subject.Printed))
        {
            yield return (Place(subject), "Trích yếu phải là chữ in thường.");
        }
    }

    private static IEnumerable<(string, string)> Steps(LayoutReading reading)
    {
        var (country, motto, place) = (Size(reading.Country), Size(reading.Motto), Size(reading.PlaceAndDate));
        if (country is not null && motto is not null && (motto != country + 2 || (place is not null && place != motto)))
        {
            yield return ("phần đầu", $"Quốc hiệu cỡ {country / 2m:0.#}, tiêu ngữ cỡ {motto / 2m:0.#}, địa danh cỡ {(place ?? motto) / 2m:0.#}: phải là 12, 13, 13 hoặc 13, 14, 14.");
        }
    }

    private static IEnumerable<(string, string)> Attached(LayoutReading reading) =>
        reading.IsAnnex && reading.AttachedTo is null
            ? [("phụ lục", "Thiếu dòng “(Kèm theo … số … ngày … tháng … năm … của …)”.")]
            : Look(reading, reading.AttachedTo, "Dòng chỉ dẫn kèm theo văn bản", "subject", bold: false, italic: true, JustificationValues.Center);

    private static int? Size(LayoutParagraph? paragraph) => paragraph?.Letters.Select(letters => (int?)letters.Size).FirstOrDefault();

    private static IEnumerable<(string, string)> Capitals(LayoutParagraph? paragraph, string name)
    {
        if (paragraph is not null && !LayoutReading.IsCapitals(paragraph.Printed))
        {
            yield return (Place(paragraph), $"{name} phải là chữ in hoa.");
        }
    }

    [GeneratedRegex(@"^Số: ?(.*)$", RegexOptions.Singleline)]
    private static partial Regex NumberText();
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ThiDua.ServiceDefaults;

/// <summary>Trích dẫn: an instrument that a text of a legal basis (căn cứ) names, with the provision and the words it quotes.</summary>
/// <param name="Number">Số, ký hiệu as it is written: 152/2025/NĐ-CP.</param>
/// <param name="Provision">Điều, khoản, điểm in one form: “Điều 4 khoản 6”.</param>
/// <param name="Quote">The words between “ and ”.</param>
/// <param name="IssuedOn">Ngày ban hành as it is written beside the number: numbers without a year come again every year.</param>
public sealed record Citation(string Number, string? Provision, string? Quote, DateOnly? IssuedOn);

/// <summary>Văn bản in the register, as far as a citation is checked against it.</summary>
/// <param name="Number">Số, ký hiệu; of an instrument without one its name.</param>
/// <param name="DatesVerified">Whether the days in force were read; otherwise every verdict that rests on them says so.</param>
/// <param name="ReplacedBy">Numbers of what replaced it, for people.</param>
public sealed record CitableInstrument(
    string Code, string Number, DateOnly? IssuedOn, DateOnly InForceFrom, DateOnly? InForceTo, bool DatesVerified, IReadOnlyList<string> ReplacedBy, IReadOnlyList<CitableFragment> Fragments);

/// <summary>A stored fragment of an instrument's text.</summary>
/// <param name="Doubt">Why the fragment is not verified, in Vietnamese; null when it was read in full.</param>
public sealed record CitableFragment(string Provision, string Text, string? Doubt);

/// <summary>Whether what a citation says stands in the register.</summary>
public enum CitationStatus
{
    /// <summary>Đã kiểm chứng: the instrument is in force and the words, or the provision, stand in its stored text.</summary>
    Verified,

    /// <summary>Chưa kiểm chứng.</summary>
    Unverified,

    /// <summary>Không có hiệu lực: not in force on the day in question.</summary>
    Expired,
}

/// <summary>A citation and what became of its check.</summary>
/// <param name="Text">The basis that holds it, whole.</param>
/// <param name="Instrument">Code in the register; null when it is not there.</param>
/// <param name="Reason">Vietnamese.</param>
public sealed record CheckedCitation(string Text, string? Number, string? Provision, string? Quote, string? Instrument, CitationStatus Status, string Reason);

/// <summary>Finds the instruments that a text cites, and checks them against the register. Knows neither clock nor database.</summary>
public static partial class Citations
{
    private const int LongestBasis = 4000;

    // A shorter name would be found in texts that do not mean it.
    private const int ShortestName = 12;

    /// <param name="basis">Text for people: “khoản 6 Điều 4 Nghị định số 152/2025/NĐ-CP: “…”; Hướng dẫn số 923/SNV-TĐKT”.</param>
    /// <param name="names">Names of instruments of the register that have no number.</param>
    public static IReadOnlyList<Citation> Find(string basis, IEnumerable<string> names)
    {
        var text = Normalize(basis.Length > LongestBasis ? basis[..LongestBasis] : basis);
        var quotes = Quoted().Matches(text);
        var masked = quotes.Aggregate(new StringBuilder(text), (mask, quote) => mask.Replace(quote.Value, new string(' ', quote.Length), quote.Index, quote.Length)).ToString();
        var named = Numbers().Matches(masked).Select(match => (match.Index, match.Value))
            .Concat(names.Select(Normalize).SelectMany(name => Occurrences(masked, name).Select(index => (Index: index, Value: name))))
            .OrderBy(found => found.Index)
            .ToList();

        var citations = new List<Citation>();
        for (var index = 0; index < named.Count; index++)
        {
            var (at, number) = named[index];
            var begin = index == 0 ? 0 : named[index - 1].Index + named[index - 1].Value.Length;
            begin = Math.Max(begin, masked.LastIndexOf(';', at) + 1);
            var end = index + 1 < named.Count ? named[index + 1].Index : masked.Length;
            end = masked.IndexOf(';', at, end - at) is var stop and >= 0 ? stop : end;
            var (before, after) = (masked[begin..at], masked[(at + number.Length)..end]);
            var quote = quotes.FirstOrDefault(quote => quote.Index > at && quote.Index < end) ?? quotes.LastOrDefault(quote => quote.Index >= begin && quote.Index < at);
            citations.Add(new Citation(number, ProvisionIn(before) ?? ProvisionIn(after), quote?.Groups[1].Value.Trim(), DateIn(after)));
        }

        return [.. citations.Distinct()];
    }

    /// <summary>Every citation of the text, checked; a text that cites nothing is one that cannot be verified.</summary>
    /// <param name="basis">The text.</param>
    /// <param name="register">By number (<see cref="ByNumber"/>).</param>
    /// <param name="on">The day on which the instrument must be in force.</param>
    public static IReadOnlyList<CheckedCitation> Check(string basis, ILookup<string, CitableInstrument> register, DateOnly on)
    {
        var found = Find(basis, NamesIn(register));
        return found.Count == 0
            ? [Uncited(basis)]
            : [.. found.Select(citation => Check(basis, citation, register, on))];
    }

    /// <summary>A basis that names no instrument.</summary>
    public static CheckedCitation Uncited(string basis) => new(basis, null, null, null, null, CitationStatus.Unverified, "Căn cứ không nêu số, ký hiệu của văn bản nào.");

    public static CheckedCitation Check(string basis, Citation citation, ILookup<string, CitableInstrument> register, DateOnly on)
    {
        var sameNumber = register[citation.Number].ToList();
        var meant = sameNumber.FindAll(instrument => IsOfDay(instrument.IssuedOn, citation.IssuedOn));
        var instrument = meant.Count == 1 ? meant[0] : null;
        var (status, reason) = (instrument, sameNumber.Count) switch
        {
            (not null, _) => Judge(citation, instrument, on),
            (_, 0) => (CitationStatus.Unverified, $"Sổ văn bản không có {citation.Number}."),
            _ when meant.Count == 0 => (CitationStatus.Unverified, $"Sổ văn bản không có {citation.Number} ban hành ngày {citation.IssuedOn:dd/MM/yyyy}."),
            _ => (CitationStatus.Unverified, $"Sổ văn bản có {meant.Count} văn bản số {citation.Number}; căn cứ cần nêu ngày ban hành."),
        };
        return new CheckedCitation(basis, citation.Number, citation.Provision, citation.Quote, instrument?.Code, status, reason);
    }

    /// <summary>Whether a citation with this date, or none, can mean an instrument of that date.</summary>
    public static bool IsOfDay(DateOnly? issued, DateOnly? cited) => issued is null || cited is null || issued == cited;

    /// <summary>The register as it is looked up: by number, in the form in which numbers are found.</summary>
    public static ILookup<string, CitableInstrument> ByNumber(IEnumerable<CitableInstrument> instruments) =>
        instruments.ToLookup(instrument => Normalize(instrument.Number), StringComparer.Ordinal);

    /// <summary>Instruments whose number is no number but a name.</summary>
    public static IEnumerable<string> NamesIn(ILookup<string, CitableInstrument> register) =>
        register.Select(instruments => instruments.Key).Where(number => number.Length >= ShortestName && !Numbers().IsMatch(number));

    /// <summary>“khoản 6 Điều 4”, “điều 4, khoản 6” and “Điều 4 khoản 6” are one provision.</summary>
    public static string? ProvisionIn(string text)
    {
        foreach (var match in new[] { ClauseFirst().Match(text), ArticleFirst().Match(text) }.Where(match => match.Success).OrderByDescending(match => match.Length))
        {
            var (article, clause, point) = (match.Groups["article"].Value, match.Groups["clause"].Value, match.Groups["point"].Value);
            return $"Điều {article}{(clause.Length > 0 ? $" khoản {clause}" : "")}{(point.Length > 0 ? $" điểm {point}" : "")}";
        }

        return null;
    }

    /// <summary>NFC, one kind of hyphen, and Đ where an eth stands that looks like it.</summary>
    public static string Normalize(string text) => Dashes().Replace(VietnameseText.Normalize(text).Replace('Ð', 'Đ'), "-");

    private static (CitationStatus Status, string Reason) Judge(Citation citation, CitableInstrument instrument, DateOnly on)
    {
        var doubt = instrument.DatesVerified ? "" : " Ngày hiệu lực của văn bản chưa kiểm chứng.";
        if (on < instrument.InForceFrom)
        {
            return (CitationStatus.Expired, $"{instrument.Number} chưa có hiệu lực vào ngày {on:dd/MM/yyyy} (có hiệu lực từ {instrument.InForceFrom:dd/MM/yyyy}).{doubt}");
        }

        if (on > instrument.InForceTo)
        {
            var by = instrument.ReplacedBy.Count == 0 ? "" : $"; được thay bằng {string.Join(", ", instrument.ReplacedBy)}";
            return (CitationStatus.Expired, $"{instrument.Number} không còn hiệu lực vào ngày {on:dd/MM/yyyy} (hết hiệu lực sau {instrument.InForceTo:dd/MM/yyyy}{by}).{doubt}");
        }

        if (citation is { Quote: null, Provision: null })
        {
            return (CitationStatus.Unverified, "Trích dẫn không nêu điều khoản và không có lời trích để đối chiếu.");
        }

        var within = instrument.Fragments.Where(fragment => citation.Provision is null || IsWithin(fragment.Provision, citation.Provision)).ToList();
        if (within.Count == 0)
        {
            return (CitationStatus.Unverified, $"Sổ văn bản chưa lưu nội dung {citation.Provision ?? "nào"} của {instrument.Number}.");
        }

        var holding = citation.Quote is { } quote ? within.FindAll(fragment => Holds(fragment.Text, quote)) : within;
        return holding switch
        {
            [] => (CitationStatus.Unverified, $"Không tìm thấy lời trích trong nội dung đã lưu của {instrument.Number}."),
            _ when holding.Find(fragment => fragment.Doubt is null) is { } read => (CitationStatus.Verified, $"Có trong nội dung đã lưu của {instrument.Number}{(read.Provision.Length > 0 ? $", {read.Provision}" : "")}.{doubt}"),
            _ => (CitationStatus.Unverified, holding[0].Doubt!),
        };
    }

    private static DateOnly? DateIn(string text) =>
        Dates().Match(text) is { Success: true } date
        && DateOnly.TryParseExact($"{date.Groups[1].Value}/{date.Groups[2].Value}/{date.Groups[3].Value}", "d/M/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    // A citation of an article is met by its clauses; one of a clause is not met by another.
    private static bool IsWithin(string fragment, string cited) => fragment == cited || fragment.StartsWith(cited + " ", StringComparison.Ordinal);

    /// <summary>Whether the words stand in the text, white space aside; “…” stands for words left out.</summary>
    private static bool Holds(string text, string quote)
    {
        var (whole, from) = (Squeeze(text), 0);
        foreach (var part in Ellipsis().Split(Squeeze(quote)).Where(part => part.Length > 0))
        {
            var at = whole.IndexOf(part, from, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            from = at + part.Length;
        }

        return from > 0;
    }

    private static string Squeeze(string text) => string.Concat(Normalize(text).Where(character => !char.IsWhiteSpace(character)));

    private static IEnumerable<int> Occurrences(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            yield return at;
        }
    }

    // 923/SNV-TĐKT, 152/2025/NĐ-CP, 06/2022/QH15; not 21/6/2023.
    [GeneratedRegex(@"(?<![\p{L}\p{N}/])\d{1,6}(?:/\d{4})?/\p{Lu}[\p{Lu}\d]*(?:-\p{Lu}[\p{Lu}\d]*)*(?![\p{L}\p{N}])")]
    private static partial Regex Numbers();

    [GeneratedRegex("“([^”]+)”")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:điểm\s+(?<point>\p{Ll})\b\s*,?\s*)?(?:khoản\s+(?<clause>\d+)\s*,?\s*)?điều\s+(?<article>\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex ClauseFirst();

    [GeneratedRegex(@"điều\s+(?<article>\d+)(?:\s*,?\s*khoản\s+(?<clause>\d+))?(?:\s*,?\s*điểm\s+(?<point>\p{Ll})\b)?", RegexOptions.IgnoreCase)]
    private static partial Regex ArticleFirst();

    [GeneratedRegex(@"^[^\p{L}]*ngày\s+(\d{1,2})(?:\s*/\s*|\s+tháng\s+)(\d{1,2})(?:\s*/\s*|\s+năm\s+)(\d{4})")]
    private static partial Regex Dates();

    [GeneratedRegex("[\u2010-\u2014\u2212]")]
    private static partial Regex Dashes();

    [GeneratedRegex(@"…|\.\.\.")]
    private static partial Regex Ellipsis();
}

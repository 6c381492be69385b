namespace ThiDua.Documents.Domain;

/// <summary>Phần của số hiệu văn bản.</summary>
public enum ReferenceField
{
    /// <summary>Số, ký hiệu.</summary>
    Number,

    /// <summary>Ngày ban hành.</summary>
    Date,

    /// <summary>Cơ quan ban hành.</summary>
    Issuer,
}

/// <summary>Nguồn của một đề xuất: who says so.</summary>
public enum ReferenceSource
{
    /// <summary>The unit itself.</summary>
    Declared,

    /// <summary>The file's name.</summary>
    FileName,

    /// <summary>The file's text.</summary>
    Text,
}

/// <summary>Ngày văn bản có trong năm thi đua không.</summary>
public enum InSeason
{
    /// <summary>The season's days, or the paper's, are not known here.</summary>
    Unknown,

    /// <summary>The paper was issued within the season.</summary>
    Yes,

    /// <summary>It was issued before or after.</summary>
    No,
}

/// <summary>Đề xuất số, ngày, cơ quan ban hành with where it comes from.</summary>
public sealed record ReferenceProposal(ReferenceField Field, string Value, ReferenceSource Source);

/// <summary>Cảnh báo về minh chứng: never more than a hint.</summary>
public sealed record EvidenceWarning(string Code, string Message);

/// <summary>Các ngày của năm thi đua.</summary>
public sealed record SeasonDays(DateOnly First, DateOnly Last)
{
    public bool Contains(DateOnly day) => day >= First && day <= Last;
}

/// <summary>Lý lịch minh chứng: what is said of a paper and by whom, and what in it deserves a second look. It warns and never blocks.</summary>
/// <param name="Proposals">Number, day and issuer, each with its source; the unit's own word first.</param>
/// <param name="InSeason">Of the best known day.</param>
/// <param name="Warnings">What a reader should look at.</param>
public sealed record EvidencePassport(IReadOnlyList<ReferenceProposal> Proposals, InSeason InSeason, IReadOnlyList<EvidenceWarning> Warnings)
{
    public static EvidencePassport Of(Evidence evidence, SeasonDays? season, bool isReused)
    {
        var (declared, named, text) = (evidence.Declared, PaperReferenceReader.InFileName(evidence.FileName), evidence.InText);
        List<ReferenceProposal> proposals = [.. Propose(declared, ReferenceSource.Declared), .. Propose(named, ReferenceSource.FileName), .. Propose(text, ReferenceSource.Text)];
        var warnings = new List<EvidenceWarning>();
        if (!proposals.Exists(proposal => proposal.Field == ReferenceField.Number))
        {
            warnings.Add(new("NO_NUMBER", "Chưa biết số, ký hiệu văn bản."));
        }

        if (proposals.Where(proposal => proposal.Field == ReferenceField.Number).Select(proposal => proposal.Value.ToUpperInvariant()).Distinct().Skip(1).Any())
        {
            warnings.Add(new("NUMBERS_DIFFER", "Số, ký hiệu khai, trong tên tệp và trong nội dung không giống nhau."));
        }

        var day = declared.Date ?? text.Date ?? named.Date;
        if (day is null)
        {
            warnings.Add(new("NO_DATE", "Chưa biết ngày ban hành văn bản."));
        }

        var inSeason = day is null || season is null ? InSeason.Unknown : season.Contains(day.Value) ? InSeason.Yes : InSeason.No;
        if (inSeason == InSeason.No)
        {
            warnings.Add(new("DATE_OUTSIDE_SEASON", $"Văn bản ngày {day:dd/MM/yyyy} nằm ngoài năm thi đua."));
        }

        if (isReused)
        {
            warnings.Add(new("REUSED", "Tệp này còn được dùng ở chỗ khác."));
        }

        return new EvidencePassport(proposals, inSeason, warnings);
    }

    private static IEnumerable<ReferenceProposal> Propose(PaperReference paper, ReferenceSource source)
    {
        if (paper.Number is { } number)
        {
            yield return new(ReferenceField.Number, number, source);
        }

        if (paper.Date is { } date)
        {
            yield return new(ReferenceField.Date, date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), source);
        }

        if (paper.Issuer is { } issuer)
        {
            yield return new(ReferenceField.Issuer, issuer, source);
        }
    }
}

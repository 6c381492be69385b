using System.Text.Json.Serialization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Văn bản: a law, decree, circular, decision or guidance of the register (I13), with the days on which it is in force, what took its
/// place, what it says of dossiers under way, and the fragments of its text that somebody has read.
/// </summary>
public sealed class LegalInstrument
{
    public required string Code { get; init; }

    /// <summary>Số, ký hiệu: 152/2025/NĐ-CP; of an instrument without one its name.</summary>
    public required string Number { get; set; }

    public required string Title { get; set; }
    public required InstrumentKind Kind { get; set; }
    public required string Issuer { get; set; }

    /// <summary>Null is unknown.</summary>
    public DateOnly? IssuedOn { get; set; }

    /// <summary>First day in force; the first that is possible when only the year is known, which <see cref="DatesNote"/> says.</summary>
    public required DateOnly InForceFrom { get; set; }

    /// <summary>Last day in force; null as long as no end is known.</summary>
    public DateOnly? InForceTo { get; set; }

    /// <summary>A last day that some source states and nobody has verified: it ends nothing, and is shown with its doubt.</summary>
    public DateOnly? ClaimedInForceTo { get; set; }

    public required bool DatesVerified { get; set; }

    /// <summary>Vietnamese: what is not certain about the days.</summary>
    public string? DatesNote { get; set; }

    /// <summary>Dòng văn bản: instruments of one line follow each other, and a dossier is decided under one of each line.</summary>
    public string? Family { get; set; }

    /// <summary>Codes of what took its place.</summary>
    public IReadOnlyList<string> ReplacedBy { get; set; } = [];

    /// <summary>Codes of what it changes in part; an amending instrument stands beside the amended one, not in its place.</summary>
    public IReadOnlyList<string> Amends { get; set; } = [];

    public IReadOnlyList<TransitionRule> Transitions { get; set; } = [];
    public IReadOnlyList<InstrumentFragment> Fragments { get; set; } = [];
    public required InstrumentSource Source { get; set; }
    public required int Version { get; set; }

    [JsonIgnore]
    public uint RowVersion { get; private set; }

    public bool IsInForceOn(DateOnly day) => InForceFrom <= day && (InForceTo is null || day <= InForceTo);

    /// <summary>Refuses what would make the register answer a question in two ways, or in none.</summary>
    /// <param name="others">All other instruments.</param>
    /// <exception cref="RuleViolationException">Everything that is wrong, at once.</exception>
    public void RequireFits(IReadOnlyCollection<LegalInstrument> others)
    {
        List<Violation> errors = [];
        if (InForceTo < InForceFrom)
        {
            errors.Add(new Violation("CLOSES_BEFORE_OPENS", "/in_force_to", $"Ngày hết hiệu lực {InForceTo:dd/MM/yyyy} trước ngày có hiệu lực {InForceFrom:dd/MM/yyyy}."));
        }

        if (others.FirstOrDefault(other => other.Number == Number && other.IssuedOn == IssuedOn) is { } same)
        {
            errors.Add(new Violation("DUPLICATE_CODE", "/number", $"Sổ đã có {Number}{(IssuedOn is { } day ? $" ngày {day:dd/MM/yyyy}" : "")} với mã {same.Code}."));
        }

        if (Overlapping(others) is { } overlapping)
        {
            errors.Add(new Violation("PERIODS_OVERLAP", "/in_force_from", $"Trong dòng văn bản {Family}, {overlapping.Number} có hiệu lực từ {overlapping.InForceFrom:dd/MM/yyyy}{(overlapping.InForceTo is { } to ? $" đến {to:dd/MM/yyyy}" : "")}: một ngày chỉ có một văn bản."));
        }

        var codes = others.Select(other => other.Code).ToHashSet(StringComparer.Ordinal);
        errors.AddRange(Unknown(ReplacedBy, "/replaced_by").Concat(Unknown(Amends, "/amends")));
        errors.AddRange(Fragments.SelectMany((fragment, index) => fragment.Problems($"/fragments/{index}")));
        errors.AddRange(Transitions.SelectMany((transition, index) => transition.Problems($"/transitions/{index}")));
        RuleViolationException.ThrowIfAny(errors);

        IEnumerable<Violation> Unknown(IReadOnlyList<string> named, string path) => named.Select((code, index) => (code, index)).Where(item => !codes.Contains(item.code))
            .Select(item => new Violation("UNKNOWN_INSTRUMENT", $"{path}/{item.index}", $"Sổ không có văn bản {item.code} nào khác."));
    }

    /// <summary>Another instrument of the line that is in force on one of its days; amending ones stand beside, so they do not count.</summary>
    private LegalInstrument? Overlapping(IEnumerable<LegalInstrument> others) => Family is null || Amends.Count > 0
        ? null
        : others.FirstOrDefault(other => other.Family == Family && other.Amends.Count == 0
            && other.InForceFrom <= (InForceTo ?? DateOnly.MaxValue) && InForceFrom <= (other.InForceTo ?? DateOnly.MaxValue));
}

/// <summary>Loại văn bản: luật, nghị định, thông tư, quyết định, hướng dẫn, công văn.</summary>
public enum InstrumentKind
{
    Law,
    Decree,
    Circular,
    Decision,
    Guidance,
    Letter,
}

/// <summary>Quy định chuyển tiếp: which dossiers an instrument leaves under the one before it.</summary>
/// <param name="Kind">What it keeps.</param>
/// <param name="Before">Dossiers received before this day.</param>
/// <param name="MoreFavourableException">Whether the new instrument applies to them all the same where it is more favourable.</param>
/// <param name="Words">The rule's own words, or what is known of them.</param>
/// <param name="Verified">Whether the words were read in the instrument itself.</param>
public sealed record TransitionRule(TransitionKind Kind, DateOnly Before, bool MoreFavourableException, string Words, bool Verified, InstrumentSource Source)
{
    internal IEnumerable<Violation> Problems(string path)
    {
        if (Verified && Source.Reading != Reading.Full)
        {
            yield return new Violation("UNREAD_TEXT", $"{path}/verified", "Chỉ lời văn đã đọc toàn văn mới được ghi là đã kiểm chứng.");
        }
    }
}

/// <summary>Loại quy định chuyển tiếp: what it keeps.</summary>
public enum TransitionKind
{
    /// <summary>Dossiers received before a day stay under the old instrument.</summary>
    KeepOldForReceivedBefore,
}

/// <summary>Nội dung đã lưu: words of an instrument, as somebody read them.</summary>
/// <param name="Provision">Điều, khoản, điểm: “Điều 4 khoản 6”; empty when it is not known.</param>
/// <param name="Text">The words; “…” stands for words left out.</param>
/// <param name="Verified">Read in full, in the instrument or a faithful copy of it.</param>
/// <param name="Source">Where from.</param>
/// <param name="Reason">Why it is not verified, in Vietnamese; null when it is.</param>
public sealed record InstrumentFragment(string Provision, string Text, bool Verified, InstrumentSource Source, string? Reason = null)
{
    internal IEnumerable<Violation> Problems(string path)
    {
        if (Verified && Source.Reading != Reading.Full)
        {
            yield return new Violation("UNREAD_TEXT", $"{path}/verified", "Chỉ lời văn đã đọc toàn văn mới được ghi là đã kiểm chứng.");
        }

        if (!Verified && string.IsNullOrEmpty(Reason))
        {
            yield return new Violation("MISSING_REASON", $"{path}/reason", "Nội dung chưa kiểm chứng phải nêu vì sao.");
        }
    }
}

/// <summary>Nguồn: where a text or a date comes from, and how much of it was read.</summary>
/// <param name="Tag">SRC-08, SEED, or what the agency writes of its own copy.</param>
/// <param name="Reading">How much was read.</param>
/// <param name="Address">Where it can be looked up.</param>
public sealed record InstrumentSource(string Tag, Reading Reading, string? Address = null);

/// <summary>Mức độ đã đọc: toàn văn, một phần, tiêu đề, hay chỉ qua người khác dẫn lại.</summary>
public enum Reading
{
    Full,
    Partial,
    Title,
    SecondHand,
}

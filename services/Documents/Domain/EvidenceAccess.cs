using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Who may see a unit's evidence and who may change it: as for the sheet it belongs to. What is not known is refused.</summary>
/// <param name="Unit">The unit whose evidence it is.</param>
/// <param name="Clusters">The clusters of the season that it is a member of: one, or for a moment none or two while facts arrive.</param>
/// <param name="Sheet">Its sheet; null before its first submission.</param>
/// <param name="Season">The season; null while unknown.</param>
/// <param name="Released">The result of its cluster stands decided.</param>
public sealed record EvidenceAccess(string Unit, IReadOnlyList<KnownCluster> Clusters, KnownSheet? Sheet, KnownSeason? Season, bool Released)
{
    /// <summary>
    /// Its own unit always; the standing agency and auditors always; the heads of the leader and the deputy of its cluster once the sheet
    /// was submitted; the other members and the council once the result is decided; nobody else (B).
    /// </summary>
    public bool MayBeSeenBy(EvidenceReader reader) =>
        reader.BelongsTo(Unit)
        || reader.StandingAgency
        || reader.Auditor
        || (Sheet is not null && reader.Head && Clusters.Any(cluster => reader.BelongsTo(cluster.Leader) || reader.BelongsTo(cluster.Deputy)))
        || (Released && (reader.Council || Clusters.Any(cluster => cluster.Members.Any(reader.BelongsTo))));

    /// <summary>What a unit took back is its own matter, and the auditor's.</summary>
    public bool WithdrawnMayBeSeenBy(EvidenceReader reader) => reader.BelongsTo(Unit) || reader.Auditor;

    /// <summary>Refuses to add or withdraw evidence unless the sheet lies with its unit.</summary>
    /// <exception cref="NotKnownYetException">No cluster of the season is known to have the unit.</exception>
    /// <exception cref="RuleViolationException"><c>season-closed</c>, <c>sheet-submitted</c>.</exception>
    public void RequireChangeable()
    {
        if (Clusters.Count == 0)
        {
            throw new NotKnownYetException($"Chưa biết cụm, khối thi đua của đơn vị {Unit} trong năm thi đua này.");
        }

        if (Season is { Closed: true })
        {
            throw new RuleViolationException("season-closed", "Năm thi đua này đã kết thúc.");
        }

        if (Sheet is { Returned: false })
        {
            throw new RuleViolationException("sheet-submitted", "Bảng chấm điểm đã gửi; chỉ thay đổi được minh chứng khi bảng được trả lại.");
        }
    }
}

/// <summary>Who asks for evidence, as far as it matters here.</summary>
/// <param name="Unit">Code of the caller's unit; null for agencies.</param>
/// <param name="StandingAgency">Cơ quan thường trực: appraises or decides.</param>
/// <param name="Auditor">Kiểm tra, giám sát.</param>
/// <param name="Head">Thủ trưởng of the unit: who reviews when it leads its cluster or is its deputy.</param>
/// <param name="Council">Hội đồng.</param>
public sealed record EvidenceReader(string? Unit, bool StandingAgency, bool Auditor, bool Head, bool Council)
{
    /// <summary>A caller without a unit belongs to none.</summary>
    public bool BelongsTo(string unit) => Unit is not null && Unit == unit;
}

using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>What a unit says that a paper is.</summary>
/// <param name="Number">Số, ký hiệu.</param>
/// <param name="Date">Ngày ban hành.</param>
/// <param name="Issuer">Cơ quan ban hành.</param>
public sealed record PaperReferenceBody(string? Number, DateOnly? Date, string? Issuer)
{
    internal const int LongestNumber = 100;
    internal const int LongestIssuer = 300;

    internal PaperReference Read()
    {
        var errors = new List<Violation>();
        if (Number?.Length > LongestNumber)
        {
            errors.Add(new Violation("TOO_LONG", "/number", $"Tối đa {LongestNumber} ký tự."));
        }

        if (Issuer?.Length > LongestIssuer)
        {
            errors.Add(new Violation("TOO_LONG", "/issuer", $"Tối đa {LongestIssuer} ký tự."));
        }

        RuleViolationException.ThrowIfAny(errors);
        return new PaperReference(Number is { Length: > 0 } ? Number : null, Date, Issuer is { Length: > 0 } ? Issuer : null);
    }
}

/// <summary>A piece of evidence without its content, which lies at the address <c>content</c>.</summary>
/// <param name="Scan">What the malware scanner said; NOT_SCANNED: there was none.</param>
/// <param name="ScanFault">Why it still waits.</param>
/// <param name="Malware">What was found in it.</param>
/// <param name="Proposals">Number, day and issuer of the paper, each with who says so.</param>
/// <param name="InSeason">Whether the paper's day lies in the season.</param>
/// <param name="Warnings">What deserves a second look; nothing of it blocks.</param>
/// <param name="ReusedIn">Where the same file is used too, as far as the reader may know.</param>
/// <param name="RetainUntil">Last day on which it is kept; absent: for ever, or not known.</param>
/// <param name="Content">Address of the content.</param>
public sealed record DocumentView(
    Guid Id,
    string Season,
    string Unit,
    string Criterion,
    string FileName,
    string ContentType,
    long Size,
    string Sha256,
    string? Number,
    DateOnly? Date,
    string? Issuer,
    EvidenceState State,
    string StoredBy,
    DateTimeOffset StoredAt,
    DateTimeOffset? WithdrawnAt,
    string? WithdrawnBecause,
    ScanState Scan,
    DateTimeOffset? ScannedAt,
    string? ScanFault,
    string? Malware,
    IReadOnlyList<ReferenceProposal> Proposals,
    InSeason InSeason,
    IReadOnlyList<EvidenceWarning> Warnings,
    IReadOnlyList<ReusedPlace> ReusedIn,
    DateOnly? RetainUntil,
    DateTimeOffset? ContentDeletedAt,
    string Content);

/// <summary>Another line for which the same file was handed in.</summary>
public sealed record ReusedPlace(Guid Id, string Season, string Unit, string Criterion);

/// <summary>Shows evidence together with what follows from other rows, never more of them than the reader may see.</summary>
public sealed class DocumentViews(DocumentsDbContext db)
{
    private const int MostPlaces = 50;

    internal async Task<DocumentView> OfAsync(Evidence evidence, EvidenceReader reader, CancellationToken ct) => (await OfAsync([evidence], reader, ct))[0];

    internal async Task<List<DocumentView>> OfAsync(IReadOnlyList<Evidence> evidence, EvidenceReader reader, CancellationToken ct)
    {
        if (evidence.Count == 0)
        {
            return [];
        }

        var reused = await ReusedAsync(evidence, reader, ct);
        var codes = evidence.Select(one => one.Season).Distinct().ToList();
        var seasons = await db.Seasons.AsNoTracking().Where(season => codes.Contains(season.Code)).ToDictionaryAsync(season => season.Code, season => season.Days, ct);
        var periods = await db.RetentionPeriods.AsNoTracking().ToListAsync(ct);
        return [.. evidence.Select(one => View(one, seasons.GetValueOrDefault(one.Season), periods, [.. reused[one.Sha256].Where(place => place.Id != one.Id)]))];
    }

    private async Task<ILookup<string, ReusedPlace>> ReusedAsync(IReadOnlyList<Evidence> evidence, EvidenceReader reader, CancellationToken ct)
    {
        var hashes = evidence.Select(one => one.Sha256).Distinct().ToList();
        var rows = db.Evidence.AsNoTracking().Where(e => hashes.Contains(e.Sha256) && (e.State == EvidenceState.Stored || e.State == EvidenceState.Quarantined));
        if (reader is { StandingAgency: false, Auditor: false, Council: false })
        {
            // Only of members of the own clusters can a unit ever see evidence; whether it may now is asked below.
            var neighbours = (await db.Clusters.AsNoTracking().Where(cluster => cluster.Members.Contains(reader.Unit!)).Select(cluster => cluster.Members).ToListAsync(ct)).SelectMany(units => units).Append(reader.Unit!).Distinct().ToList();
            rows = rows.Where(e => neighbours.Contains(e.Unit));
        }

        var found = await rows.OrderBy(e => e.Id).Take(MostPlaces * hashes.Count).Select(e => new { e.Sha256, Place = new ReusedPlace(e.Id, e.Season, e.Unit, e.Criterion) }).ToListAsync(ct);
        var visible = new Dictionary<(string Season, string Unit), bool>();
        foreach (var place in found.Select(one => (one.Place.Season, one.Place.Unit)).Distinct())
        {
            // Of a file that the reader could not open under its own address nothing is said here either.
            visible[place] = reader.StandingAgency || reader.Auditor || reader.BelongsTo(place.Unit) || (await db.AccessToAsync(place.Season, place.Unit, ct)).MayBeSeenBy(reader);
        }

        return found.Where(one => visible[(one.Place.Season, one.Place.Unit)]).ToLookup(one => one.Sha256, one => one.Place);
    }

    private static DocumentView View(Evidence evidence, SeasonDays? season, IReadOnlyList<RetentionPeriod> periods, IReadOnlyList<ReusedPlace> reused)
    {
        var passport = EvidencePassport.Of(evidence, season, reused.Count > 0);
        return new DocumentView(
            evidence.Id,
            evidence.Season,
            evidence.Unit,
            evidence.Criterion,
            evidence.FileName,
            evidence.ContentType,
            evidence.Size,
            evidence.Sha256,
            evidence.PaperNumber,
            evidence.PaperDate,
            evidence.PaperIssuer,
            evidence.State,
            evidence.StoredBy,
            evidence.StoredAt,
            evidence.WithdrawnAt,
            evidence.WithdrawnBecause,
            evidence.Scan,
            evidence.ScannedAt,
            evidence.ScanFault,
            evidence.Malware,
            passport.Proposals,
            passport.InSeason,
            passport.Warnings,
            reused,
            Retention.Of(periods, season).Until,
            evidence.ContentDeletedAt,
            $"/api/v1/documents/{evidence.Id}/content");
    }
}

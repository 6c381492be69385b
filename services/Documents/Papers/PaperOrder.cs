using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>Which paper somebody wants, by whom it is to be issued, and who asks.</summary>
/// <param name="About">What it is about.</param>
/// <param name="Letterhead">Code.</param>
/// <param name="Signer">Code of the signer in the letterhead; null for papers of a cluster.</param>
/// <param name="SignerName">Who signs for a cluster; null: blank.</param>
/// <param name="SecretaryName">Who keeps the minutes; null: blank.</param>
/// <param name="By">Account.</param>
public sealed record PaperOrder(PaperSubject About, string Letterhead, string? Signer, string? SignerName, string? SecretaryName, string By);

/// <summary>Finds out, from the facts and the letterheads, who issues a paper.</summary>
internal static class PaperIssuers
{
    /// <summary>The letterhead that holds on a day.</summary>
    /// <exception cref="RuleViolationException"><c>no-letterhead</c>.</exception>
    public static async Task<Letterhead> LetterheadAsync(this DocumentsDbContext db, string code, DateOnly day, CancellationToken ct) =>
        await db.Letterheads.AsNoTracking()
            .Where(letterhead => letterhead.Code == code && letterhead.ValidFrom <= day && (letterhead.ValidTo == null || letterhead.ValidTo >= day))
            .OrderByDescending(letterhead => letterhead.Version)
            .FirstOrDefaultAsync(ct)
        ?? throw new RuleViolationException("no-letterhead", $"Chưa đăng ký thể thức “{code}” có hiệu lực ngày {day:dd/MM/yyyy}.");

    /// <summary>The version that a draft was made with.</summary>
    public static Task<Letterhead> LetterheadOfAsync(this DocumentsDbContext db, Paper paper, CancellationToken ct) =>
        db.Letterheads.AsNoTracking().SingleAsync(letterhead => letterhead.Code == paper.Letterhead && letterhead.Version == paper.LetterheadVersion, ct);

    /// <summary>A cluster as it stands; null: it is not known.</summary>
    public static async Task<ClusterFormed?> ClusterAsync(this DocumentsDbContext db, Guid id, CancellationToken ct)
    {
        var key = $"{id}";
        return (await db.Facts.AsNoTracking().SingleOrDefaultAsync(fact => fact.Kind == nameof(ClusterFormed) && fact.Key == key, ct))?.Read<ClusterFormed>();
    }

    /// <summary>A cluster of a season by its code; null: it is not known.</summary>
    public static async Task<ClusterFormed?> ClusterAsync(this DocumentsDbContext db, string season, string code, CancellationToken ct) =>
        (await db.Facts
            .FromSql($"select * from known_facts where kind = {nameof(ClusterFormed)} and season = {season} and body ->> 'Code' = {code}")
            .AsNoTracking().SingleOrDefaultAsync(ct))?.Read<ClusterFormed>();

    /// <summary>The issuer's part of the paper, without number and date.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-letterhead</c>; UNKNOWN_SIGNER.</exception>
    /// <exception cref="NotKnownYetException">The cluster.</exception>
    public static async Task<PaperIssue> IssueAsync(this DocumentsDbContext db, Letterhead letterhead, PaperOrder order, DateOnly draftedOn, CancellationToken ct)
    {
        if (!PaperSubject.IsOfCluster(order.About.Kind))
        {
            return letterhead.IssueFor(order.About.Kind, order.Signer, order.SecretaryName, draftedOn);
        }

        var cluster = await db.ClusterAsync(order.About.ClusterId!.Value, ct) ?? throw new NotKnownYetException("Chưa biết cụm, khối thi đua này.");
        return letterhead.IssueForCluster(order.About.Kind, cluster.Code, cluster.Name, cluster.Kind == "KHOI", order.SignerName, order.SecretaryName, draftedOn);
    }
}

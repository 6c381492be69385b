using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>
/// Makes papers: takes the facts of now, composes, fills the template, keeps the file. A file is complete under its hash before a row
/// names it. The same facts, template and letterhead give the same draft, so asking twice makes it once.
/// </summary>
public sealed class PaperPress(
    DocumentsDbContext db, ContentStore store, PaperTemplates templates, PdfConverter converter, IOptions<DocumentsSettings> settings, TimeProvider clock)
{
    /// <summary>The draft of a subject as the facts are now: a new one, or the paper that says just that already.</summary>
    /// <exception cref="RuleViolationException"><c>no-letterhead</c>, <c>wrong-letterhead</c>, <c>facts-missing</c>, UNKNOWN_SIGNER.</exception>
    /// <exception cref="NotKnownYetException">Season or cluster.</exception>
    public async Task<(Paper Paper, bool IsNew)> DraftAsync(PaperOrder order, CancellationToken ct)
    {
        var (about, now) = (order.About, clock.GetUtcNow());
        var today = VietnamDate.Of(now);
        var letterhead = await db.LetterheadAsync(order.Letterhead, today, ct);
        var issue = await db.IssueAsync(letterhead, order, today, ct);
        var composed = await ComposeAsync(about, issue, ct);
        var template = await templates.LatestAsync(db, about.Kind, ct);
        var fingerprint = PaperHash.Of(composed.Content, template.Sha256);
        await db.InTurnAsync($"paper/{about.Key}", ct);
        if (await db.Papers.SingleOrDefaultAsync(
            known => known.Subject == about.Key && known.Fingerprint == fingerprint
                && (known.State == PaperState.Draft || known.State == PaperState.Issued || known.State == PaperState.Signed), ct) is { } same)
        {
            return (same, false);
        }

        var printed = await PrintAsync(composed, template, ct);
        var paper = new Paper
        {
            Id = Guid.CreateVersion7(),
            Kind = about.Kind,
            Season = about.Season,
            ClusterId = about.ClusterId,
            Cluster = about.ClusterId is { } cluster ? (await db.ClusterAsync(cluster, ct))?.Code : null,
            Unit = about.Unit,
            Award = about.Award,
            Subject = about.Key,
            Letterhead = letterhead.Code,
            LetterheadVersion = letterhead.Version,
            Signer = order.Signer,
            SignerName = order.SignerName,
            SecretaryName = order.SecretaryName,
            Agency = issue.Agency,
            Fingerprint = fingerprint,
            Content = printed.Content,
            TemplateVersion = printed.TemplateVersion,
            TemplateSha256 = printed.TemplateSha256,
            Hash = printed.Hash,
            Docx = printed.Docx,
            Warnings = printed.Warnings,
            DraftedBy = order.By,
            DraftedAt = now,
        };
        db.Add(paper);
        await db.SaveChangesAsync(ct);
        return (paper, true);
    }

    /// <summary>Whether the facts say something else by now than the draft does.</summary>
    public async Task<bool> IsStaleAsync(Paper draft, CancellationToken ct)
    {
        try
        {
            var issue = await db.IssueAsync(await db.LetterheadOfAsync(draft, ct), OrderOf(draft), VietnamDate.Of(draft.DraftedAt), ct);
            var composed = await ComposeAsync(draft.About, issue, ct);
            return PaperHash.Of(composed.Content, draft.TemplateSha256) != draft.Fingerprint;
        }
        catch (Exception gone) when (gone is NotKnownYetException or RuleViolationException)
        {
            return true; // what it says can no longer be said
        }
    }

    /// <summary>The draft made again with number and date, by the template that it was looked at with and the letterhead of that date.</summary>
    /// <exception cref="RuleViolationException"><c>facts-changed</c>, <c>no-letterhead</c>, UNKNOWN_SIGNER.</exception>
    public async Task<PrintedPaper> ReprintAsync(Paper draft, int? number, DateOnly date, CancellationToken ct)
    {
        if (await IsStaleAsync(draft, ct))
        {
            throw new RuleViolationException("facts-changed", "Số liệu đã thay đổi sau khi lập dự thảo; hãy lập lại dự thảo.");
        }

        var letterhead = await db.LetterheadAsync(draft.Letterhead, date, ct);
        var issue = await db.IssueAsync(letterhead, OrderOf(draft), VietnamDate.Of(draft.DraftedAt), ct);
        draft.Follow(letterhead.Version, issue.Agency);
        var composed = await ComposeAsync(draft.About, issue with { Number = number, Date = date }, ct);
        return await PrintAsync(composed, await templates.OfVersionAsync(db, draft.Kind, draft.TemplateVersion, draft.TemplateSha256, ct), ct);
    }

    /// <summary>The agency's abbreviation on a day: the register that a number is taken from.</summary>
    public async Task<string> AbbreviationAsync(Paper draft, DateOnly date, CancellationToken ct) =>
        (await db.IssueAsync(await db.LetterheadAsync(draft.Letterhead, date, ct), OrderOf(draft), date, ct)).AgencyAbbreviation;

    /// <summary>The hash of the PDF of a Word file, made when it is asked for the first time.</summary>
    public async Task<string> PdfOfAsync(string docx, CancellationToken ct)
    {
        if (await db.Renditions.AsNoTracking().SingleOrDefaultAsync(known => known.Docx == docx, ct) is { } rendition)
        {
            return rendition.Pdf;
        }

        byte[] pdf;
        await using (var word = await store.OpenPaperAsync(docx, ct))
        {
            using var copy = new MemoryStream();
            await word.CopyToAsync(copy, ct);
            pdf = await converter.ConvertAsync(copy.ToArray(), ct);
        }

        // Of two who made it at one moment the first one's stays: a reader never gets two files under one address.
        var made = await store.KeepPaperAsync(pdf, ct);
        await db.Database.ExecuteSqlAsync($"insert into paper_renditions (docx, pdf) values ({docx}, {made}) on conflict (docx) do nothing", ct);
        return await db.Renditions.Where(known => known.Docx == docx).Select(known => known.Pdf).SingleAsync(ct);
    }

    /// <summary>Signs the paper's PDF and keeps both signatures.</summary>
    /// <exception cref="RuleViolationException"><c>no-certificate</c>.</exception>
    public async Task<PaperSignature> SignAsync(Paper paper, PaperSigner signer, CancellationToken ct)
    {
        await using var file = await store.OpenPaperAsync(await PdfOfAsync(paper.Docx, ct), ct);
        using var pdf = new MemoryStream();
        await file.CopyToAsync(pdf, ct);
        var signed = await signer.SignAsync(pdf.ToArray(), paper.Agency);
        return new PaperSignature(
            await store.KeepPaperAsync(signed.Pdf, ct), await store.KeepPaperAsync(signed.Detached, ct),
            signed.Certificate.Subject, signed.Certificate.Issuer, signed.Certificate.SerialNumber, signed.IsTest, clock.GetUtcNow());
    }

    private async Task<ComposedPaper> ComposeAsync(PaperSubject about, PaperIssue issue, CancellationToken ct)
    {
        var facts = about.ClusterId is { } cluster
            ? await SeasonFacts.LoadAroundAsync(db, about.Season, cluster, ct)
            : await SeasonFacts.LoadAsync(db, about.Season, ct);
        return PaperComposer.Compose(about, facts ?? throw new NotKnownYetException($"Chưa biết mùa thi đua {about.Season}."), issue);
    }

    private async Task<PrintedPaper> PrintAsync(ComposedPaper composed, TemplateInUse template, CancellationToken ct)
    {
        var hash = PaperHash.Of(composed.Content, template.Sha256);
        var docx = template.Template.Fill(composed.Content, new PaperMark(hash, $"{settings.Value.PublicAddress.TrimEnd('/')}/api/v1/paper-verifications/{hash}"));
        return new PrintedPaper(composed.Content, template.Version, template.Sha256, hash, await store.KeepPaperAsync(docx, ct), composed.Warnings);
    }

    private static PaperOrder OrderOf(Paper paper) => new(paper.About, paper.Letterhead, paper.Signer, paper.SignerName, paper.SecretaryName, paper.DraftedBy);
}

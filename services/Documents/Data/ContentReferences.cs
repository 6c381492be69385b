using Microsoft.EntityFrameworkCore;

namespace ThiDua.Documents.Data;

/// <summary>
/// Which contents the rows name, for whoever saves and restores them together with the database: a view, so that a backup needs to know nothing
/// else of this service. And a lock, by which a backup keeps contents from going while it copies them.
/// </summary>
internal static class ContentReferences
{
    // Backups know both names. Required is what must be there; a content of an upload that is only about to become evidence may be.
    private const string ViewSql =
        """
        create or replace view content_references as
        select 'contents' as area, sha256::text as sha256, true as required from evidence where content_deleted_at is null and state <> 'Rejected'
        union select 'contents', sha256::text, false from evidence_uploads where state = 'Receiving' and sha256 is not null
        union select 'papers', docx::text, true from papers
        union select 'papers', signature ->> 'SignedPdf', true from papers where signature is not null
        union select 'papers', signature ->> 'Detached', true from papers where signature is not null
        union select 'papers', sha256::text, true from paper_templates
        union select 'papers', docx::text, true from paper_renditions
        union select 'papers', pdf::text, true from paper_renditions
        union select 'papers', archive::text, true from paper_jobs where archive is not null
        union select 'papers', docx::text, true from paper_job_items where docx is not null
        union select 'papers', pdf::text, true from paper_job_items where pdf is not null
        """;

    private const string LockName = "contents are being saved";

    public static Task DescribeAsync(DocumentsDbContext db, CancellationToken ct) => db.Database.ExecuteSqlRawAsync(ViewSql, ct);

    /// <summary>Until the transaction ends no backup begins to copy contents; false when one is at it.</summary>
    public static Task<bool> MayRemoveAsync(DocumentsDbContext db, CancellationToken ct) =>
        db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock_shared(hashtextextended({LockName}, 0)) as \"Value\"").SingleAsync(ct);
}

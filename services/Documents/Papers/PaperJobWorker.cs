using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>
/// Makes the papers of the jobs, one transaction for each. Whoever makes one holds its row locked until it is made: when the process
/// dies the lock dies with its connection, and the next one takes the row up. So there is no lease to run out and nothing to clear up,
/// several instances share the work, and paper and progress are one commit.
/// </summary>
internal sealed class PaperJobWorker(IServiceScopeFactory scopes, IOptions<DocumentsSettings> settings, IOptions<ConverterSettings> converter, ILogger<PaperJobWorker> logger) : BackgroundService
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, settings.Value.PaperWorkers ?? converter.Value.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken ct)
    {
        await Task.Yield(); // the host's start does not wait for the first look
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await StepAsync(ct) || await EndAsync(ct))
                {
                    continue;
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning(fault, "A step of the paper jobs failed; trying again");
            }

            await Task.Delay(s_poll, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there was a paper to make.</returns>
    private async Task<bool> StepAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Begin(scope);
        Exception reason;
        PaperJobItem? item;
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            item = await db.PaperJobItems.FromSql($"""
                select i.* from paper_job_items i join paper_jobs j on j.id = i.job_id
                where i.state = 'Waiting' and j.state in ('Queued', 'Running') order by i.job_id, i.position limit 1 for update of i skip locked
                """).SingleOrDefaultAsync(ct);
            if (item is null)
            {
                return false;
            }

            try
            {
                await MakeAsync(scope.ServiceProvider, db, item, ct);
                await db.SaveChangesAsync(ct);
                await transaction.CommitAsync(CancellationToken.None);
                await db.PaperJobs.Where(job => job.Id == item.JobId && job.State == PaperJobState.Queued)
                    .ExecuteUpdateAsync(job => job.SetProperty(j => j.State, PaperJobState.Running), ct);
                return true;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                reason = fault;
            }
        }

        await NoteAsync(item, reason, ct);
        return true;
    }

    private static async Task MakeAsync(IServiceProvider services, DocumentsDbContext db, PaperJobItem item, CancellationToken ct)
    {
        var job = await db.PaperJobs.AsNoTracking().SingleAsync(known => known.Id == item.JobId, ct);
        var ofCluster = PaperSubject.IsOfCluster(item.Kind);
        var order = new PaperOrder(
            new PaperSubject(item.Kind, job.Season, item.ClusterId, item.Unit, item.Award),
            (ofCluster ? job.ClusterLetterhead : job.Letterhead)!, ofCluster ? null : job.Signer, null, null, job.StartedBy);
        var press = services.GetRequiredService<PaperPress>();
        var (paper, _) = await press.DraftAsync(order, ct);
        item.Made(paper.Id, paper.Docx, job.Format == PaperFormat.Docx ? null : await press.PdfOfAsync(paper.Docx, ct));
    }

    // The transaction of the attempt is gone with all that it did; why is noted in one of its own, unless somebody else has the row by now.
    private async Task NoteAsync(PaperJobItem tried, Exception reason, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Begin(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var item = await db.PaperJobItems
            .FromSql($"select * from paper_job_items where job_id = {tried.JobId} and position = {tried.Position} and state = 'Waiting' for update skip locked")
            .SingleOrDefaultAsync(ct);
        if (item is null)
        {
            return;
        }

        switch (reason)
        {
            case RuleViolationException refused:
                item.Fail(refused.Code, refused.Message);
                break;
            case NotKnownYetException early:
                item.Fail("not-known-yet", early.Message);
                break;
            case not null when DatabaseFaults.IsTransient(reason):
                return; // the way to the database says nothing about the paper
            default:
                logger.LogWarning(reason, "Paper {Position} of job {Job} was not made", tried.Position, tried.JobId);
                item.Stumble("Chưa lập được văn bản do lỗi hệ thống; người vận hành xem nhật ký của dịch vụ.", MostAttempts);
                break;
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <returns>Whether there was a job to end.</returns>
    private async Task<bool> EndAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Begin(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await db.PaperJobs.FromSql($"""
            select j.*, j.xmin from paper_jobs j where j.state in ('Queued', 'Running')
            and not exists (select 1 from paper_job_items i where i.job_id = j.id and i.state = 'Waiting') order by j.id limit 1 for update skip locked
            """).SingleOrDefaultAsync(ct);
        if (job is null)
        {
            return false;
        }

        var archive = await scope.ServiceProvider.GetRequiredService<PaperArchive>().WriteAsync(job, ct);
        var isComplete = !await db.PaperJobItems.AnyAsync(item => item.JobId == job.Id && item.State == PaperJobItemState.Failed, ct);
        job.End(isComplete, archive, scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private static DocumentsDbContext Begin(AsyncServiceScope scope)
    {
        scope.ServiceProvider.GetRequiredService<JournalContext>().Act("paper job");
        return scope.ServiceProvider.GetRequiredService<DocumentsDbContext>();
    }
}

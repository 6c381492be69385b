using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Biểu quyết thống nhất bảng tiêu chí: one vote of every member's head on a draft.</summary>
public static class TableVoteEndpoints
{
    public static void MapTableVotes(this IEndpointRouteBuilder api)
    {
        var votes = api.MapGroup("/criteria-tables/{id:guid}/votes").WithTags("Criteria tables");

        votes.MapPost("/", Cast).WithIfMatch().WithETag().AllowRoles(Roles.UnitHead)
            .WithSummary("Thủ trưởng đơn vị thành viên biểu quyết bảng tiêu chí của cụm")
            .WithDescription("Chỉ cho đơn vị mình (403 not-member); If-Match là ETag của bảng đã đọc. Mỗi đơn vị một phiếu, đổi được đến khi bảng được thông qua (409 table-adopted); bảng dự thảo được sửa thì biểu quyết lại. Lỗi: UNKNOWN_CLUSTER.");
        votes.MapGet("/", Get).WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Kết quả biểu quyết bảng tiêu chí theo cụm, kèm ETag của bảng")
            .WithDescription("Đơn vị thành viên thấy cụm của mình; cơ quan thường trực và kiểm tra thấy mọi cụm. Tính trên tất cả thành viên: chưa biểu quyết không phải là đồng ý.");
    }

    /// <param name="Cluster">Mã cụm, khối của đơn vị.</param>
    /// <param name="Agree">Đồng ý hay không.</param>
    /// <param name="Note">Ý kiến.</param>
    public sealed record VoteRequest(string Cluster, bool Agree, string? Note = null);

    /// <summary>Kết quả biểu quyết.</summary>
    public sealed record VotesView(Guid TableId, int Version, TableState State, string? MinutesDocument, string? MinutesReason, IReadOnlyList<ClusterVotes> Clusters);

    /// <summary>Kết quả của một cụm.</summary>
    /// <param name="Cluster">Mã cụm, khối.</param>
    /// <param name="Rule">MAJORITY_OF_MEMBERS or UNANIMOUS; absent: no covenant is in force, so no agreement is asked for.</param>
    /// <param name="Members">All members, who count whether they voted or not.</param>
    /// <param name="Yes">Đồng ý.</param>
    /// <param name="No">Không đồng ý.</param>
    /// <param name="Agreed">Whether the rule is met; without one: more than half.</param>
    /// <param name="Votes">By unit.</param>
    public sealed record ClusterVotes(string Cluster, AgreementBy? Rule, int Members, int Yes, int No, bool Agreed, IReadOnlyList<VoteView> Votes);

    /// <summary>Ý kiến của một đơn vị.</summary>
    public sealed record VoteView(string Unit, bool Agree, string? Note, string By, DateTimeOffset At);

    /// <summary>Biểu quyết cho đơn vị mình.</summary>
    private static async Task<Results<Ok<VotesView>, NotFound>> Cast(Guid id, VoteRequest request, Caller caller, ScoringDbContext db, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await CriteriaTableEndpoints.LockAsync(db, id, ct) is not { } table)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, table.RowVersion);
        table.RequireDraft();
        var clusters = await CriteriaTableEndpoints.ClustersAsync(db, table.Season, table.Clusters, ct);
        var cluster = clusters.Find(known => known.Code == request.Cluster);
        RuleViolationException.ThrowIfAny(cluster is null ? [new Violation("UNKNOWN_CLUSTER", "/cluster", $"Bảng này không dành cho cụm, khối {request.Cluster}.")] : []);
        if (caller.Unit is not { } unit || !cluster!.Has(unit))
        {
            throw new AccessDeniedException("not-member", "Chỉ thủ trưởng đơn vị thành viên của cụm, khối được biểu quyết, cho chính đơn vị mình.");
        }

        var vote = await db.TableVotes.FindAsync([id, cluster.Id, unit], ct);
        if (vote is null)
        {
            vote = new TableVote { TableId = id, ClusterId = cluster.Id, Unit = unit };
            db.Add(vote);
        }

        vote.Cast(request.Agree, request.Note, new Actor(caller.Subject, caller.Name), clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(await ViewAsync(db, table, [cluster], http, ct));
    }

    /// <summary>Kết quả biểu quyết.</summary>
    private static async Task<Results<Ok<VotesView>, NotFound>> Get(Guid id, Caller caller, ScoringDbContext db, HttpContext http, CancellationToken ct)
    {
        if (await db.CriteriaTables.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is not { } table)
        {
            return TypedResults.NotFound();
        }

        var clusters = await CriteriaTableEndpoints.ClustersAsync(db, table.Season, table.Clusters, ct);
        if (!SheetSight.IsAgency(caller))
        {
            clusters.RemoveAll(cluster => caller.Unit is null || !cluster.Has(caller.Unit));
            if (clusters.Count == 0)
            {
                return TypedResults.NotFound();
            }
        }

        return TypedResults.Ok(await ViewAsync(db, table, clusters, http, ct));
    }

    /// <summary>The votes of the members, by cluster; a unit that has left since no longer counts.</summary>
    internal static async Task<List<ClusterVotes>> CountAsync(ScoringDbContext db, CriteriaTableVersion table, List<ClusterCopy> clusters, CancellationToken ct)
    {
        var ids = clusters.ConvertAll(cluster => cluster.Id);
        var covenants = await db.Covenants.AsNoTracking().Where(covenant => ids.Contains(covenant.ClusterId)).ToDictionaryAsync(covenant => covenant.ClusterId, ct);
        var votes = (await db.TableVotes.AsNoTracking().Where(vote => vote.TableId == table.Id && ids.Contains(vote.ClusterId)).ToListAsync(ct)).ToLookup(vote => vote.ClusterId);
        return [.. clusters.OrderBy(cluster => cluster.Code, StringComparer.Ordinal).Select(cluster =>
        {
            var rule = covenants.GetValueOrDefault(cluster.Id)?.AgreementBy;
            var counted = votes[cluster.Id].Where(vote => cluster.Has(vote.Unit)).OrderBy(vote => vote.Unit, StringComparer.Ordinal).ToList();
            var yes = counted.Count(vote => vote.Agree);
            return new ClusterVotes(
                cluster.Code, rule, cluster.Members.Count, yes, counted.Count - yes, Agreement.Reached(rule ?? AgreementBy.MajorityOfMembers, yes, cluster.Members.Count),
                [.. counted.Select(vote => new VoteView(vote.Unit, vote.Agree, vote.Note, vote.ByName, vote.At))]);
        })];
    }

    private static async Task<VotesView> ViewAsync(ScoringDbContext db, CriteriaTableVersion table, List<ClusterCopy> clusters, HttpContext http, CancellationToken ct)
    {
        Preconditions.Set(http.Response, table.RowVersion);
        return new VotesView(table.Id, table.Version, table.State, table.MinutesDocument, table.MinutesReason, await CountAsync(db, table, clusters, ct));
    }
}

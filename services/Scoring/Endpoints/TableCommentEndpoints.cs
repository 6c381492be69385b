using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Góp ý cho bảng tiêu chí đang soạn: the agency and the members say what they think of a draft that is not theirs to change.</summary>
public static class TableCommentEndpoints
{
    private const int LongestText = 4000;

    public static void MapTableComments(this IEndpointRouteBuilder api)
    {
        var comments = api.MapGroup("/criteria-tables/{id:guid}/comments").WithTags("Criteria tables");

        comments.MapPost("/", Comment).AllowRoles(Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead)
            .WithSummary("Góp ý cho bảng tiêu chí đang soạn")
            .WithDescription("Cơ quan thường trực, hoặc thủ trưởng đơn vị thành viên của một cụm, khối trong bảng (403 not-member), nhân danh đơn vị mình. Góp ý không sửa, không xóa; bảng đã thông qua thì không góp ý nữa (409 table-adopted). Lỗi: MISSING_PROPERTY, TOO_LONG.");
        comments.MapGet("/", List).AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Góp ý cho một bảng tiêu chí, theo thứ tự thời gian")
            .WithDescription("Đơn vị thành viên thấy góp ý của cơ quan thường trực và của cụm, khối mình; cơ quan thường trực và kiểm tra thấy tất cả.");
    }

    /// <param name="Text">Nội dung góp ý.</param>
    public sealed record CommentRequest(string? Text);

    /// <summary>Một góp ý.</summary>
    /// <param name="Id">Khóa.</param>
    /// <param name="Unit">Đơn vị góp ý; không có: cơ quan thường trực.</param>
    /// <param name="Text">Nội dung.</param>
    /// <param name="By">Người góp ý.</param>
    /// <param name="At">Lúc góp ý.</param>
    public sealed record CommentView(Guid Id, string? Unit, string Text, string By, DateTimeOffset At);

    /// <summary>Góp ý.</summary>
    private static async Task<Results<Created<CommentView>, NotFound>> Comment(Guid id, CommentRequest request, Caller caller, ScoringDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await CriteriaTableEndpoints.LockAsync(db, id, ct) is not { } table)
        {
            return TypedResults.NotFound();
        }

        var isAgency = caller.Is(Roles.Appraiser, Roles.AppraisalHead);
        if (!isAgency && (await OwnAsync(db, table, caller, ct)).Count == 0)
        {
            throw new AccessDeniedException("not-member", "Chỉ thủ trưởng đơn vị thành viên của cụm, khối trong bảng được góp ý, cho chính đơn vị mình.");
        }

        table.RequireDraft();
        RuleViolationException.ThrowIfAny(
            string.IsNullOrWhiteSpace(request.Text) ? [new Violation("MISSING_PROPERTY", "/text", "Thiếu nội dung góp ý.")]
            : request.Text.Length > LongestText ? [new Violation("TOO_LONG", "/text", $"Tối đa {LongestText} ký tự.")]
            : []);
        var now = clock.GetUtcNow();
        var comment = new TableComment
        {
            Id = Guid.CreateVersion7(now), TableId = id, Unit = isAgency ? null : caller.Unit, Text = request.Text!, By = caller.Subject, ByName = caller.Name, At = now,
        };
        db.Add(comment);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/criteria-tables/{id}/comments", View(comment));
    }

    /// <summary>Các góp ý.</summary>
    private static async Task<Results<Ok<Page<CommentView>>, NotFound>> List(Guid id, [AsParameters] PageQuery page, Caller caller, ScoringDbContext db, CancellationToken ct)
    {
        if (await db.CriteriaTables.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is not { } table)
        {
            return TypedResults.NotFound();
        }

        var comments = db.TableComments.AsNoTracking().Where(comment => comment.TableId == id);
        if (!SheetSight.IsAgency(caller))
        {
            var own = await OwnAsync(db, table, caller, ct);
            if (own.Count == 0)
            {
                return TypedResults.NotFound();
            }

            var units = own.SelectMany(cluster => cluster.Members).Select(member => member.Unit).ToList();
            comments = comments.Where(comment => comment.Unit == null || units.Contains(comment.Unit));
        }

        if (page.AfterAs<Guid>() is { } last)
        {
            comments = comments.Where(comment => comment.Id > last);
        }

        var found = await comments.OrderBy(comment => comment.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(View), page.Size, view => view.Id.ToString()));
    }

    /// <summary>The table's clusters of which the caller's unit is a member.</summary>
    private static async Task<List<ClusterCopy>> OwnAsync(ScoringDbContext db, CriteriaTableVersion table, Caller caller, CancellationToken ct) =>
        caller.Unit is { } unit ? (await CriteriaTableEndpoints.ClustersAsync(db, table.Season, table.Clusters, ct)).FindAll(cluster => cluster.Has(unit)) : [];

    private static CommentView View(TableComment comment) => new(comment.Id, comment.Unit, comment.Text, comment.ByName, comment.At);
}

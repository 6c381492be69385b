using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Nghĩa vụ có thời hạn: what units owe, by when.</summary>
public static class ObligationEndpoints
{
    public static void MapObligations(this IEndpointRouteBuilder app)
    {
        var obligations = app.MapGroup("/obligations").WithTags("Obligations");

        obligations.MapGet("/", List).AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Danh sách nghĩa vụ có thời hạn của các đơn vị")
            .WithDescription("Đơn vị thấy nghĩa vụ của mình; cụm trưởng, cụm phó thấy của cả cụm; cơ quan thường trực và kiểm tra thấy tất cả. Sắp xếp theo thời hạn.");
    }

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="ClusterId">Khóa của cụm, khối.</param>
    /// <param name="Unit">Who owes it; absent: the standing agency.</param>
    /// <param name="Kind">What is owed.</param>
    /// <param name="Recipient">To whom.</param>
    /// <param name="DueOn">Thời hạn hiện hành.</param>
    /// <param name="FirstDueOn">Thời hạn ban đầu.</param>
    /// <param name="MetAt">When it was received; absent: not yet.</param>
    public sealed record ObligationView(Guid Id, string Season, Guid ClusterId, string? Unit, ObligationKind Kind, ObligationRecipient Recipient, DateOnly DueOn, DateOnly FirstDueOn, DateTimeOffset? MetAt)
    {
        public static ObligationView Of(Obligation obligation) =>
            new(obligation.Id, obligation.Season, obligation.ClusterId, obligation.Unit, obligation.Kind, obligation.Recipient, obligation.DueOn, obligation.FirstDueOn, obligation.MetAt);
    }

    private static async Task<Ok<Page<ObligationView>>> List(string? season, string? unit, [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var obligations = db.Obligations.AsNoTracking();
        obligations = season is null ? obligations : obligations.Where(obligation => obligation.Season == season);
        obligations = unit is null ? obligations : obligations.Where(obligation => obligation.Unit == unit);
        if (!caller.Is(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor))
        {
            var own = caller.Unit;
            obligations = obligations.Where(obligation => own != null
                && (obligation.Unit == own || db.Clusters.Any(cluster => cluster.Id == obligation.ClusterId && (cluster.Leader == own || cluster.Deputy == own))));
        }

        if (page.After is { } after && Guid.TryParse(after, out var last))
        {
            obligations = obligations.Where(obligation => obligation.Id > last);
        }

        var found = await obligations.OrderBy(obligation => obligation.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(ObligationView.Of), page.Size, view => view.Id.ToString()));
    }
}

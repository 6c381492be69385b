using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Kết quả biểu quyết của Hội đồng (F-19, F-20).</summary>
public static class BallotEndpoints
{
    public static void MapBallots(this RouteGroupBuilder api)
    {
        var ballots = api.MapGroup("/ballots").WithTags("Ballots");
        ballots.MapPost("/", Record)
            .AllowRoles(Roles.CouncilSecretary)
            .WithSummary("Ghi kết quả biểu quyết của Hội đồng")
            .WithDescription("""
                Cờ thi đua của UBND tỉnh: đề nghị phải đang là ứng viên. Cờ thi đua của Chính phủ: đơn vị đã được thông qua Cờ thi đua của UBND tỉnh. Bằng khen không bỏ phiếu.
                Số phiếu cần đạt tính trên tổng số thành viên, làm tròn lên. Kết quả đã ghi thì không sửa. Ví dụ: {"season":"2024","award":"PROVINCIAL_FLAG","cluster":"C1","members":17,"yes":15}.
                Lỗi: 422 errors[] BALLOT_NOT_CANDIDATE, VOTES_EXCEED_MEMBERS, NEGATIVE; 409 not-known-yet, nominations-waiting, facts-changed, unit-excluded, consultation-open, consultation-missing, already-exists (ghi cùng lúc), season-closed.
                """);
        ballots.MapGet("/", List)
            .AllowRoles(CouncilEndpoints.Counting)
            .WithSummary("Kết quả biểu quyết của một mùa thi đua, theo thứ tự ghi")
            .WithDescription("Của Hội đồng và kiểm tra, giám sát. Cơ quan thường trực thấy kết quả đã ghi ở từng đề nghị (/nominations).");
    }

    private static async Task<Created<BallotView>> Record(BallotRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        Given.Require(("/season", request.Season), ("/award", request.Award), ("/cluster", request.Cluster), ("/members", request.Members), ("/yes", request.Yes));
        var (award, members, yes) = (request.Award!.Value, request.Members!.Value, request.Yes!.Value);
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        var cluster = await db.ClusterAsync(season.Code, request.Cluster!, ct);

        var voted = await db.RequireVotableAsync(season, cluster.Id, award, members, yes, clock, ct);
        var ballot = db.RecordBallot(voted, award, CouncilVote.Count(members, yes, voted.Policy.Switches), caller.Subject, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/ballots?season={Uri.EscapeDataString(ballot.Season)}", BallotView.Of(ballot));
    }

    private static async Task<Page<BallotView>> List(string season, [AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var ballots = db.Ballots.AsNoTracking().Where(ballot => ballot.Season == season);
        if (page.AfterAs<Guid>() is { } id)
        {
            ballots = ballots.Where(ballot => ballot.Id.CompareTo(id) > 0);
        }

        var found = await ballots.OrderBy(ballot => ballot.Id).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(BallotView.Of), page.Size, view => view.Id.ToString());
    }
}

/// <param name="Season">Code.</param>
/// <param name="Award">PROVINCIAL_FLAG or GOVERNMENT_FLAG.</param>
/// <param name="Cluster">Code of the cluster whose unit is voted on.</param>
/// <param name="Members">Size of the council.</param>
/// <param name="Yes">Votes in favour, written opinions of absent members included.</param>
public sealed record BallotRequest(string? Season, AwardKind? Award, string? Cluster, int? Members, int? Yes);

public sealed record BallotView(
    Guid Id, Guid NominationId, string Season, string Cluster, string Unit, AwardKind Award, int Members, int Yes, int Needed, bool Passed,
    int PolicyVersion, string RecordedBy, DateTimeOffset RecordedAt)
{
    internal static BallotView Of(Ballot ballot) => new(
        ballot.Id, ballot.NominationId, ballot.Season, ballot.Cluster, ballot.Unit, ballot.Award, ballot.Members, ballot.Yes, ballot.Needed, ballot.Passed,
        ballot.PolicyVersion, ballot.RecordedBy, ballot.RecordedAt);

    internal static Derivation Derive(Ballot ballot) => new(
        "F-20",
        $"Hội đồng biểu quyết {(ballot.Award is AwardKind.GovernmentFlag ? "Cờ thi đua của Chính phủ" : "Cờ thi đua của UBND tỉnh")}: {ballot.Yes}/{ballot.Members} thành viên đồng ý, cần {ballot.Needed} – {(ballot.Passed ? "thông qua" : "không thông qua")}.");
}

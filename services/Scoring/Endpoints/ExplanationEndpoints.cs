using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Diễn giải và nhật ký: why a number is what it is, and who changed it.</summary>
public static class ExplanationEndpoints
{
    public static void MapExplanations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/score-sheets/{id:guid}/explanation", OfSheet).AllowRoles(SheetSight.Readers).WithTags("Score sheets")
            .WithSummary("Diễn giải từng dòng của phiếu")
            .WithDescription("Mỗi dòng: quy tắc, căn cứ, số liệu với nguồn và văn bản, các bước tính, kết quả, cách làm tròn; và ai đặt lại điểm, vì sao.");
        api.MapGet("/score-sheets/{id:guid}/journal", JournalOfSheet).AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor).WithTags("Score sheets")
            .WithSummary("Nhật ký thay đổi của phiếu");
        api.MapGet("/rankings/{clusterId:guid}/explanation", OfRanking).AllowRoles(SheetSight.Readers).WithTags("Rankings")
            .WithSummary("Diễn giải xếp hạng của cụm")
            .WithDescription("Hạng là hạng thi đấu theo tổng điểm: 1, 2, 2, 4.");
    }

    /// <summary>The stored derivations, as far as the caller may see the layers.</summary>
    private static async Task<Results<Ok<Derivation>, NotFound>> OfSheet(Guid id, Caller caller, ScoringDbContext db, AdoptedTables tables, CancellationToken ct) =>
        await LoadedSheet.FindWithDerivationsAsync(db, tables, id, caller, ct) is { } loaded
            ? TypedResults.Ok(SheetExplanation.Of(loaded.Sheet, loaded.Table, loaded.Sight.Review, loaded.Sight.Final))
            : TypedResults.NotFound();

    /// <summary>Who changed what on this sheet, newest first.</summary>
    private static async Task<Results<Ok<Page<JournalView>>, NotFound>> JournalOfSheet(
        Guid id, [AsParameters] PageQuery page, Caller caller, ScoringDbContext db, AdoptedTables tables, CancellationToken ct) =>
        await LoadedSheet.FindAsync(db, tables, id, caller, ct) is not null
            ? TypedResults.Ok(await Journal.PageAsync(db, page, $"{nameof(ScoreSheet)}/{id}", null, JournalSight.Whole, ct))
            : TypedResults.NotFound();

    /// <summary>One part per unit of the decided ranking.</summary>
    private static async Task<Results<Ok<Derivation>, NotFound>> OfRanking(Guid clusterId, Caller caller, ScoringDbContext db, AdoptedTables tables, CancellationToken ct)
    {
        if (await RankingEndpoints.FindAsync(db, clusterId, caller, ct) is not var (cluster, result) || result.State != ResultState.Decided)
        {
            return TypedResults.NotFound();
        }

        var decision = await db.Decisions.AsNoTracking().SingleAsync(row => row.ClusterId == clusterId && row.Version == result.Version, ct);
        var (table, _) = await tables.GetAsync(db, decision.TableId, ct);
        var sheets = await db.Sheets.AsNoTracking().Include(sheet => sheet.Lines).ThenInclude(line => line.SelfDerivation).Where(sheet => sheet.ClusterId == clusterId).ToDictionaryAsync(sheet => sheet.Unit, ct);
        List<Derivation> parts = [.. decision.Ranking.Select(row => new Derivation(
            row.Unit, row.Name, "R-25, R-26", table.Basis, [new DerivationInput("Tổng điểm", Text(row.Total), "CLUSTER", decision.Document)],
            [Place(row, decision.Ranking)], row.Rank, "hạng thi đấu theo tổng điểm",
            sheets.TryGetValue(row.Unit, out var sheet) && sheet.State == SheetState.Locked ? [SheetExplanation.Of(sheet, table, withReview: true, withFinal: true)] : []))];
        return TypedResults.Ok(new Derivation(
            "RANKING", $"Xếp hạng {cluster.Name}", "R-25, R-26", table.Basis, [new DerivationInput("Quyết định kết quả", $"lần {decision.Version}", "DECISION", decision.Document)],
            [$"{decision.Ranking.Count} đơn vị thành viên, {decision.Ranking.Count(row => row.Total is not null)} đơn vị có điểm chính thức."], null, string.Empty, parts));
    }

    private static string Place(RankedSheet row, IReadOnlyList<RankedSheet> ranking) => row.Total is not { } total
        ? "Chưa có điểm chính thức nên không xếp hạng."
        : $"{ranking.Count(other => other.Total > total)} đơn vị có tổng điểm cao hơn: hạng {row.Rank}{(ranking.Count(other => other.Total == total) is > 1 and var tied ? $", đồng hạng {tied} đơn vị" : string.Empty)}.";

    private static string Text(decimal? points) => points is { } value ? Fraction.FromDecimal(value).ToVietnamese() : "chưa có";
}

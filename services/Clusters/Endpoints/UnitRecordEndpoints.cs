using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Thành tích của một đơn vị: its own, and beside it, never counted with it, that of the units it came from.</summary>
public static class UnitRecordEndpoints
{
    private static readonly string[] s_everybody = [Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];

    public static void MapUnitRecords(this IEndpointRouteBuilder app)
    {
        var units = app.MapGroup("/units/{code}").WithTags("Units");

        units.MapGet("/history", History).AllowRoles([.. s_everybody, Roles.UnitClerk, Roles.UnitHead])
            .WithSummary("Lịch sử điểm và cờ thi đua của một đơn vị và của các đơn vị tiền thân")
            .WithDescription("Thành tích của đơn vị tiền thân hiện dưới tên của đơn vị tiền thân, kèm chuỗi kế thừa; không cộng vào thành tích của đơn vị. Tài khoản của đơn vị chỉ xem đơn vị mình (404).");
        units.MapGet("/season-result", SeasonResult).AllowRoles([.. s_everybody, Roles.UnitClerk, Roles.UnitHead])
            .WithSummary("Kết quả của một đơn vị trong kỳ có tổ chức lại, theo quy tắc REORGANISATION_RESULT")
            .WithDescription("Sổ phân bổ: từng phần kết quả trước và sau khi tổ chức lại, kể cả của kỳ mà kỳ này tiếp tục, được tính với trọng số nào hoặc chỉ giữ trong lịch sử. Để cơ quan thường trực tham khảo bên cạnh bảng xếp hạng, không thay cho bảng xếp hạng. 409 no-rule: không có quy tắc cho ngày đó.")
            .Produces(StatusCodes.Status409Conflict);
    }

    /// <param name="Unit">Its code.</param>
    /// <param name="Name">Tên, the latest.</param>
    /// <param name="Results">Its own results.</param>
    /// <param name="Awards">Its own awards that the council passed.</param>
    /// <param name="AwardCount">How many those are; those of predecessors are not among them.</param>
    /// <param name="Predecessors">Đơn vị tiền thân, each with what it achieved before it was reorganised.</param>
    public sealed record UnitRecordView(string Unit, string Name, IReadOnlyList<UnitResultView> Results, IReadOnlyList<UnitAwardView> Awards, int AwardCount, IReadOnlyList<PredecessorView> Predecessors);

    /// <param name="Unit">Its code.</param>
    /// <param name="Name">Tên, the latest.</param>
    /// <param name="Caption">Vietnamese: whose these are.</param>
    /// <param name="Until">What it achieved before this day is shown.</param>
    /// <param name="Chain">From it to the unit, in the order of days.</param>
    /// <param name="Results">Its results.</param>
    /// <param name="Awards">Its awards.</param>
    public sealed record PredecessorView(string Unit, string Name, string Caption, DateOnly Until, IReadOnlyList<LinkView> Chain, IReadOnlyList<UnitResultView> Results, IReadOnlyList<UnitAwardView> Awards);

    /// <param name="Reorganisation">Key of the reorganisation.</param>
    /// <param name="Kind">MERGE, SPLIT, RENAME, LEVEL_CHANGE.</param>
    /// <param name="EffectiveOn">Its day.</param>
    /// <param name="Document">Văn bản.</param>
    /// <param name="From">Đơn vị tiền thân.</param>
    /// <param name="To">Đơn vị kế thừa.</param>
    public sealed record LinkView(Guid Reorganisation, ReorganisationKind Kind, DateOnly EffectiveOn, string Document, string From, string To)
    {
        public static LinkView Of(SuccessionLink link) => new(link.Reorganisation, link.Kind, link.EffectiveOn, link.Document, link.From, link.To);
    }

    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Cluster">Mã cụm, khối.</param>
    /// <param name="ClusterName">Its name.</param>
    /// <param name="Total">Total points; absent: no final sheet.</param>
    /// <param name="Rank">Thứ hạng; absent: no final sheet.</param>
    /// <param name="IsReopened">The result was opened again and waits for the next decision.</param>
    public sealed record UnitResultView(string Season, string Cluster, string ClusterName, decimal? Total, int? Rank, bool IsReopened);

    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Award">PROVINCIAL_FLAG, GOVERNMENT_FLAG …</param>
    /// <param name="Revoked">Hủy bỏ since (F-29): shown, and counted no more.</param>
    /// <param name="DecidedAt">When the council decided.</param>
    public sealed record UnitAwardView(string Season, string Award, bool Revoked, DateTimeOffset DecidedAt);

    /// <param name="Unit">Its code.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Policy">SUM, WEIGHTED, SUCCESSOR_ONLY or SKIP.</param>
    /// <param name="PolicyLabel">Vietnamese.</param>
    /// <param name="RuleValidFrom">First day of the period of the rule that was used.</param>
    /// <param name="RuleValidTo">Last day of it, if known.</param>
    /// <param name="Basis">Căn cứ of the rule.</param>
    /// <param name="ReorganisedOn">Day of the reorganisation by which the rule was chosen; absent when there was none.</param>
    /// <param name="Total">Combined points; absent when nothing counts.</param>
    /// <param name="Exact">The same before rounding, an exact fraction.</param>
    /// <param name="IsComplete">Every part has a decided result.</param>
    /// <param name="Lines">Every part, counted or kept.</param>
    public sealed record SeasonResultView(string Unit, string Season, AttributionPolicy Policy, string PolicyLabel, DateOnly RuleValidFrom, DateOnly? RuleValidTo, string Basis, DateOnly? ReorganisedOn, decimal? Total, string? Exact, bool IsComplete, IReadOnlyList<AttributionLineView> Lines);

    /// <param name="Unit">Whose part.</param>
    /// <param name="Season">In which season.</param>
    /// <param name="First">First day for which it stands.</param>
    /// <param name="Last">Last day.</param>
    /// <param name="Days">How many days.</param>
    /// <param name="Points">Points; absent: no decided result.</param>
    /// <param name="Share">Exact fraction that came over.</param>
    /// <param name="State">COUNTED or KEPT.</param>
    /// <param name="Weight">Exact fraction by which it counts.</param>
    /// <param name="Contribution">Exact points that it adds.</param>
    /// <param name="Text">Vietnamese: how it counts, or why not.</param>
    public sealed record AttributionLineView(string Unit, string Season, DateOnly First, DateOnly Last, int Days, decimal? Points, string Share, AttributionState State, string Weight, string Contribution, string Text)
    {
        public static AttributionLineView Of(AttributionLine line) =>
            new(line.Part.Unit, line.Part.Season, line.Part.First, line.Part.Last, line.Part.Days, line.Part.Total, line.Part.Share.ToString(), line.State, line.Weight.ToString(), line.Contribution.ToString(), line.Text);
    }

    private static async Task<Results<Ok<UnitRecordView>, NotFound>> History(string code, Caller caller, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (!MayRead(caller, code) || !await db.Units.AnyAsync(unit => unit.Code == code, ct))
        {
            return TypedResults.NotFound();
        }

        var ancestors = (await UnitLookup.LineageAsync(db, ct)).AncestorsOf(code, clock.Today());
        var facts = await UnitFacts.LoadAsync([code, .. ancestors.Select(ancestor => ancestor.Unit)], db, ct);
        var own = facts.Awards(code, _ => true);
        return TypedResults.Ok(new UnitRecordView(code, facts.NameOf(code), facts.Results(code, _ => true), own, own.Count(award => !award.Revoked), [.. ancestors.Select(ancestor => new PredecessorView(
            ancestor.Unit,
            facts.NameOf(ancestor.Unit),
            $"Của đơn vị tiền thân {facts.NameOf(ancestor.Unit)} ({ancestor.Unit}), đến trước ngày {ancestor.Until:dd/MM/yyyy}; không tính cho {facts.NameOf(code)}.",
            ancestor.Until,
            [.. ancestor.Chain.Select(LinkView.Of)],
            facts.Results(ancestor.Unit, ancestor.HandsOn),
            facts.Awards(ancestor.Unit, ancestor.HandsOn)))]));
    }

    private static async Task<Results<Ok<SeasonResultView>, NotFound>> SeasonResult(string code, string season, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (!MayRead(caller, code) || !await db.Units.AnyAsync(unit => unit.Code == code, ct) || await ContinuedAsync(season, db, ct) is not [var asked, ..] seasons)
        {
            return TypedResults.NotFound();
        }

        var lineage = await UnitLookup.LineageAsync(db, ct);
        var facts = await UnitFacts.LoadAsync([code, .. lineage.AncestorsOf(code, asked.LastDay).Select(ancestor => ancestor.Unit)], db, ct);
        var parts = SeasonParts.Of(code, seasons, facts.Earned(seasons), facts.Lives, lineage, asked.LastDay);

        var reorganised = lineage.LatestOf(code, seasons[^1].FirstDay, asked.LastDay)?.EffectiveOn;
        var day = reorganised ?? asked.FirstDay;
        var rules = await db.Rules.AsNoTracking().Where(rule => rule.Code == ReorganisationResult.Code).ToListAsync(ct);
        var value = rules.On<ReorganisationResult>(day);
        var rule = rules.On(ReorganisationResult.Code, day)!;
        var ledger = SeasonAttribution.Combine(code, parts, value);
        return TypedResults.Ok(new SeasonResultView(
            code, season, ledger.Policy, ledger.Policy.Label(), rule.ValidFrom, rule.ValidTo, rule.Basis, reorganised,
            ledger.Total, ledger.Exact?.ToString(), parts.All(part => part.Total is not null), [.. ledger.Lines.Select(AttributionLineView.Of)]));
    }

    // A unit's accounts know of their own unit only; to everybody else of theirs the others do not exist.
    private static bool MayRead(Caller caller, string unit) => caller.Is(s_everybody) || caller.BelongsTo(unit);

    /// <summary>The season and those it continues, latest first; empty when there is none.</summary>
    private static async Task<List<Season>> ContinuedAsync(string season, ClustersDbContext db, CancellationToken ct)
    {
        var seasons = new List<Season>();
        for (var code = season; code is not null && await db.Seasons.AsNoTracking().SingleOrDefaultAsync(found => found.Code == code, ct) is { } found; code = found.Continues)
        {
            seasons.Add(found);
        }

        return seasons;
    }
}

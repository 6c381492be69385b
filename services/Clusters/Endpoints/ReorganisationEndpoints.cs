using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Sắp xếp, tổ chức lại đơn vị: recorded once, with everything that follows from it, or not at all.</summary>
public static class ReorganisationEndpoints
{
    private const int MaximumUnits = 200;

    public static void MapReorganisations(this IEndpointRouteBuilder app)
    {
        var reorganisations = app.MapGroup("/reorganisations").WithTags("Reorganisations");

        reorganisations.MapPost("/", Record).Accepts<ReorganisationRequest>("application/json").AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary("Ghi nhận việc sắp xếp, tổ chức lại đơn vị")
            .WithDescription($"Tất cả hoặc không gì cả. MERGE: nhiều đơn vị thành một; SPLIT: một thành nhiều, có thể kèm phần kế thừa (share, ví dụ 1/3) có tổng bằng 1; RENAME, LEVEL_CHANGE: giữ mã nếu không nêu mã khác; DISSOLVE: giải thể. Đơn vị tiền thân kết thúc vào ngày trước effective_on; đơn vị kế thừa được đăng ký hoặc thay đổi từ ngày đó; cụm, khối của kỳ chưa tự chấm điểm thay đổi theo, điều gì cần lựa chọn được nêu trong warnings. Lỗi: WRONG_COUNT, DUPLICATE_CODE, UNKNOWN_UNIT, UNIT_CLOSED, BEGINS_LATER, ALREADY_REORGANISED, CODE_REUSED, OWN_ANCESTOR, NOTHING_CHANGES, SHARES_NOT_WHOLE, BAD_SHARE, BAD_CODE, TOO_MANY, OUT_OF_RANGE, UNKNOWN_LEVEL, UNKNOWN_CATEGORY.");
        reorganisations.MapGet("/", List).AllowAnyRole()
            .WithSummary("Danh sách các lần tổ chức lại")
            .WithDescription("Theo thứ tự ghi nhận; lọc theo đơn vị tiền thân hoặc kế thừa (unit).");
        reorganisations.MapGet("/{id:guid}", Get).AllowAnyRole()
            .WithSummary("Một lần tổ chức lại");
    }

    public sealed record ReorganisationRequest(ReorganisationKind Kind, DateOnly EffectiveOn, string Document, IReadOnlyList<string> Predecessors, IReadOnlyList<SuccessorRequest>? Successors = null, DateOnly? DocumentDate = null, string? Reason = null);

    public sealed record SuccessorRequest(string? Code = null, string? Name = null, string? Category = null, string? Level = null, IReadOnlyDictionary<string, string>? Attributes = null, string? Share = null);

    /// <param name="Reorganisation">What was recorded.</param>
    /// <param name="Clusters">Clusters whose members changed with it.</param>
    /// <param name="Warnings">What was left to the agency, and what it should look at.</param>
    public sealed record RecordedReorganisation(ReorganisationView Reorganisation, IReadOnlyList<ChangedCluster> Clusters, IReadOnlyList<Violation> Warnings);

    /// <param name="Id">Key.</param>
    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Code">Mã.</param>
    /// <param name="Version">Its new version.</param>
    public sealed record ChangedCluster(Guid Id, string Season, string Code, int Version);

    /// <param name="Id">Key.</param>
    /// <param name="Kind">MERGE, SPLIT, RENAME, LEVEL_CHANGE or DISSOLVE.</param>
    /// <param name="KindLabel">Vietnamese, for people.</param>
    /// <param name="EffectiveOn">First day of the new order.</param>
    /// <param name="Document">Văn bản.</param>
    /// <param name="DocumentDate">Its date.</param>
    /// <param name="Predecessors">Đơn vị tiền thân.</param>
    /// <param name="Closed">Those of them that ended on the day before.</param>
    /// <param name="Successors">Đơn vị kế thừa, each with what it takes over.</param>
    /// <param name="RecordedAt">When it was recorded.</param>
    public sealed record ReorganisationView(Guid Id, ReorganisationKind Kind, string KindLabel, DateOnly EffectiveOn, string Document, DateOnly? DocumentDate, IReadOnlyList<string> Predecessors, IReadOnlyList<string> Closed, IReadOnlyList<SuccessorView> Successors, DateTimeOffset RecordedAt)
    {
        public static ReorganisationView Of(Reorganisation found) =>
            new(found.Id, found.Kind, found.Kind.Label(), found.EffectiveOn, found.Document, found.DocumentDate, [.. found.Predecessors], [.. found.Closing], [.. found.Successors.Select(unit => new SuccessorView(unit, found.ShareOf(unit).ToString()))], found.RecordedAt);
    }

    /// <param name="Unit">Its code.</param>
    /// <param name="Share">Exact fraction that it takes over of each predecessor: "1", "1/3".</param>
    public sealed record SuccessorView(string Unit, string Share);

    private static async Task<Created<RecordedReorganisation>> Record(StrictBody body, ClustersDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        var bodies = await UnitBodies.LoadAsync(db, clock.Today(), ct);
        var reason = body.Root.Text("reason", required: false);
        var plan = PlanOf(body, bodies);
        journal.Because(reason);

        // Two at once could make a unit its own ancestor without either seeing it.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({nameof(Reorganisation)}, 0))", ct);
        string[] codes = plan is null ? [] : [.. plan.Predecessors.Concat(plan.Successors.Select(successor => successor.Code)).Distinct()];
        var units = await db.Units.Where(unit => codes.Contains(unit.Code)).ToDictionaryAsync(unit => unit.Code, StringComparer.Ordinal, ct);
        if (plan is not null)
        {
            var identifiers = await db.Identifiers.AsNoTracking().Where(identifier => codes.Contains(identifier.Value) && identifier.Unit != identifier.Value).Select(identifier => identifier.Value).ToListAsync(ct);
            new ReorganisationRules(units, await db.Reorganisations.AsNoTracking().ToListAsync(ct), identifiers.ToHashSet(StringComparer.Ordinal)).Check(plan, body.Errors);
        }

        body.RefuseIfWrong();

        var now = clock.GetUtcNow();
        var known = units.Keys.ToHashSet(StringComparer.Ordinal);
        var reorganisation = Reorganisation.Of(plan!, now);
        foreach (var unit in Reorganisation.Apply(plan!, units, now))
        {
            UnitEndpoints.Publish(db, unit);
        }

        db.AddRange(units.Values.Where(unit => !known.Contains(unit.Code)));
        db.Add(reorganisation);
        Publish(db, reorganisation);
        var (clusters, warnings) = await MembershipChanges.ApplyAsync(reorganisation, units, reason ?? $"{plan!.Kind.Label()} theo {plan.Document}", db, clock, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created(
            $"/api/v1/reorganisations/{reorganisation.Id}",
            new RecordedReorganisation(ReorganisationView.Of(reorganisation), [.. clusters.Select(cluster => new ChangedCluster(cluster.Id, cluster.Season, cluster.Code, cluster.Version))], warnings));
    }

    private static async Task<Ok<Page<ReorganisationView>>> List(string? unit, [AsParameters] PageQuery page, ClustersDbContext db, CancellationToken ct)
    {
        var reorganisations = db.Reorganisations.AsNoTracking();
        if (unit is not null)
        {
            reorganisations = reorganisations.Where(reorganisation => reorganisation.Units.Any(part => part.Unit == unit));
        }

        if (page.AfterAs<Guid>() is { } id)
        {
            reorganisations = reorganisations.Where(reorganisation => reorganisation.Id > id);
        }

        var found = await reorganisations.OrderBy(reorganisation => reorganisation.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(ReorganisationView.Of), page.Size, reorganisation => reorganisation.Id.ToString()));
    }

    private static async Task<Results<Ok<ReorganisationView>, NotFound>> Get(Guid id, ClustersDbContext db, CancellationToken ct) =>
        await db.Reorganisations.AsNoTracking().SingleOrDefaultAsync(reorganisation => reorganisation.Id == id, ct) is { } found
            ? TypedResults.Ok(ReorganisationView.Of(found))
            : TypedResults.NotFound();

    private static ReorganisationPlan? PlanOf(StrictBody body, UnitBodies bodies)
    {
        var root = body.Root;
        var (kind, effectiveOn, document, documentDate) = (root.Choice<ReorganisationKind>("kind"), root.Date("effective_on"), root.Name("document"), root.Date("document_date", required: false));
        if (effectiveOn == DateOnly.MinValue)
        {
            root.Refuse("OUT_OF_RANGE", "Không có ngày nào trước ngày này.", "effective_on");
            effectiveOn = null;
        }

        var (before, after) = (root.List("predecessors"), root.List("successors", required: false));
        root.RefuseUnknown();
        foreach (var (list, name) in new[] { (before, "predecessors"), (after, "successors") })
        {
            if (list.Count > MaximumUnits)
            {
                root.Refuse("TOO_MANY", $"Tối đa {MaximumUnits} đơn vị mỗi lần.", name);
                return null;
            }
        }

        var predecessors = before.Select(unit => unit.AsText()).ToList();
        if (kind is null || effectiveOn is null)
        {
            return null;
        }

        var ownCode = kind is ReorganisationKind.Rename or ReorganisationKind.LevelChange ? predecessors.FirstOrDefault() : null;
        var successors = after.Where(unit => unit.ExpectObject()).Select(unit => SuccessorOf(unit, ownCode, effectiveOn.Value, bodies)).ToList();
        return predecessors.Contains(null) || successors.Contains(null) || successors.Count < after.Count
            ? null
            : new ReorganisationPlan(kind.Value, effectiveOn.Value, document ?? "", documentDate, predecessors!, successors!);
    }

    private static SuccessorPlan? SuccessorOf(StrictJson unit, string? ownCode, DateOnly effectiveOn, UnitBodies bodies)
    {
        var code = unit.Has("code") || ownCode is null ? unit.Code("code") : ownCode;
        var describes = unit.Has("name") || unit.Has("category") || unit.Has("level") || unit.Has("attributes");
        var details = describes ? bodies.DetailsOn(unit, effectiveOn) : null;
        Fraction? share = null;
        if (unit.Text("share", required: false) is { } text)
        {
            if (Fraction.TryParse(text, out var number))
            {
                share = number;
            }
            else
            {
                unit.Refuse("BAD_SHARE", "Phần kế thừa là phân số như 1/3 hoặc số thập phân như 0.25, tối đa 12 chữ số.", "share");
            }
        }

        unit.Ignore("code", "name", "category", "level", "attributes");
        unit.RefuseUnknown();
        return code is null ? null : new SuccessorPlan(code, details, share, describes && details is null);
    }

    private static void Publish(ClustersDbContext db, Reorganisation reorganisation) => db.Publish(new UnitsReorganised
    {
        ReorganisationId = reorganisation.Id,
        Kind = UpperSnake.Of(reorganisation.Kind),
        EffectiveOn = reorganisation.EffectiveOn,
        Document = reorganisation.Document,
        Predecessors = [.. reorganisation.Predecessors],
        Closed = [.. reorganisation.Closing],
        Successors = [.. reorganisation.Successors.Select(unit => new ReorganisedSuccessor { Unit = unit, Share = reorganisation.ShareOf(unit).ToString() })],
        At = reorganisation.RecordedAt,
    });
}

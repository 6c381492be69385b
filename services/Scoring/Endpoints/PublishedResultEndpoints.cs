using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Kết quả được công bố (R-20): loaded once by the standing agency; a correction is a new version.</summary>
public static class PublishedResultEndpoints
{
    internal const int MaximumResults = 5000;

    public static void MapPublishedResults(this IEndpointRouteBuilder api)
    {
        var results = api.MapGroup("/published-results").WithTags("Published results");

        results.MapPost("/", Load).AllowRoles(Roles.Appraiser)
            .WithSummary("Nạp kết quả được cấp có thẩm quyền công bố")
            .WithDescription("Nạp tất cả hoặc không gì cả, tối đa 5000 dòng. Giá trị như cũ được bỏ qua; giá trị khác là phiên bản mới và phải có reason. Cụm đã quyết định kết quả thì không sửa được (409 already-decided).")
            .Accepts<LoadRequest>("application/json");
        results.MapGet("/", List).AllowRoles(SheetSight.Readers)
            .WithSummary("Kết quả được công bố đang có hiệu lực");
    }

    public sealed record LoadRequest(string Season, IReadOnlyList<ResultBody> Results, string? Reason = null);

    /// <param name="Index">Chỉ số: PAR, TASK_RESULT …</param>
    /// <param name="Unit">Code of the unit.</param>
    /// <param name="Value">A number or a level's key, as it was published; a JSON number is taken as written.</param>
    /// <param name="Document">The document that published it.</param>
    public sealed record ResultBody(string Index, string Unit, string Value, string Document);

    public sealed record LoadAnswer(int Registered, int Changed, int Unchanged);

    public sealed record PublishedView(Guid Id, string Season, string Index, string Unit, string Value, string Document, int Version, string? Reason, DateTimeOffset LoadedAt);

    /// <summary>Nạp hoặc sửa kết quả; a correction recomputes the sheets that rest on it.</summary>
    private static async Task<Ok<LoadAnswer>> Load(
        JsonElement body, Caller caller, ScoringDbContext db, AdoptedTables tables, TimeProvider clock, JournalContext journal, CancellationToken ct)
    {
        var (season, reason, given) = Read(body);
        await RequireUnitsAsync(db, season, given, ct);
        return TypedResults.Ok(await LoadAsync(db, tables, season, reason, given, caller, clock, journal, ct));
    }

    /// <summary>Loads what differs from what is in force, whether it came as JSON or as a workbook.</summary>
    internal static async Task<LoadAnswer> LoadAsync(
        ScoringDbContext db, AdoptedTables tables, string season, string? reason, IReadOnlyList<GivenResult> given, Caller caller, TimeProvider clock, JournalContext journal, CancellationToken ct)
    {
        var units = given.Select(result => result.Unit).Distinct().ToList();
        var current = await db.PublishedResults.Where(row => row.Season == season && row.IsCurrent && units.Contains(row.Unit))
            .ToDictionaryAsync(row => (row.Index, row.Unit), ct);
        var fresh = given.Where(result => !current.TryGetValue((result.Index, result.Unit), out var old) || old.Value != result.Value || old.Document != result.Document).ToList();
        var corrected = fresh.Where(result => current.ContainsKey((result.Index, result.Unit))).ToList();
        if (fresh.Count > 0)
        {
            RuleViolationException.ThrowIfAny(
                corrected.Count > 0 && string.IsNullOrWhiteSpace(reason) ? [new Violation("MISSING_REASON", "/reason", "Sửa kết quả đã nạp phải nêu lý do.")] : []);
            await StoreAsync(db, tables, season, reason, fresh, current, caller, clock.GetUtcNow(), ct);
            journal.Because(reason);
            await db.SaveChangesAsync(ct);
        }

        return new LoadAnswer(fresh.Count - corrected.Count, corrected.Count, given.Count - fresh.Count);
    }

    /// <summary>The results of the clusters that these units belong to, waited for and none of them decided.</summary>
    internal static async Task<List<ClusterResult>> LockUndecidedAsync(ScoringDbContext db, string season, IReadOnlyList<string> units, CancellationToken ct)
    {
        var affected = await db.Results
            .FromSql($"select r.*, r.xmin from cluster_results r where r.season = {season} and exists (select from cluster_members m where m.cluster_id = r.cluster_id and m.unit = any({units.ToArray()})) order by r.cluster_id for update")
            .ToListAsync(ct);
        affected.ForEach(result => result.RequireUndecided());
        return affected;
    }

    /// <summary>What is in force, by unit and index.</summary>
    private static async Task<Ok<Page<PublishedView>>> List(
        [AsParameters] PageQuery page, string? season, string? index, string? unit, ScoringDbContext db, CancellationToken ct)
    {
        var results = db.PublishedResults.AsNoTracking().Where(row => row.IsCurrent);
        results = season is null ? results : results.Where(row => row.Season == season);
        results = index is null ? results : results.Where(row => row.Index == index);
        results = unit is null ? results : results.Where(row => row.Unit == unit);
        if (page.AfterAs<Guid>() is { } last)
        {
            results = results.Where(row => row.Id > last);
        }

        var found = await results.OrderBy(row => row.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(
            found.ConvertAll(row => new PublishedView(row.Id, row.Season, row.Index, row.Unit, row.Value, row.Document, row.Version, row.Reason, row.LoadedAt)),
            page.Size, view => view.Id.ToString()));
    }

    private static async Task StoreAsync(
        ScoringDbContext db, AdoptedTables tables, string season, string? reason, List<GivenResult> fresh,
        Dictionary<(string Index, string Unit), PublishedResult> current, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        // The lock makes a decision wait for the correction, or the correction see the decision.
        var affected = await LockUndecidedAsync(db, season, [.. fresh.Select(result => result.Unit).Distinct()], ct);

        // The one in force is put out of force before its successor enters: the index admits one of them.
        foreach (var result in fresh)
        {
            if (current.TryGetValue((result.Index, result.Unit), out var old))
            {
                old.IsCurrent = false;
            }
        }

        if (db.ChangeTracker.HasChanges())
        {
            await db.SaveChangesAsync(ct);
        }

        db.AddRange(fresh.Select(result => new PublishedResult
        {
            Id = Guid.CreateVersion7(now),
            Season = season,
            Index = result.Index,
            Unit = result.Unit,
            Version = (current.GetValueOrDefault((result.Index, result.Unit))?.Version ?? 0) + 1,
            Value = result.Value,
            Document = result.Document,
            Reason = reason,
            LoadedBy = caller.Subject,
            LoadedAt = now,
        }));
        await db.SaveChangesAsync(ct);

        var ids = affected.ConvertAll(result => result.ClusterId);
        var begun = await db.Sheets.Where(sheet => ids.Contains(sheet.ClusterId) && sheet.State != SheetState.Draft).Select(sheet => sheet.ClusterId).Distinct().ToListAsync(ct);
        foreach (var result in affected.Where(result => begun.Contains(result.ClusterId)))
        {
            (await ClusterScope.LoadAsync(db, tables, result.ClusterId, result.TableId, withSheets: true, ct)).Rescore(now);
        }
    }

    private static async Task RequireUnitsAsync(ScoringDbContext db, string season, List<GivenResult> given, CancellationToken ct)
    {
        await ScoreSheetEndpoints.Season(db, season, ct);
        var units = given.Select(result => result.Unit).Distinct().ToList();
        var known = await db.Units.AsNoTracking().Where(unit => units.Contains(unit.Code)).Select(unit => unit.Code).ToListAsync(ct);
        if (units.Except(known).ToList() is { Count: > 0 } unknown)
        {
            throw new NotKnownYetException($"Chưa biết đơn vị {string.Join(", ", unknown)}.");
        }
    }

    private static (string Season, string? Reason, List<GivenResult> Results) Read(JsonElement body)
    {
        var errors = new List<Violation>();
        var json = new StrictJson(body, string.Empty, errors);
        json.ExpectObject();
        var season = json.Text("season");
        var reason = json.Text("reason", required: false);
        var results = new List<GivenResult>();
        var seen = new HashSet<(string, string)>();
        foreach (var element in json.List("results"))
        {
            if (!element.ExpectObject())
            {
                continue;
            }

            var (index, unit, document) = (element.Text("index"), element.Text("unit"), element.Text("document"));
            var value = element.Member("value") is not { } member ? null
                : member.Element.ValueKind == JsonValueKind.Number ? member.Element.GetRawText() : member.AsText();
            element.RefuseUnknown();
            if (index is null || unit is null || document is null || value is null)
            {
                continue;
            }

            if (!seen.Add((index, unit)))
            {
                element.Refuse("DUPLICATE_CODE", $"Kết quả {index} của đơn vị {unit} được nêu hai lần.");
            }

            results.Add(new GivenResult(index, unit, value, document));
        }

        json.RefuseUnknown();
        if (results.Count > MaximumResults)
        {
            json.Refuse("TOO_MANY", $"Tối đa {MaximumResults} kết quả một lần.", "results");
        }

        RuleViolationException.ThrowIfAny(errors);
        return (season!, reason, results);
    }

    internal sealed record GivenResult(string Index, string Unit, string Value, string Document);
}

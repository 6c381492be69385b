using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Trích dẫn: what the legal bases of the whole system cite, and what of it is not verified or not in force (C32).</summary>
public static class CitationEndpoints
{
    private const int BatchSize = 1000;

    public static void MapCitations(this IEndpointRouteBuilder app) =>
        app.MapGroup("/citations").WithTags("Legal instruments").MapGet("/", List).WithDates("as_of").AllowAnyRole()
            .WithSummary("Mọi trích dẫn văn bản trong hệ thống, kèm kết quả kiểm chứng")
            .WithDescription("status: VERIFIED, UNVERIFIED hoặc EXPIRED. source: RULE, LEVEL, UNIT_CATEGORY, SEASON_TYPE, ACTIVITY_TYPE, CRITERIA_TABLE hoặc AWARD_POLICY. Kết quả kiểm chứng được tính khi đọc, theo ngày as_of (mặc định hôm nay).");

    /// <param name="Source">What kind of thing cites.</param>
    /// <param name="SourceKey">Which one.</param>
    /// <param name="SourceLabel">Its Vietnamese name.</param>
    /// <param name="Path">JSON pointer to the basis in it.</param>
    /// <param name="Text">Căn cứ: the whole text.</param>
    /// <param name="Number">Số, ký hiệu that it names; absent: none.</param>
    /// <param name="Instrument">Code in the register; absent: it is not there.</param>
    /// <param name="Status">VERIFIED, UNVERIFIED or EXPIRED.</param>
    /// <param name="Reason">Vietnamese.</param>
    /// <param name="JudgedOn">The day by which it was judged: within the days on which the source holds.</param>
    public sealed record CitationView(
        Guid Id, CitationSource Source, string SourceKey, string SourceLabel, string Path, string Text, string? Number, string? Provision, string? Quote,
        string? Instrument, CitationStatus Status, string Reason, DateOnly JudgedOn)
    {
        internal static CitationView Of(StoredCitation citation, ILookup<string, CitableInstrument> register, DateOnly day)
        {
            var on = citation.JudgedOn(day);
            var check = citation.Number is { } number
                ? Citations.Check(citation.Text, new Citation(number, citation.Provision, citation.Quote, citation.IssuedOn), register, on)
                : Citations.Uncited(citation.Text);
            return new CitationView(
                citation.Id, citation.Source, citation.SourceKey, citation.SourceLabel, citation.Path, citation.Text, citation.Number, citation.Provision, citation.Quote,
                check.Instrument, check.Status, check.Reason, on);
        }
    }

    private static async Task<Ok<Page<CitationView>>> List(
        string? status, string? source, [FromQuery(Name = "as_of")] IsoDate? asOf, [AsParameters] PageQuery page, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Violation> errors = [];
        var (wanted, from) = (Named<CitationStatus>(status, "/status", errors), Named<CitationSource>(source, "/source", errors));
        RuleViolationException.ThrowIfAny(errors);
        var (limit, day, register) = (page.Size, asOf?.Day ?? clock.Today(), await db.CitableRegisterAsync(ct));
        var last = page.AfterAs<Guid>() is { } given ? given : Guid.Empty;
        List<CitationView> found = [];
        while (found.Count <= limit)
        {
            var since = last;
            var batch = await db.Citations.AsNoTracking().Where(citation => citation.Id > since && (from == null || citation.Source == from))
                .OrderBy(citation => citation.Id).Take(BatchSize).ToListAsync(ct);
            found.AddRange(batch.Select(citation => CitationView.Of(citation, register, day)).Where(view => wanted is null || view.Status == wanted));
            if (batch.Count < BatchSize)
            {
                break;
            }

            last = batch[^1].Id;
        }

        return TypedResults.Ok(Page.Of(found.Count > limit + 1 ? found[..(limit + 1)] : found, limit, view => view.Id.ToString()));
    }

    private static T? Named<T>(string? given, string path, List<Violation> errors)
        where T : struct, Enum
    {
        if (given is null)
        {
            return null;
        }

        if (UpperSnake.TryParse<T>(given, out var value))
        {
            return value;
        }

        errors.Add(new Violation("WRONG_TYPE", path, $"Phải là một trong: {string.Join(", ", UpperSnake.All<T>())}."));
        return null;
    }
}

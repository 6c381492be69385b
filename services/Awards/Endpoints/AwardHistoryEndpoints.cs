using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Đơn vị dẫn đầu các năm trước: what the rotation signals of a season look back on (G.2).</summary>
public static class AwardHistoryEndpoints
{
    private const decimal MostPoints = 1_000_000;
    private const int LongestCode = 60;

    public static void MapAwardHistory(this RouteGroupBuilder api)
    {
        var history = api.MapGroup("/award-history").WithTags("Award history");
        history.MapPost("/", Load)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead)
            .WithSummary("Nạp đơn vị dẫn đầu các năm trước của các cụm, khối")
            .WithDescription("""
                Tất cả hoặc không mục nào. Mục giống hệt mục đã có thì giữ nguyên; sửa một mục đã có phải nêu lý do (reason).
                Ví dụ: {"season":"2024","entries":[{"year":2023,"cluster":"C1","winner":"A","leader":"B"}]}.
                Tùy chọn cho các dấu hiệu S3 đến S5: ranks {"A":1,…}; margin và maximum (điểm); figures_leader; lineage là mã của cụm trong năm đó, nếu khác.
                Lỗi: 422 errors[] DUPLICATE_CODE, MISSING_REASON, MISSING_PROPERTY, OUT_OF_RANGE, TOO_LONG; 409 not-known-yet, season-closed.
                """);
        history.MapGet("/", List)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Đơn vị dẫn đầu các năm trước, theo cụm, khối và năm");
    }

    private static async Task<Ok<LoadedHistory>> Load(HistoryRequest request, JournalContext journal, AwardsDbContext db, CancellationToken ct)
    {
        var entries = Check(request);
        journal.Because(request.Reason);
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        foreach (var cluster in entries.Select(entry => entry.Cluster).Distinct())
        {
            await db.ClusterAsync(season.Code, cluster!, ct);
        }

        var known = await db.PastWinners.Where(winner => winner.Season == season.Code).ToDictionaryAsync(winner => (winner.Cluster, winner.Year), ct);
        HashSet<(string?, int?)> seen = [];
        List<Violation> errors = [];
        var (loaded, changed) = (0, 0);
        for (var index = 0; index < entries.Count; index++)
        {
            var (entry, path) = (entries[index], $"/entries/{index}");
            if (!seen.Add((entry.Cluster, entry.Year)))
            {
                errors.Add(new Violation("DUPLICATE_CODE", path, $"Cụm, khối {entry.Cluster} có hai mục cho năm {entry.Year}."));
            }
            else if (!known.TryGetValue((entry.Cluster!, entry.Year!.Value), out var winner))
            {
                db.Add(entry.ToWinner(season.Code));
                loaded++;
            }
            else if (!entry.IsSame(winner))
            {
                if (string.IsNullOrEmpty(request.Reason))
                {
                    errors.Add(new Violation("MISSING_REASON", path, $"Mục năm {entry.Year} của {entry.Cluster} đã có với giá trị khác; sửa phải nêu lý do."));
                }

                entry.Correct(winner);
                changed++;
            }
        }

        RuleViolationException.ThrowIfAny(errors);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new LoadedHistory(loaded, changed, entries.Count - loaded - changed));
    }

    private static IReadOnlyList<HistoryEntry> Check(HistoryRequest request)
    {
        List<Violation> errors = [];
        Given.Require(errors, ("/season", request.Season), ("/entries", request.Entries));
        var entries = request.Entries ?? [];
        for (var index = 0; index < entries.Count; index++)
        {
            var entry = entries[index];
            Given.Require(errors, ($"/entries/{index}/year", entry?.Year), ($"/entries/{index}/cluster", entry?.Cluster), ($"/entries/{index}/winner", entry?.Winner));
            if (entry is { Margin: not null } or { Maximum: not null })
            {
                Given.Require(errors, ($"/entries/{index}/margin", entry.Margin), ($"/entries/{index}/maximum", entry.Maximum));
            }

            if (entry?.Maximum <= 0 || entry?.Maximum > MostPoints)
            {
                errors.Add(new Violation("OUT_OF_RANGE", $"/entries/{index}/maximum", $"Điểm tối đa phải lớn hơn 0, không quá {MostPoints}."));
            }

            if (entry?.Margin < 0 || entry?.Margin > MostPoints)
            {
                errors.Add(new Violation("OUT_OF_RANGE", $"/entries/{index}/margin", $"Khoảng cách phải từ 0 đến {MostPoints} điểm."));
            }

            foreach (var (name, code) in new[] { ("figures_leader", entry?.FiguresLeader), ("lineage", entry?.Lineage) })
            {
                if (code?.Length > LongestCode)
                {
                    errors.Add(new Violation("TOO_LONG", $"/entries/{index}/{name}", $"Tối đa {LongestCode} ký tự."));
                }
            }
        }

        RuleViolationException.ThrowIfAny(errors);
        return entries;
    }

    private static async Task<Page<PastWinnerView>> List(string season, string? cluster, [AsParameters] PageQuery page, AwardsDbContext db, CancellationToken ct)
    {
        var winners = db.PastWinners.AsNoTracking().Where(winner => winner.Season == season);
        if (cluster is not null)
        {
            winners = winners.Where(winner => winner.Cluster == cluster);
        }

        if (page.After is { } after)
        {
            var (afterCluster, year) = after.Split('\t') is [var code, var number] && int.TryParse(number, CultureInfo.InvariantCulture, out var read) ? (code, read) : throw Cursor.Bad();
            winners = winners.Where(winner => winner.Cluster.CompareTo(afterCluster) > 0 || (winner.Cluster == afterCluster && winner.Year > year));
        }

        var found = await winners.OrderBy(winner => winner.Cluster).ThenBy(winner => winner.Year).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(PastWinnerView.Of), page.Size, view => $"{view.Cluster}\t{view.Year}");
    }
}

/// <param name="Season">Code of the season whose signals look back.</param>
/// <param name="Entries">One for each cluster and year.</param>
/// <param name="Reason">Mandatory when an entry corrects one that is there.</param>
public sealed record HistoryRequest(string? Season, IReadOnlyList<HistoryEntry>? Entries, string? Reason);

/// <param name="Year">Year of the earlier season.</param>
/// <param name="Cluster">Code of the cluster in this season.</param>
/// <param name="Winner">Code of the unit at position 1.</param>
/// <param name="Leader">Code of the unit that led the cluster that year.</param>
/// <param name="Members">Members of that year, kept as given.</param>
/// <param name="Ranks">Ranks of that year, kept as given; as an object of unit and rank they feed S3.</param>
/// <param name="Margin">First total less second total, in points; with <paramref name="Maximum"/> it feeds S4.</param>
/// <param name="Maximum">Maximum of that year's table, in points.</param>
/// <param name="FiguresLeader">Code of the unit that led by the units' own figures; feeds S5.</param>
/// <param name="Lineage">Code of the cluster in that year, where it was another.</param>
public sealed record HistoryEntry(
    int? Year, string? Cluster, string? Winner, string? Leader, JsonElement? Members, JsonElement? Ranks,
    decimal? Margin = null, decimal? Maximum = null, string? FiguresLeader = null, string? Lineage = null)
{
    internal PastWinner ToWinner(string season) => new()
    {
        Id = Guid.CreateVersion7(),
        Season = season,
        Cluster = Cluster!,
        Year = Year!.Value,
        Winner = Winner!,
        Leader = Leader,
        Members = Text(Members),
        Ranks = Text(Ranks),
        Margin = Margin,
        Maximum = Maximum,
        FiguresLeader = FiguresLeader,
        Lineage = Lineage,
        Version = 1,
    };

    internal bool IsSame(PastWinner winner) =>
        winner.Winner == Winner && winner.Leader == Leader && SameJson(winner.Members, Members) && SameJson(winner.Ranks, Ranks)
        && (winner.Margin, winner.Maximum, winner.FiguresLeader, winner.Lineage) == (Margin, Maximum, FiguresLeader, Lineage);

    internal void Correct(PastWinner winner)
    {
        (winner.Winner, winner.Leader, winner.Members, winner.Ranks) = (Winner!, Leader, Text(Members), Text(Ranks));
        (winner.Margin, winner.Maximum, winner.FiguresLeader, winner.Lineage) = (Margin, Maximum, FiguresLeader, Lineage);
        winner.Version++;
    }

    private static string? Text(JsonElement? json) => json is { ValueKind: not JsonValueKind.Null } value ? value.GetRawText() : null;

    private static bool SameJson(string? stored, JsonElement? given) =>
        (stored, Text(given)) switch
        {
            (null, null) => true,
            (null, _) or (_, null) => false,
            var (one, other) => JsonElement.DeepEquals(JsonElement.Parse(one), JsonElement.Parse(other)),
        };
}

public sealed record LoadedHistory(int Loaded, int Changed, int Unchanged);

public sealed record PastWinnerView(
    string Cluster, int Year, string Winner, string? Leader, JsonElement? Members, JsonElement? Ranks,
    decimal? Margin, decimal? Maximum, string? FiguresLeader, string? Lineage, int Version)
{
    internal static PastWinnerView Of(PastWinner winner) => new(
        winner.Cluster, winner.Year, winner.Winner, winner.Leader,
        winner.Members is null ? null : JsonElement.Parse(winner.Members), winner.Ranks is null ? null : JsonElement.Parse(winner.Ranks),
        winner.Margin, winner.Maximum, winner.FiguresLeader, winner.Lineage, winner.Version);
}

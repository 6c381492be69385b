using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>The documents service with seasons of which everything is known that papers are made of: put there as the messages would.</summary>
public class PaperHost(Servers servers) : DocumentsHost(servers)
{
    public const string Letterhead = "SNV";
    public const string ClusterLetterhead = "CUM";
    private static readonly DateTimeOffset s_at = new(2026, 1, 5, 8, 0, 0, TimeSpan.FromHours(7));

    protected virtual int Workers => 0;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var admin = As(Roles.Admin);
        (await admin.PutJson($"paper-letterheads/{Letterhead}", AgencyLetterhead())).Expect(201);
        (await admin.PutJson($"paper-letterheads/{ClusterLetterhead}", new { valid_from = "2020-01-01", scope = "CLUSTERS", superior_agency = "UBND TỈNH …", place = "Tỉnh …" })).Expect(201);
    }

    public static object AgencyLetterhead(string from = "2020-01-01", string agency = "SỞ NỘI VỤ TỈNH …", string abbreviation = "SNV") => new
    {
        valid_from = from,
        scope = "AGENCY",
        superior_agency = "UBND TỈNH …",
        agency,
        abbreviation,
        place = "Tỉnh …",
        signers = new object[]
        {
            new { code = "GD", name = "Nguyễn Văn A", capacity = "HEAD", head_title = "Giám đốc" },
            new { code = "PGD", name = "Trần Thị B", capacity = "DEPUTY", head_title = "Giám đốc", own_title = "Phó Giám đốc" },
        },
        recipients = new[] { new { kind = "PROVINCIAL_FLAG_SUBMISSION", lines = new[] { "Như trên", "Hội đồng TĐKT tỉnh" } } },
    };

    /// <summary>A season with decided clusters C01, C02 …, of units U-C01-1 … of which the first leads and the second is deputy.</summary>
    public Task<PaperSeason> DecidedAsync(string season, int clusters = 1, int members = 4, int criteria = 6) => WithDatabaseAsync(async db =>
    {
        var made = new PaperSeason(season, [.. Enumerable.Range(1, clusters).Select(number => new PaperCluster(Guid.CreateVersion7(), $"C{number:00}", [.. Enumerable.Range(1, members).Select(unit => $"{season}-{number:00}-{unit}")]))]);
        db.Add(new KnownSeason { Code = season, Closed = false, Version = 1 });
        Know(db, new SeasonPhaseChanged { Season = season, Type = "CALENDAR_YEAR", Year = 2025, Phase = "COUNCIL", Version = 1, At = s_at }, season, season);
        Know(db, new AwardPolicySet { Season = season, ValidFrom = new DateOnly(2025, 1, 1), Basis = "Nghị định 152/2025/NĐ-CP", Version = 1, At = s_at }, season, season);
        foreach (var cluster in made.Clusters)
        {
            db.Add(new KnownCluster { Id = cluster.Id, Season = season, Leader = cluster.Leader, Deputy = cluster.Units[1], Members = [.. cluster.Units], Version = 1 });
            Know(db, season, cluster, criteria);
        }

        await db.SaveChangesAsync();
        return made;
    });

    /// <summary>A later version of a cluster's result: the first unit has other points.</summary>
    public Task ChangeFactsAsync(PaperSeason season, PaperCluster cluster) => WithDatabaseAsync(async db =>
    {
        var key = $"{cluster.Id}";
        var known = await db.Facts.AsNoTracking().SingleAsync(fact => fact.Kind == nameof(ClusterResultDecided) && fact.Key == key);
        var changed = known.Read<ClusterResultDecided>() with { Version = known.Version, Ranking = [.. known.Read<ClusterResultDecided>().Ranking.Select((unit, index) => index == 0 ? unit with { Total = unit.Total + 0.5m } : unit)] };
        var body = JsonSerializer.Serialize(changed);
        return await db.Database.ExecuteSqlAsync($"update known_facts set body = {body}::jsonb where kind = {nameof(ClusterResultDecided)} and key = {key} and season = {season.Code}");
    });

    public async Task<ApiAnswer> DraftAsync(PaperSeason season, string kind, string? cluster = null, string? unit = null, string? award = null, HttpClient? by = null)
    {
        using var appraiser = As(Roles.Appraiser);
        return await (by ?? appraiser).PostJson("papers", cluster is null
            ? new { kind, season = season.Code, unit, award, letterhead = Letterhead, signer = "GD", secretary_name = award is null ? null : "Lê C" }
            : new { kind, season = season.Code, cluster, letterhead = ClusterLetterhead, signer_name = "Phạm D", secretary_name = "Lê C" });
    }

    /// <summary>Issues it as whoever may.</summary>
    public async Task<ApiAnswer> IssueAsync(ApiAnswer draft, object? body = null, HttpClient? by = null)
    {
        using var head = As(Roles.AppraisalHead);
        var client = by ?? head;
        return await client.PostJson($"papers/{draft["id"]}/issue", body ?? new { }, draft.ETag);
    }

    protected override void Configure(IDictionary<string, string> settings)
    {
        base.Configure(settings);
        settings["Documents:PaperWorkers"] = $"{Workers}";
        settings["Documents:PublicAddress"] = "https://thidua.example.gov.vn";
        if (!File.Exists(Path.Combine(Storage, "signer.p12")))
        {
            TestCertificate.Write(Storage);
        }

        settings["Documents:Signing:Certificate"] = Path.Combine(Storage, "signer.p12");
        settings["Documents:Signing:Password"] = TestCertificate.Password;
    }

    private static void Know(DocumentsDbContext db, string season, PaperCluster cluster, int criteria)
    {
        var groups = Enumerable.Range(1, 2).Select(group => new ScoredGroup
        {
            Code = group == 1 ? "I" : "II", Title = $"Nhóm tiêu chí {group}", Max = 10 * criteria / 2,
            Criteria = [.. Enumerable.Range(1, criteria / 2).Select(line => new ScoredCriterion { Code = $"{(group == 1 ? "I" : "II")}.{line}", Title = $"Tiêu chí số {line} của nhóm {group}", Max = 10 })],
        }).ToList();
        var lines = groups.SelectMany(group => group.Criteria).ToList();
        var units = cluster.Units.Select((unit, index) => new ScoredUnit
        {
            Unit = unit, Name = $"Đơn vị {unit}", Rank = index + 1, SelfTotal = 9m * lines.Count, ReviewTotal = 9m * lines.Count, FinalTotal = (9m - (index * 0.25m)) * lines.Count,
            Lines = [.. lines.Select(line => new LinePoints
            {
                Criterion = line.Code, Self = 9, Review = 9, Final = 9 - (index * 0.25m),
                Changes = index == 0 ? [] : [new LineChange { By = "STANDING_AGENCY", Value = 9 - (index * 0.25m), Reason = "Theo số liệu công bố" }],
            })],
        }).ToList();
        List<NominatedPosition> positions =
        [
            new() { NominationId = Guid.CreateVersion7(), Award = PaperSubject.ProvincialFlag, Position = 1, Unit = cluster.Leader, Status = "CANDIDATE", Reason = "Hạng 1" },
            new() { NominationId = Guid.CreateVersion7(), Award = PaperSubject.ChairmanMerit, Position = 2, Unit = cluster.Units[1], Status = "CANDIDATE", Reason = "Hạng 2" },
        ];
        Know(db, new ClusterFormed
        {
            ClusterId = cluster.Id, Season = season, Code = cluster.Code, Name = $"Cụm thi đua số {cluster.Code}", Kind = "CUM", Leader = cluster.Leader, Deputy = cluster.Units[1], Version = 1,
            Members = [.. cluster.Units.Select(unit => new ClusterMember { Unit = unit, Name = $"Đơn vị {unit}", Category = "HC", Level = "TINH" })],
        }, $"{cluster.Id}", season, cluster.Id);
        Know(db, new ClusterResultDecided
        {
            ClusterId = cluster.Id, Season = season, Year = 2025, Code = cluster.Code, Name = $"Cụm thi đua số {cluster.Code}", Size = cluster.Units.Count, Leader = cluster.Leader, Deputy = cluster.Units[1],
            CriteriaTable = "T", CriteriaTableVersion = 1, Max = 10 * lines.Count, Version = 1, DecidedAt = s_at,
            Ranking = [.. units.Select(unit => new UnitResult { Unit = unit.Unit, Name = unit.Name, Total = unit.FinalTotal, Rank = unit.Rank, Groups = [], Bonus = 0, Deductions = 0 })],
        }, $"{cluster.Id}", season, cluster.Id);
        Know(db, new ClusterScoresDecided
        {
            ClusterId = cluster.Id, Season = season, Code = cluster.Code, TableTitle = "Bảng tiêu chí thi đua năm 2025", TableBasis = "Kế hoạch 15/KH-HĐTĐKT", Document = "QĐ 5/QĐ-SNV",
            Groups = groups, Units = units, Version = 1, DecidedAt = s_at,
        }, $"{cluster.Id}", season, cluster.Id);
        Know(db, new NominationsDrawnUp { ClusterId = cluster.Id, Season = season, Code = cluster.Code, ResultVersion = 1, Positions = positions, Version = 1, At = s_at }, $"{cluster.Id}", season, cluster.Id);
        Know(db, new AwardDecided
        {
            NominationId = positions[0].NominationId, Season = season, ClusterId = cluster.Id, Award = PaperSubject.ProvincialFlag, Unit = cluster.Leader, Passed = true, Yes = 16, Members = 17, Needed = 14, Version = 1, At = s_at,
        }, $"{positions[0].NominationId}/{PaperSubject.ProvincialFlag}", season, cluster.Id);
    }

    private static void Know<T>(DocumentsDbContext db, T fact, string key, string season, Guid? cluster = null) =>
        db.Facts.Add(new KnownFact { Kind = typeof(T).Name, Key = key, Season = season, ClusterId = cluster, Version = 1, Body = JsonSerializer.Serialize(fact) });
}

/// <summary>A season of a test.</summary>
public sealed record PaperSeason(string Code, IReadOnlyList<PaperCluster> Clusters)
{
    public PaperCluster Cluster => Clusters[0];
}

/// <summary>A cluster of it; the first unit leads.</summary>
public sealed record PaperCluster(Guid Id, string Code, IReadOnlyList<string> Units)
{
    public string Leader => Units[0];
}

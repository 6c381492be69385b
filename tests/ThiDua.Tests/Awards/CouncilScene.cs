using System.Globalization;
using ThiDua.Awards.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

/// <summary>A council of so many members, m01 in the chair, that meets about the flags of a season.</summary>
internal sealed class CouncilScene(ServiceHost<AwardsDbContext> host, AwardSeason season, int members)
{
    public string Code { get; } = $"HD-{season.Code}";

    public IReadOnlyList<string> Members { get; private set; } = [.. Enumerable.Range(1, members).Select(number => string.Create(CultureInfo.InvariantCulture, $"{season.Code}-m{number:00}"))];

    /// <summary>Units of members, by number of the member.</summary>
    public Dictionary<int, string> Units { get; } = [];

    public HttpClient Admin => host.As(Roles.Admin);

    public HttpClient Secretary => season.Secretary;

    public HttpClient Chair => host.As([Roles.CouncilMember, Roles.CouncilChair], subject: Members[0]);

    public Guid Session { get; private set; }

    public IReadOnlyList<string> Items { get; private set; } = [];

    public static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(7)).DateTime);

    public object Composition(DateOnly? from = null) => new
    {
        code = Code,
        name = "Hội đồng Thi đua - Khen thưởng tỉnh",
        members = Members.Select((subject, index) => new
        {
            subject, name = $"Ông {subject}", office = "Giám đốc sở", unit = Units.GetValueOrDefault(index + 1), role = index == 0 ? "CHAIR" : index == 1 ? "VICE" : "MEMBER",
            from = from ?? new DateOnly(2024, 1, 1), document = "QĐ 12/QĐ-UBND",
        }),
    };

    public HttpClient Member(int number) => host.As(Roles.CouncilMember, subject: Members[number - 1]);

    /// <summary>Seats this account in the place of a member.</summary>
    public void Take(int number, string subject) => Members = [.. Members.Select((member, index) => index == number - 1 ? subject : member)];

    /// <summary>Forms the council and calls a session on awards for today about the flags of these clusters.</summary>
    public async Task CallAsync(params string[] clusters)
    {
        (await Admin.PostJson("councils", Composition())).Expect(201);
        var flags = (await season.Appraiser.GetJson($"nominations?season={season.Code}")).Expect(200)["items"].AsArray().Where(item => (string)item!["award"]! == "PROVINCIAL_FLAG");
        var session = (await Secretary.PostJson("council-sessions", new
        {
            council = Code, season = season.Code, date = Today, kind = "AWARDS", document = "GM 5/GM-HĐ",
            agenda = clusters.Select(cluster => new { award = "PROVINCIAL_FLAG", nomination_id = (string)flags.Single(flag => (string)flag!["cluster"]! == cluster)!["id"]! }),
        })).Expect(201);
        Session = Guid.Parse((string)session["id"]!);
        Items = [.. session["agenda"].AsArray().Select(item => (string)item!["id"]!)];
    }

    public Task<ApiAnswer> ReadAsync() => Secretary.GetJson($"council-sessions/{Session}");

    /// <summary>The first so many are present, the next so many have written, the others stay away.</summary>
    public async Task<ApiAnswer> AttendAsync(int present, int written = 0) => await Secretary.PutJson(
        $"council-sessions/{Session}/attendance",
        new { entries = Members.Take(present + written).Select((subject, index) => new { subject, kind = index < present ? "PRESENT" : "WRITTEN_OPINION" }) },
        (await ReadAsync()).ETag);

    public async Task<ApiAnswer> StepAsync(HttpClient who, int item, string step, object? body = null) =>
        await who.PostJson($"council-sessions/{Session}/items/{Items[item]}/{step}", body, (await ReadAsync()).ETag);

    public Task<ApiAnswer> DrawAsync(HttpClient who, int item, string? idempotencyKey = null) =>
        who.PostJson($"council-sessions/{Session}/items/{Items[item]}/ballot-papers", idempotencyKey: idempotencyKey);

    public Task<ApiAnswer> CastAsync(HttpClient who, int item, string token, string choice, string? idempotencyKey = null) =>
        who.PostJson($"council-sessions/{Session}/items/{Items[item]}/ballot-box", new { token, choice }, idempotencyKey: idempotencyKey);

    public Task<ApiAnswer> CountAsync(int item) => host.As(Roles.Auditor).GetJson($"council-sessions/{Session}/items/{Items[item]}/count");

    /// <summary>The member draws a paper and casts it.</summary>
    public async Task VoteAsync(int member, int item, string choice)
    {
        var token = (string)(await DrawAsync(Member(member), item)).Expect(200)["token"]!;
        (await CastAsync(Member(member), item, token, choice)).Expect(204);
    }

    /// <summary>A whole vote: opened, cast by the members in turn, counted and confirmed.</summary>
    public async Task<ApiAnswer> DecideAsync(int item, IReadOnlyList<string> choices)
    {
        (await StepAsync(Secretary, item, "open")).Expect(200);
        for (var member = 1; member <= choices.Count; member++)
        {
            await VoteAsync(member, item, choices[member - 1]);
        }

        (await StepAsync(Secretary, item, "close")).Expect(200);
        return await StepAsync(Chair, item, "confirm", new { minutes = "BB 7/BB-HĐ" });
    }
}

using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>Who may do what with which paper: every role and place of a unit, over HTTP. What the table does not name is refused.</summary>
public sealed class PaperAccessTests(PaperHost host) : IClassFixture<PaperHost>
{
    private static readonly string[] s_agency = ["appraiser", "appraisal_head"];
    private static readonly string[] s_council = ["council_secretary", "council_member", "council_chair"];

    /// <summary>Kind; who drafts; who sees the draft; who sees it once it was issued; who issues.</summary>
    public static TheoryData<string, string[], string[], string[], string[]> Table => new()
    {
        { "CLUSTER_MEETING_MINUTES", [.. s_agency, "leader_clerk", "leader_head"], [.. s_agency, "auditor", "leader_clerk", "leader_head"], [.. s_agency, "auditor", "leader_clerk", "leader_head", "member_clerk", "member_head"], ["leader_head"] },
        { "VOTE_COUNT_MINUTES", [.. s_agency, "council_secretary"], [.. s_agency, "auditor", "council_secretary"], [.. s_agency, "auditor", .. s_council], ["council_secretary"] },
        { "PROVINCIAL_FLAG_SUBMISSION", s_agency, [.. s_agency, "auditor"], [.. s_agency, "auditor", .. s_council], ["appraisal_head"] },
        { "UNIT_NOTICE", s_agency, [.. s_agency, "auditor"], [.. s_agency, "auditor", "member_clerk", "member_head"], ["appraisal_head"] },
    };

    [Theory, MemberData(nameof(Table))]
    public async Task Each_step_is_open_to_whom_the_table_names(string kind, string[] drafters, string[] seeDraft, string[] seeIssued, string[] issuers)
    {
        var season = await host.DecidedAsync($"A-{kind[..4]}");
        var member = season.Cluster.Units[2];
        var (cluster, unit, award) = (kind == "CLUSTER_MEETING_MINUTES" ? "C01" : null, kind == "UNIT_NOTICE" ? member : null, kind == "VOTE_COUNT_MINUTES" ? "PROVINCIAL_FLAG" : null);
        var callers = Callers(season);
        try
        {
            foreach (var (name, client) in callers)
            {
                var answer = await host.DraftAsync(season, kind, cluster, unit, award, client);
                Assert.True(drafters.Contains(name) ? answer.Status is 200 or 201 : answer.Status is 403 or 404, $"{name} drafts: {answer}");
            }

            var draft = await host.DraftAsync(season, kind, cluster, unit, award);
            await SeeAsync(callers, draft, seeDraft);
            foreach (var (name, client) in callers.Where(caller => !issuers.Contains(caller.Name)))
            {
                Assert.True((await host.IssueAsync(draft, by: client)).Status is 403 or 404, $"{name} issues");
                Assert.True((await client.PostJson($"papers/{draft["id"]}/sign", null, draft.ETag)).Status is 403 or 404, $"{name} signs");
                Assert.True(drafters.Contains(name) || (await client.PostJson($"papers/{draft["id"]}/withdraw", new { reason = "x" }, draft.ETag)).Status is 403 or 404, $"{name} withdraws");
            }

            var issued = (await host.IssueAsync(draft, by: callers.Single(caller => caller.Name == issuers[0]).Client)).Expect(200);
            await SeeAsync(callers, issued, seeIssued);
            foreach (var (name, client) in callers.Where(caller => !issuers.Contains(caller.Name)))
            {
                Assert.True((await client.PostJson($"papers/{draft["id"]}/withdraw", new { reason = "x" }, issued.ETag)).Status is 403 or 404, $"{name} withdraws what is issued");
            }
        }
        finally
        {
            callers.ForEach(caller => caller.Client.Dispose());
        }
    }

    [Theory]
    [InlineData(Roles.Appraiser, true)]
    [InlineData(Roles.AppraisalHead, true)]
    [InlineData(Roles.Auditor, false)]
    [InlineData(Roles.Admin, null)]
    [InlineData(Roles.DataProvider, null)]
    [InlineData(Roles.CouncilSecretary, null)]
    [InlineData(Roles.UnitHead, null)]
    public async Task Jobs_are_started_by_the_standing_agency_and_read_by_the_auditor(string role, bool? starts)
    {
        var season = await host.DecidedAsync($"J-{role}");
        using var client = host.As(role, role == Roles.UnitHead ? season.Cluster.Leader : null);
        using var agency = host.As(Roles.Appraiser);
        var body = new { season = season.Code, kinds = new[] { "UNIT_NOTICE" }, format = "DOCX", letterhead = "SNV", signer = "GD" };

        (await client.PostJson("paper-jobs", body)).Expect(starts == true ? 202 : 403);
        var job = (await agency.PostJson("paper-jobs", body)).Expect(202);
        (await client.GetJson($"paper-jobs/{job["id"]}")).Expect(starts is null ? 403 : 200);
        (await client.GetJson($"paper-jobs/{job["id"]}/archive")).Expect(starts is null ? 403 : 404); // not there yet
        (await client.PostJson($"paper-jobs/{job["id"]}/cancel")).Expect(starts == true ? 200 : 403);
    }

    private static async Task SeeAsync(List<(string Name, HttpClient Client)> callers, ApiAnswer paper, string[] readers)
    {
        foreach (var (name, client) in callers)
        {
            var sees = readers.Contains(name);
            foreach (var path in new[] { "", "/docx", "/pdf" })
            {
                var answer = await client.GetJson($"papers/{paper["id"]}{path}");
                Assert.True(sees ? answer.Status == 200 : answer.Status is 403 or 404, $"{name} {(sees ? "sees" : "does not see")} {answer.Call}: {answer.Status}");
            }

            var list = await client.GetJson($"papers?season={paper["season"]}&kind={paper["kind"]}");
            var listed = list.Status == 200 && list["items"].AsArray().Any(item => (string?)item!["id"] == (string?)paper["id"]);
            Assert.True(listed == sees, $"{name} {(sees ? "finds" : "does not find")} it in the list: {list}");
        }
    }

    private List<(string Name, HttpClient Client)> Callers(PaperSeason season) =>
    [
        .. Roles.All.Except([Roles.UnitClerk, Roles.UnitHead]).Select(role => (role, host.As(role))),
        ("leader_clerk", host.Clerk(season.Cluster.Leader)), ("leader_head", host.Head(season.Cluster.Leader)),
        ("member_clerk", host.Clerk(season.Cluster.Units[2])), ("member_head", host.Head(season.Cluster.Units[2])),
        ("stranger_clerk", host.Clerk("STRANGER")), ("stranger_head", host.Head("STRANGER")),
    ];
}

using System.Text;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Hostile;

/// <summary>The good requests about papers: a draft for each step that ends it, a signed paper, jobs that wait and one that is done.</summary>
internal static class HostilePapers
{
    private const string Minutes = "CLUSTER_MEETING_MINUTES";

    public static async Task AddAsync(PaperJobHost host, Examples examples)
    {
        var season = await host.DecidedAsync("HP", clusters: 3);
        using var anybody = host.As([.. Roles.All], season.Cluster.Leader);
        async Task<string> DraftAsync(int cluster) =>
            (string)(await host.DraftAsync(season, Minutes, season.Clusters[cluster].Code)).Expect(201)["id"]!;
        var (issued, withdrawn) = (await DraftAsync(0), await DraftAsync(1));
        var submission = (await host.DraftAsync(season, "PROVINCIAL_FLAG_SUBMISSION")).Expect(201);
        var published = (await host.IssueAsync(submission)).Expect(200);
        using var head = host.As(Roles.AppraisalHead);
        var signed = (await head.PostJson($"papers/{published["id"]}/sign", null, published.ETag)).Expect(200);
        var unsigned = (await host.IssueAsync((await host.DraftAsync(season, "CERTIFICATE_SUBMISSION")).Expect(201))).Expect(200);

        examples.Add("POST /api/v1/papers", "/api/v1/papers", $$"""{"kind":"{{Minutes}}","season":"HP","cluster":"C03","letterhead":"CUM","signer_name":"Phạm D","secretary_name":"Lê C"}""");
        examples.Add("GET /api/v1/papers", $"/api/v1/papers?season=HP&kind={Minutes}&state=DRAFT&cluster=C01");
        examples.Add("GET /api/v1/papers/{id}", $"/api/v1/papers/{signed["id"]}");
        foreach (var file in new[] { "docx", "pdf", "signed-pdf", "signature" })
        {
            examples.Add($"GET /api/v1/papers/{{id}}/{file}", $"/api/v1/papers/{signed["id"]}/{file}");
        }

        examples.Add("POST /api/v1/papers/{id}/issue", $"/api/v1/papers/{issued}/issue", """{"number":7,"date":null}""", $"/api/v1/papers/{issued}", Head(host, season, 0));
        examples.Add("POST /api/v1/papers/{id}/withdraw", $"/api/v1/papers/{withdrawn}/withdraw", """{"reason":"Lập nhầm"}""", $"/api/v1/papers/{withdrawn}", Head(host, season, 1));
        examples.Add("POST /api/v1/papers/{id}/sign", $"/api/v1/papers/{unsigned["id"]}/sign", null, $"/api/v1/papers/{unsigned["id"]}");
        examples.Add("GET /api/v1/paper-verifications/{hash}", $"/api/v1/paper-verifications/{signed["hash"]}");

        const string Template = "/api/v1/paper-templates/PROVINCIAL_FLAG_SUBMISSION";
        var docx = new Example("", host.Tokens.Token([.. Roles.All], season.Cluster.Leader), await anybody.GetByteArrayAsync(new Uri(Template + "/docx", UriKind.Relative), TestContext.Current.CancellationToken), "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        examples.Add("GET /api/v1/paper-templates/{kind}", Template);
        examples.Add("GET /api/v1/paper-templates/{kind}/docx", Template + "/docx?version=0");
        examples.Add("PUT /api/v1/paper-templates/{kind}", Template, docx with { EtagOf = Template });
        examples.Add("POST /api/v1/paper-templates/{kind}/check", Template + "/check", docx);

        const string Letterhead = "/api/v1/paper-letterheads/CUM";
        examples.Add("GET /api/v1/paper-letterheads/{code}", Letterhead);
        examples.Add("PUT /api/v1/paper-letterheads/{code}", Letterhead, """{"valid_from":"2021-01-01","scope":"CLUSTERS","superior_agency":"UBND TỈNH …","place":"Tỉnh …"}""", Letterhead);

        const string Job = $$"""{"season":"HP","kinds":["{{Minutes}}"],"clusters":["C02"],"format":"DOCX","cluster_letterhead":"CUM"}""";
        async Task<string> StartAsync() => (string)(await anybody.CallAsync(HttpMethod.Post, "paper-jobs", Json(Job))).Expect(202)["id"]!;
        string done;
        await using (await host.StartMakerAsync())
        {
            done = await StartAsync();
            await Eventually.AnswerAsync(() => anybody.GetJson($"paper-jobs/{done}"), answer => (string?)answer["state"] is "DONE", "the job is done", TimeSpan.FromSeconds(60));
        }

        var (waiting, cancelled) = (await StartAsync(), await StartAsync());
        (await anybody.PostJson($"paper-jobs/{cancelled}/cancel")).Expect(200);
        examples.Add("POST /api/v1/paper-jobs", "/api/v1/paper-jobs", Job);
        examples.Add("GET /api/v1/paper-jobs/{id}", $"/api/v1/paper-jobs/{done}");
        examples.Add("GET /api/v1/paper-jobs/{id}/archive", $"/api/v1/paper-jobs/{done}/archive");
        examples.Add("POST /api/v1/paper-jobs/{id}/cancel", $"/api/v1/paper-jobs/{waiting}/cancel");
        examples.Add("POST /api/v1/paper-jobs/{id}/restart", $"/api/v1/paper-jobs/{cancelled}/restart");
    }

    private static string Head(PaperJobHost host, PaperSeason season, int cluster) => host.Tokens.Token([.. Roles.All], season.Clusters[cluster].Leader);

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}

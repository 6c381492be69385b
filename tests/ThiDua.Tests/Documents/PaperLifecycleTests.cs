using System.Globalization;
using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

public sealed class PaperLifecycleTests(PaperHost host) : IClassFixture<PaperHost>
{
    private const string Submission = "PROVINCIAL_FLAG_SUBMISSION";

    [Fact]
    public async Task A_draft_has_no_number_and_the_same_facts_give_the_same_one()
    {
        var season = await host.DecidedAsync("D1");

        var draft = (await host.DraftAsync(season, Submission)).Expect(201);
        var again = (await host.DraftAsync(season, Submission)).Expect(200);

        Assert.Equal($"/api/v1/papers/{draft["id"]}", draft.Location);
        Assert.Equal((string?)draft["id"], (string?)again["id"]);
        Assert.Equal("DRAFT", (string?)draft["state"]);
        Assert.Null(draft.Json!["symbol"]);
        Assert.NotEmpty(draft["warnings"].AsArray());
        using var appraiser = host.As(Roles.Appraiser);
        var text = await TextOfAsync(appraiser, draft);
        Assert.Contains("SỞ NỘI VỤ TỈNH …", text, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"Số:\s{4,}/TTr-SNV", text);
    }

    [Fact]
    public async Task Issuing_gives_number_and_date_and_prints_them()
    {
        var season = await host.DecidedAsync("D2");
        var draft = (await host.DraftAsync(season, Submission)).Expect(201);

        var issued = (await host.IssueAsync(draft, new { number = 41 })).Expect(200);

        Assert.Equal(("ISSUED", "41/TTr-SNV"), ((string?)issued["state"], (string?)issued["symbol"]));
        Assert.NotEqual((string?)draft["hash"], (string?)issued["hash"]);
        using var auditor = host.As(Roles.Auditor);
        Assert.Contains("41/TTr-SNV", await TextOfAsync(auditor, issued), StringComparison.Ordinal);
        (await host.IssueAsync(issued)).Expect(409, "wrong-state");
        var kept = await host.WithDatabaseAsync(db => db.Papers.SingleAsync(paper => paper.Id == (Guid)issued["id"]!));
        Assert.Equal("41/TTr-SNV", kept.Content.Fields["so_ky_hieu"]);
    }

    [Fact]
    public async Task What_changed_since_the_draft_is_shown_and_refused()
    {
        var season = await host.DecidedAsync("D3");
        var draft = (await host.DraftAsync(season, "SCORE_SUMMARY", cluster: "C01")).Expect(201);
        var minutes = (await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201);
        using var head = host.Head(season.Cluster.Leader);
        Assert.False((bool)(await head.GetJson($"papers/{minutes["id"]}")).Expect(200)["stale"]!);

        await host.ChangeFactsAsync(season, season.Cluster);

        Assert.True((bool)(await head.GetJson($"papers/{minutes["id"]}")).Expect(200)["stale"]!);
        (await host.IssueAsync(minutes, by: head)).Expect(409, "facts-changed");
        var next = (await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201);
        Assert.NotEqual((string?)minutes["id"], (string?)next["id"]);
        (await host.IssueAsync(next, by: head)).Expect(200);
        Assert.Equal("SUPERSEDED", (string?)(await head.GetJson($"papers/{minutes["id"]}")).Expect(200)["state"]);
        Assert.Equal("DRAFT", (string?)(await head.GetJson($"papers/{draft["id"]}")).Expect(200)["state"]); // another subject
    }

    [Fact]
    public async Task A_later_paper_of_the_same_subject_takes_the_place_of_the_earlier()
    {
        var season = await host.DecidedAsync("D4");
        using var head = host.Head(season.Cluster.Leader);
        var first = (await host.IssueAsync((await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201), by: head)).Expect(200);
        await host.ChangeFactsAsync(season, season.Cluster);
        var second = (await host.IssueAsync((await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201), by: head)).Expect(200);

        var (before, after) = ((await head.GetJson($"papers/{first["id"]}")).Expect(200), (await head.GetJson($"papers/{second["id"]}")).Expect(200));
        Assert.Equal(("SUPERSEDED", (string?)second["id"]), ((string?)before["state"], (string?)before["superseded_by"]));
        var next = int.Parse(((string)first["symbol"]!).Split('/')[0], CultureInfo.InvariantCulture) + 1; // the register is shared with the other tests
        Assert.Equal(("ISSUED", $"{next:00}/BB-C01"), ((string?)after["state"], (string?)after["symbol"]));
        (await head.PostJson($"papers/{first["id"]}/withdraw", new { reason = "Nhầm" }, before.ETag)).Expect(409, "wrong-state");
    }

    [Fact]
    public async Task An_annex_bears_the_number_of_its_paper()
    {
        var season = await host.DecidedAsync("D5");
        using var head = host.Head(season.Cluster.Leader);
        var summary = (await host.DraftAsync(season, "SCORE_SUMMARY", cluster: "C01")).Expect(201);
        (await host.IssueAsync(summary, by: head)).Expect(409, "main-paper-missing");
        (await host.IssueAsync(summary, new { number = 7 }, head)).Expect(422, "validation-failed");

        (await host.IssueAsync((await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201), new { number = 9 }, head)).Expect(200);

        Assert.Equal("kèm theo 09/BB-C01", (string?)(await host.IssueAsync(summary, by: head)).Expect(200)["symbol"]);
    }

    [Fact]
    public async Task Withdrawing_needs_a_reason_and_keeps_the_number()
    {
        var season = await host.DecidedAsync("D6");
        using var head = host.As(Roles.AppraisalHead);
        var issued = (await host.IssueAsync((await host.DraftAsync(season, "CERTIFICATE_SUBMISSION")).Expect(201), new { number = 90 })).Expect(200);
        (await head.PostJson($"papers/{issued["id"]}/withdraw", new { reason = "" }, issued.ETag)).Expect(422);
        (await head.PostJson($"papers/{issued["id"]}/withdraw", new { reason = "Sai căn cứ" })).Expect(428);

        var withdrawn = (await head.PostJson($"papers/{issued["id"]}/withdraw", new { reason = "Sai căn cứ" }, issued.ETag)).Expect(200);

        Assert.Equal(("WITHDRAWN", "90/TTr-SNV", "Sai căn cứ"), ((string?)withdrawn["state"], (string?)withdrawn["symbol"], (string?)withdrawn["withdrawn_because"]));
        var next = (await host.DraftAsync(season, "CERTIFICATE_SUBMISSION")).Expect(201);
        (await host.IssueAsync(next, new { number = 90 })).Expect(409, "number-taken");
    }

    [Fact]
    public async Task What_is_missing_is_named_and_nothing_is_kept()
    {
        var season = await host.DecidedAsync("D7");
        using var appraiser = host.As(Roles.Appraiser);

        Assert.Contains(("MISSING_PROPOSAL", "/government_flag"), (await host.DraftAsync(season, "GOVERNMENT_FLAG_SUBMISSION")).Expect(422, "facts-missing").Errors);
        (await appraiser.PostJson("papers", new { kind = Submission, season = season.Code, letterhead = "KHONG", signer = "GD" })).Expect(409, "no-letterhead");
        Assert.Contains(("UNKNOWN_SIGNER", "/signer"), (await appraiser.PostJson("papers", new { kind = Submission, season = season.Code, letterhead = "SNV", signer = "X" })).Expect(422).Errors);
        (await appraiser.PostJson("papers", new { kind = Submission, season = season.Code, letterhead = "CUM" })).Expect(409, "wrong-letterhead");
        (await appraiser.PostJson("papers", new { kind = Submission, season = "KHONG-CO", letterhead = "SNV", signer = "GD" })).Expect(409, "not-known-yet");
        Assert.Contains(("NOT_TAKEN", "/unit"), (await host.DraftAsync(season, Submission, unit: "X")).Expect(422).Errors);
        Assert.Contains(("MISSING_PROPERTY", "/award"), (await host.DraftAsync(season, "NOMINATION_LIST")).Expect(422).Errors);
        Assert.Contains(("NO_SUCH_PAPER", "/award"), (await host.DraftAsync(season, "DRAFT_DECISION", award: "GOVERNMENT_FLAG")).Expect(422).Errors);
        Assert.Empty((await appraiser.GetJson($"papers?season={season.Code}")).Expect(200)["items"].AsArray());
    }

    [Fact]
    public async Task The_open_verification_tells_what_became_of_a_paper_and_nothing_of_drafts()
    {
        var season = await host.DecidedAsync("D8");
        using var head = host.Head(season.Cluster.Leader);
        using var anybody = host.Anonymous();
        var draft = (await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201);
        var unknown = (await anybody.GetJson($"paper-verifications/{new string('0', 64)}")).Expect(200);
        var asDraft = (await anybody.GetJson($"paper-verifications/{draft["hash"]}")).Expect(200);
        Assert.Equal("UNKNOWN", (string?)unknown["status"]);
        Assert.Equal(unknown.Json!.AsObject().Select(member => member.Key), asDraft.Json!.AsObject().Select(member => member.Key)); // a draft looks like nothing

        var issued = (await host.IssueAsync(draft, by: head)).Expect(200);
        Assert.Equal(
            ["hash", "status", "kind", "symbol", "date", "agency"],
            (await VerifyAsync(issued, "PUBLISHED")).Json!.AsObject().Select(member => member.Key));

        await host.ChangeFactsAsync(season, season.Cluster);
        var second = (await host.IssueAsync((await host.DraftAsync(season, "CLUSTER_MEETING_MINUTES", cluster: "C01")).Expect(201), by: head)).Expect(200);
        await VerifyAsync(issued, "SUPERSEDED");
        await VerifyAsync(second, "PUBLISHED");
        (await head.PostJson($"papers/{second["id"]}/withdraw", new { reason = "Nhầm" }, second.ETag)).Expect(200);
        await VerifyAsync(second, "WITHDRAWN");

        var page = await anybody.CallAsync(HttpMethod.Get, $"paper-verifications/{issued["hash"]}", headers: new() { ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" });
        Assert.Equal("text/html", page.Expect(200).ContentType);
        Assert.Contains("Văn bản đã được thay thế", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);

        async Task<ApiAnswer> VerifyAsync(ApiAnswer paper, string status)
        {
            var grouped = string.Join(' ', ((string)paper["hash"]!).Chunk(8).Select(group => new string(group)));
            var answer = (await anybody.GetJson($"paper-verifications/{Uri.EscapeDataString(grouped)}")).Expect(200);
            Assert.Equal(status, (string?)answer["status"]);
            return answer;
        }
    }

    [Fact]
    public async Task Who_read_a_paper_is_in_the_journal()
    {
        var season = await host.DecidedAsync("D9");
        var draft = (await host.DraftAsync(season, Submission)).Expect(201);
        using var auditor = host.As(Roles.Auditor, subject: "who-reads");
        await TextOfAsync(auditor, draft);

        var journal = (await auditor.GetJson($"journal/documents?subject=Paper/{draft["id"]}")).Expect(200);

        Assert.Contains(journal["items"].AsArray(), entry => (string?)entry!["action"] == "GET /api/v1/papers/{id}/docx" && (string?)entry["actor"] == "who-reads");
    }

    [Fact]
    public async Task A_letterhead_is_chosen_by_the_papers_date_and_its_versions_never_change()
    {
        using var admin = host.As(Roles.Admin);
        var today = TimeProvider.System.Today();
        (await admin.PutJson("paper-letterheads/DOI", PaperHost.AgencyLetterhead("2020-01-01", "SỞ CŨ", "SC"))).Expect(201);
        (await admin.PutJson("paper-letterheads/DOI", PaperHost.AgencyLetterhead($"{today:yyyy-MM-dd}", "SỞ MỚI", "SM"))).Expect(412);
        var first = (await admin.GetJson("paper-letterheads/DOI")).Expect(200);
        (await admin.PutJson("paper-letterheads/DOI", PaperHost.AgencyLetterhead($"{today:yyyy-MM-dd}", "SỞ MỚI", "SM"), first.ETag)).Expect(200);
        var season = await host.DecidedAsync("D10");
        using var appraiser = host.As(Roles.Appraiser);
        using var head = host.As(Roles.AppraisalHead);
        var draft = (await appraiser.PostJson("papers", new { kind = Submission, season = season.Code, letterhead = "DOI", signer = "PGD" })).Expect(201);
        Assert.Equal("SỞ MỚI", (string?)draft["agency"]);

        var issued = (await head.PostJson($"papers/{draft["id"]}/issue", new { date = $"{today.AddDays(-1):yyyy-MM-dd}" }, draft.ETag)).Expect(200);

        Assert.Equal(("SỞ CŨ", "01/TTr-SC", 1), ((string?)issued["agency"], (string?)issued["symbol"], (int)issued["letterhead_version"]!));
        Assert.Contains("KT. GIÁM ĐỐC", await TextOfAsync(head, issued), StringComparison.Ordinal);
        var bad = (await admin.PutJson("paper-letterheads/SAI", new { valid_from = "2020-01-01", scope = "AGENCY", place = "", signers = new[] { new { code = "A", name = "A", capacity = "BY_AUTHORISATION", head_title = "Chủ tịch" } } })).Expect(422);
        Assert.Superset(
            new HashSet<(string, string)> { ("MISSING_PROPERTY", "/place"), ("MISSING_PROPERTY", "/agency"), ("MISSING_PROPERTY", "/abbreviation"), ("MISSING_PROPERTY", "/signers/0/delegation"), ("WRONG_AUTHORITY", "/signers/0/capacity") },
            bad.Errors.ToHashSet());
    }

    private static async Task<string> TextOfAsync(HttpClient client, ApiAnswer paper)
    {
        using var response = await client.GetAsync(new Uri($"papers/{paper["id"]}/docx", UriKind.Relative), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        await using var docx = new ZipArchive(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        using var body = new StreamReader(docx.GetEntry("word/document.xml")!.Open());
        return System.Text.RegularExpressions.Regex.Replace(await body.ReadToEndAsync(TestContext.Current.CancellationToken), "<[^>]+>", "");
    }
}

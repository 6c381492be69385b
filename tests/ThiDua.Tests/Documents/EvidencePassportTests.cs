using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>What is said of a paper, where else its file is used, how long it is kept.</summary>
public sealed class EvidencePassportTests(DocumentsHost host) : IClassFixture<DocumentsHost>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proposals_name_their_source_and_the_unit_has_the_last_word_until_it_submits()
    {
        var (leader, _, unit) = await host.FormClusterAsync();
        await TellSeasonAsync(DocumentsHost.Season, 2026);
        using var clerk = host.Clerk(unit);
        using var stranger = host.Clerk(leader);
        using var auditor = host.As(Roles.Auditor);
        var word = AttackFiles.Word("""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Số: 06/BC-SNV</w:t></w:r></w:p><w:p><w:r><w:t>ngày 05 tháng 01 năm 2025</w:t></w:r></w:p></w:body></w:document>""");

        var stored = (await DocumentsHost.UploadAsync(clerk, unit, word, "Số 05.BC-SNV ngày 3-2-2026.docx", AttackFiles.Docx)).Expect(201);
        Assert.Equal(
            ["NUMBER 05/BC-SNV FILE_NAME", "DATE 2026-02-03 FILE_NAME", "ISSUER SNV FILE_NAME", "NUMBER 06/BC-SNV TEXT", "DATE 2025-01-05 TEXT", "ISSUER SNV TEXT"],
            stored["proposals"].AsArray().Select(proposal => $"{proposal!["field"]} {proposal["value"]} {proposal["source"]}"));
        Assert.Equal("NO", (string?)stored["in_season"]); // of the text, which knows better than the name
        Assert.Equal(["NUMBERS_DIFFER", "DATE_OUTSIDE_SEASON"], Warnings(stored));

        var address = $"documents/{stored["id"]}/paper";
        (await clerk.PutJson(address, new { number = "05/BC-SNV" })).Expect(428);
        (await stranger.PutJson(address, new { number = "05/BC-SNV" }, stored.ETag)).Expect(404);
        Assert.Equal("/number", (await clerk.PutJson(address, new { number = new string('1', 101) }, stored.ETag)).Expect(422).Errors.Single().Path);
        var corrected = (await clerk.PutJson(address, new { number = "06/BC-SNV", date = "2026-01-05", issuer = "Sở Nội vụ" }, stored.ETag)).Expect(200);
        Assert.Equal(("06/BC-SNV", "2026-01-05", "YES"), ((string?)corrected["number"], (string?)corrected["date"], (string?)corrected["in_season"]));
        Assert.Equal("DECLARED", (string?)corrected["proposals"][0]!["source"]);
        (await clerk.PutJson(address, new { number = "07/BC-SNV" }, stored.ETag)).Expect(412);
        var journal = (await auditor.GetJson($"journal/documents?subject=Evidence/{stored["id"]}")).Expect(200)["items"].AsArray();
        Assert.Contains(journal, row => ((string?)row!["action"])!.StartsWith("PUT ", StringComparison.Ordinal) && (string?)row["changes"]![0]!["after"]!["paper_number"] == "06/BC-SNV");

        await host.SubmitAsync(unit);
        (await clerk.PutJson(address, new { number = "08/BC-SNV" }, corrected.ETag)).Expect(409, "sheet-submitted");
    }

    [Fact]
    public async Task The_same_file_is_shown_where_else_it_is_used_to_those_who_may_see_it_there()
    {
        var (leader, _, unit) = await host.FormClusterAsync();
        var (_, _, other) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var head = host.Head(leader);
        using var otherClerk = host.Clerk(other);
        using var appraiser = host.As(Roles.Appraiser);
        var file = DocumentsHost.Pdf();
        var first = (await DocumentsHost.UploadAsync(clerk, unit, file)).Expect(201);
        var second = (await DocumentsHost.UploadAsync(clerk, unit, file, criterion: "I.2")).Expect(201);
        var elsewhere = (await DocumentsHost.UploadAsync(otherClerk, other, file, criterion: "II.1")).Expect(201);

        Assert.Empty(first["reused_in"].AsArray());
        Assert.Equal(["I.1"], Places(second));
        Assert.Contains("REUSED", Warnings(second));
        Assert.Empty(elsewhere["reused_in"].AsArray()); // it must not learn that another unit has this file
        Assert.DoesNotContain("REUSED", Warnings(elsewhere));
        Assert.Equal(["I.2", "II.1"], Places((await appraiser.GetJson($"documents/{first["id"]}")).Expect(200)));
        Assert.Equal(["I.2"], Places((await clerk.GetJson($"documents/{first["id"]}")).Expect(200)));
        var listed = (await appraiser.GetJson($"documents?season={DocumentsHost.Season}&unit={other}")).Expect(200)["items"][0]!;
        Assert.Equal(new[] { $"{unit} I.1", $"{unit} I.2" }, listed["reused_in"]!.AsArray().Select(place => $"{place!["unit"]} {place["criterion"]}"));

        await host.SubmitAsync(unit);
        Assert.Equal(["I.2"], Places((await head.GetJson($"documents/{first["id"]}")).Expect(200))); // the leader sees its member's, not the other cluster's

        // Withdrawn, it is used no more.
        (await otherClerk.DeleteJson($"documents/{elsewhere["id"]}", elsewhere.ETag)).Expect(204);
        Assert.Equal(["I.2"], Places((await appraiser.GetJson($"documents/{first["id"]}")).Expect(200)));
    }

    [Fact]
    public async Task Reading_of_evidence_stands_in_the_journal()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var appraiser = host.As(Roles.Appraiser, subject: "chuyenvien-9");
        using var auditor = host.As(Roles.Auditor);
        var stored = (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);

        (await appraiser.GetJson($"documents/{stored["id"]}")).Expect(200);
        (await appraiser.GetJson($"documents?season={DocumentsHost.Season}&unit={unit}")).Expect(200);

        foreach (var subject in new[] { $"Evidence/{stored["id"]}", $"Evidence/{DocumentsHost.Season},{unit}" })
        {
            var rows = (await auditor.GetJson($"journal/documents?subject={subject}")).Expect(200)["items"].AsArray();
            Assert.Contains(rows, row => (string?)row!["actor"] == "chuyenvien-9" && ((string?)row["action"])!.StartsWith("GET /api/v1/documents", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Only_what_no_period_keeps_any_longer_is_deleted_and_only_by_a_run()
    {
        using var agency = host.As(Roles.AppraisalHead);
        using var appraiser = host.As(Roles.Appraiser);
        var periods = (await agency.GetJson("retention-periods")).Expect(200).Json!.AsArray();
        var movement = periods.Single(period => (string?)period!["code"] == "MOVEMENT_FILE")!;
        Assert.Equal((10, "2023-02-01"), ((int)movement["years"]!, (string?)movement["valid_from"]));
        Assert.Null(periods.Single(period => (string?)period!["code"] == "COMMENDATION_STATE")!["years"]);

        // A season of 2024 by a period of one year that held then: it was over at the end of 2025.
        (await appraiser.PostJson("retention-periods", new { code = "MOVEMENT_FILE", title = "Thử", years = 1, basis = "Thử", valid_from = "2024-06-01" })).Expect(403);
        (await agency.PostJson("retention-periods", new { code = "MOVEMENT_FILE", title = "Thử", years = 1, basis = "Thử", valid_from = "2024-06-01" })).Expect(201);
        Assert.Equal("PERIOD_OVERLAPS", (await agency.PostJson("retention-periods", new { code = "MOVEMENT_FILE", title = "Thử", years = 1, basis = "Thử", valid_from = "2024-05-31" })).Expect(422).Errors.Single().Code);
        var old = await StoreInAsync("2024", 2024);
        var shared = await StoreInAsync("2024-B", 2024);
        var kept = await StoreInAsync("2025-B", 2025, shared.File);
        using var oldClerk = host.Clerk(old.Unit);
        Assert.Equal("2025-12-31", (string?)(await oldClerk.GetJson($"documents/{old.Id}")).Expect(200)["retain_until"]);

        // Nothing of a season that is not closed.
        Assert.Empty((await agency.PostJson("evidence-deletions", new { dry_run = true })).Expect(200)["items"].AsArray());
        foreach (var (season, year) in new[] { ("2024", 2024), ("2024-B", 2024), ("2025-B", 2025) })
        {
            await TellSeasonAsync(season, year, closed: true);
        }

        // The file of two seasons stays because the later one is kept until the end of 2026.
        var dry = (await agency.PostJson("evidence-deletions", new { dry_run = true })).Expect(200);
        Assert.Equal([old.Id], dry["items"].AsArray().Select(item => (string?)item!["id"]));
        (await oldClerk.GetJson($"documents/{old.Id}/content")).Expect(200);
        Assert.Equal("/reason", (await agency.PostJson("evidence-deletions", new { dry_run = false })).Expect(422).Errors.Single().Path);
        (await appraiser.PostJson("evidence-deletions", new { dry_run = false, reason = "Hết hạn" })).Expect(403);

        var run = (await agency.PostJson("evidence-deletions", new { dry_run = false, reason = "Hết thời hạn bảo quản" })).Expect(200);

        Assert.Equal([old.Id], run["items"].AsArray().Select(item => (string?)item!["id"]));
        (await oldClerk.GetJson($"documents/{old.Id}/content")).Expect(410, "content-deleted");
        Assert.NotNull((await oldClerk.GetJson($"documents/{old.Id}")).Expect(200)["content_deleted_at"]);
        await host.EventuallyAsync(() => Task.FromResult(!Directory.EnumerateFiles(host.Storage, old.Hash, SearchOption.AllDirectories).Any()), "the content is gone");
        using var keeper = host.Clerk(kept.Unit);
        (await keeper.GetJson($"documents/{kept.Id}/content")).Expect(200);
        var rows = (await agency.GetJson($"journal/documents?subject=Evidence/{old.Id}")).Expect(200)["items"].AsArray();
        Assert.Contains(rows, row => (string?)row!["reason"] == "Hết thời hạn bảo quản");
        Assert.Empty((await agency.PostJson("evidence-deletions", new { dry_run = true })).Expect(200)["items"].AsArray());
    }

    [Fact]
    public async Task A_content_that_was_given_up_and_stored_again_meanwhile_stays()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var stored = (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);

        // As a run leaves it that is killed before the contents are gone.
        await host.WithDatabaseAsync(db =>
        {
            db.Add(new ContentRemoval { Sha256 = (string)stored["sha256"]!, At = TimeProvider.System.GetUtcNow() });
            db.Add(new ContentRemoval { Sha256 = new string('a', 64), At = TimeProvider.System.GetUtcNow() }); // gone already
            return db.SaveChangesAsync(Cancel);
        });

        await host.EventuallyAsync(async () => !await host.WithDatabaseAsync(db => db.Removals.AnyAsync(Cancel)), "the list is worked off");
        (await clerk.GetJson((string)stored["content"]!)).Expect(200);
    }

    private static IEnumerable<string?> Warnings(ApiAnswer document) => document["warnings"].AsArray().Select(warning => (string?)warning!["code"]);

    private static IEnumerable<string?> Places(ApiAnswer document) => document["reused_in"].AsArray().Select(place => (string?)place!["criterion"]);

    private async Task<(string Id, string Unit, string Hash, byte[] File)> StoreInAsync(string season, int year, byte[]? file = null)
    {
        var (leader, deputy, unit) = (host.NewUnit(), host.NewUnit(), host.NewUnit());
        await host.PublishAsync(DocumentsHost.Cluster(Guid.CreateVersion7(), 1, leader, deputy, unit) with { Season = season });
        await TellSeasonAsync(season, year);
        await host.EventuallyAsync(() => host.WithDatabaseAsync(async db => (await db.AccessToAsync(season, unit, Cancel)).Clusters.Count > 0), "the cluster is known");
        using var clerk = host.Clerk(unit);
        var content = file ?? DocumentsHost.Pdf();
        var begun = (await TusClient.BeginAsync(clerk, unit, content.Length, season: season)).Expect(201);
        var address = (await TusClient.PatchAsync(clerk, begun.Location!, 0, content)).Expect(204).Headers["Content-Location"];
        var stored = (await clerk.GetJson(address)).Expect(200);
        return ((string)stored["id"]!, unit, (string)stored["sha256"]!, content);
    }

    private async Task TellSeasonAsync(string season, int year, bool closed = false)
    {
        await host.PublishAsync(new SeasonPhaseChanged { Season = season, Type = "CALENDAR_YEAR", Year = year, Phase = closed ? "CLOSED" : "SELF_SCORING", Version = closed ? 8 : 3, At = TimeProvider.System.GetUtcNow() });
        await host.EventuallyAsync(() => host.WithDatabaseAsync(async db => (await db.Seasons.FindAsync([season], Cancel)) is { } known && known.Closed == closed), "the season is known");
    }
}

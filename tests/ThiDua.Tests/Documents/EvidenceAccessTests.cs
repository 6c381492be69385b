using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Documents;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

public sealed class EvidenceAccessTests(DocumentsHost host) : IClassFixture<DocumentsHost>
{
    [Fact]
    public async Task Until_submission_only_the_unit_itself_and_the_standing_agency_see_its_evidence()
    {
        var (leader, deputy, unit) = await host.FormClusterAsync();
        var (strange, _, _) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var id = (string)(await DocumentsHost.UploadAsync(clerk, unit)).Expect(201)["id"]!;

        foreach (var (client, status) in new[]
        {
            (host.Clerk(unit), 200), (host.As(Roles.Appraiser), 200), (host.As(Roles.AppraisalHead), 200), (host.As(Roles.Auditor), 200),
            (host.Head(leader), 404), (host.Head(deputy), 404), (host.Head(strange), 404),
        })
        {
            using (client)
            {
                (await client.GetJson($"documents/{id}")).Expect(status);
                (await client.GetJson($"documents/{id}/content")).Expect(status);
                (await client.GetJson($"documents?season={DocumentsHost.Season}&unit={unit}")).Expect(status);
            }
        }
    }

    [Fact]
    public async Task After_submission_leader_and_deputy_see_it_and_other_members_do_not()
    {
        var units = (Leader: host.NewUnit(), Deputy: host.NewUnit(), Member: host.NewUnit(), Other: host.NewUnit());
        await host.PublishAsync(DocumentsHost.Cluster(Guid.CreateVersion7(), 1, units.Leader, units.Deputy, units.Member, units.Other));
        await host.EventuallyKnownAsync(units.Member);
        using var clerk = host.Clerk(units.Member);
        var id = (string)(await DocumentsHost.UploadAsync(clerk, units.Member)).Expect(201)["id"]!;

        await host.SubmitAsync(units.Member);

        foreach (var (unit, status) in new[] { (units.Leader, 200), (units.Deputy, 200), (units.Other, 404) })
        {
            using var head = host.Head(unit);
            (await head.GetJson($"documents/{id}/content")).Expect(status);
        }
    }

    [Theory]
    [InlineData(Roles.Admin)]
    [InlineData(Roles.DataProvider)]
    public async Task Roles_without_a_part_in_scoring_are_refused(string role)
    {
        using var client = host.As(role);

        (await client.GetJson($"documents?season={DocumentsHost.Season}&unit=X")).Expect(403);
    }

    [Fact]
    public async Task Once_the_result_is_decided_the_other_members_and_the_council_see_it_until_it_is_opened_again()
    {
        var cluster = Guid.CreateVersion7();
        var units = (Leader: host.NewUnit(), Deputy: host.NewUnit(), Member: host.NewUnit(), Other: host.NewUnit());
        var (strange, _, _) = await host.FormClusterAsync();
        await host.PublishAsync(DocumentsHost.Cluster(cluster, 1, units.Leader, units.Deputy, units.Member, units.Other));
        await host.EventuallyKnownAsync(units.Member);
        using var clerk = host.Clerk(units.Member);
        var id = (string)(await DocumentsHost.UploadAsync(clerk, units.Member)).Expect(201)["id"]!;
        await host.SubmitAsync(units.Member);

        await SeeAsync(released: false);
        await host.DecideAsync(cluster, 1);
        await SeeAsync(released: true);
        await host.ReopenAsync(cluster, 1);
        await host.DecideAsync(cluster, 1, isNews: false); // told again, or late
        await SeeAsync(released: false);
        await host.DecideAsync(cluster, 2);
        await SeeAsync(released: true);

        async Task SeeAsync(bool released)
        {
            foreach (var (role, unit) in new (string, string?)[]
            {
                (Roles.UnitHead, units.Other), (Roles.UnitClerk, units.Other), (Roles.UnitClerk, units.Leader), (Roles.CouncilMember, null), (Roles.CouncilSecretary, null), (Roles.CouncilChair, null),
            })
            {
                using var client = host.As(role, unit);
                (await client.GetJson($"documents/{id}/content")).Expect(released ? 200 : 404);
            }

            using var leader = host.Head(units.Leader);
            (await leader.GetJson($"documents/{id}/content")).Expect(200);
            using var stranger = host.Head(strange);
            (await stranger.GetJson($"documents/{id}/content")).Expect(404);
        }
    }

    [Fact]
    public async Task A_unit_hands_in_for_itself_only()
    {
        var (leader, _, unit) = await host.FormClusterAsync();
        using var head = host.Head(leader);
        using var appraiser = host.As(Roles.Appraiser);
        using var nobody = host.Anonymous();

        (await DocumentsHost.UploadAsync(head, unit)).Expect(404);
        (await DocumentsHost.UploadAsync(appraiser, unit)).Expect(403);
        (await DocumentsHost.UploadAsync(nobody, unit)).Expect(401);
    }

    [Fact]
    public async Task While_the_units_cluster_is_unknown_nothing_is_taken()
    {
        var unit = host.NewUnit();
        using var clerk = host.Clerk(unit);

        var early = (await DocumentsHost.UploadAsync(clerk, unit)).Expect(409, "not-known-yet");

        Assert.Equal("1", early.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Between_submission_and_return_evidence_neither_comes_nor_goes()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var stored = (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);

        await host.SubmitAsync(unit, version: 1);
        (await DocumentsHost.UploadAsync(clerk, unit)).Expect(409, "sheet-submitted");
        (await clerk.DeleteJson($"documents/{stored["id"]}", stored.ETag)).Expect(409, "sheet-submitted");

        await host.ReturnAsync(unit, version: 2);
        (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);
    }

    [Fact]
    public async Task When_the_season_has_ended_its_papers_stay_as_they_are()
    {
        const string Ended = "2019";
        var (leader, deputy, unit) = (host.NewUnit(), host.NewUnit(), host.NewUnit());
        await host.PublishAsync(DocumentsHost.Cluster(Guid.CreateVersion7(), 1, leader, deputy, unit) with { Season = Ended });
        var message = Guid.CreateVersion7();
        await host.PublishAsync(new SeasonPhaseChanged { Season = Ended, Type = "CALENDAR_YEAR", Year = 2019, Phase = "CLOSED", Version = 8, At = TimeProvider.System.GetUtcNow() }, message);
        using var clerk = host.Clerk(unit);
        using var auditor = host.As(Roles.Auditor);

        await host.EventuallyAsync(async () => (await auditor.GetJson($"journal/documents?subject=Message/{message}")).Expect(200)["items"].AsArray().Count == 1, "the end of the season is in the journal");
        await host.EventuallyAsync(
            async () => (await clerk.CallAsync(HttpMethod.Post, DocumentsHost.Query(unit).Replace($"season={DocumentsHost.Season}", $"season={Ended}", StringComparison.Ordinal), DocumentsHost.Content(DocumentsHost.Pdf()))).Code == "season-closed",
            "the upload is refused");
    }

    [Fact]
    public async Task An_older_fact_that_arrives_late_changes_nothing()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        await host.ReturnAsync(unit, version: 3);
        await host.PublishAsync(new SheetSubmitted { SheetId = Guid.CreateVersion7(), Season = DocumentsHost.Season, ClusterId = Guid.CreateVersion7(), Unit = unit, Version = 2, At = TimeProvider.System.GetUtcNow() });
        var (_, _, behind) = await host.FormClusterAsync(); // published later; when it is known the late fact was handled or is being handled
        await host.SubmitAsync(behind);

        (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);
    }

    [Fact]
    public async Task A_new_version_of_a_cluster_changes_who_reviews_and_an_older_one_does_not()
    {
        var id = Guid.CreateVersion7();
        var (first, second, unit, joined) = (host.NewUnit(), host.NewUnit(), host.NewUnit(), host.NewUnit());
        await host.PublishAsync(DocumentsHost.Cluster(id, 2, second, first, unit, joined));
        await host.EventuallyKnownAsync(joined);
        await host.PublishAsync(DocumentsHost.Cluster(id, 1, first, unit));
        await host.PublishAsync(DocumentsHost.Cluster(id, 3, second, joined, unit));
        await host.EventuallyAsync(async () => !await host.KnowsAsync(first), "the first leader has left");
        using var clerk = host.Clerk(unit);
        var stored = (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);
        await host.SubmitAsync(unit);

        using var before = host.Head(first);
        using var now = host.Head(joined);
        (await before.GetJson($"documents/{stored["id"]}")).Expect(404);
        (await now.GetJson($"documents/{stored["id"]}")).Expect(200);
    }

    [Fact]
    public async Task A_withdrawal_names_the_state_it_saw_is_told_to_others_and_keeps_the_file()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var appraiser = host.As(Roles.Appraiser);
        await using var rejected = await host.CollectAsync<EvidenceRejected>();
        var content = DocumentsHost.Pdf();
        var stored = (await DocumentsHost.UploadAsync(clerk, unit, content)).Expect(201);
        var path = $"documents/{stored["id"]}";

        (await clerk.DeleteJson(path)).Expect(428);
        (await clerk.DeleteJson(path, "\"0\"")).Expect(412);
        (await clerk.DeleteJson(path + "?reason=Nhầm%20tệp", stored.ETag)).Expect(204);

        Assert.Equal("Nhầm tệp", (await rejected.FirstAsync(fact => fact.Unit == unit)).Reason);
        var own = (await clerk.GetJson(path)).Expect(200);
        Assert.Equal("WITHDRAWN", (string?)own["state"]);
        (await appraiser.GetJson(path)).Expect(404);
        Assert.Empty((await clerk.GetJson($"documents?season={DocumentsHost.Season}&unit={unit}")).Expect(200)["items"].AsArray());
        (await clerk.DeleteJson(path, own.ETag)).Expect(409, "wrong-state");
        (await DocumentsHost.UploadAsync(clerk, unit, content)).Expect(201); // the same file may be handed in again
    }

    [Fact]
    public async Task A_repeated_upload_with_its_idempotency_key_gets_the_same_answer()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf();
        var key = Guid.CreateVersion7().ToString();

        var first = (await clerk.CallAsync(HttpMethod.Post, DocumentsHost.Query(unit), DocumentsHost.Content(content), idempotencyKey: key)).Expect(201);
        var again = (await clerk.CallAsync(HttpMethod.Post, DocumentsHost.Query(unit), DocumentsHost.Content(content), idempotencyKey: key)).Expect(201);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
    }

    [Fact]
    public async Task A_list_is_read_in_pages()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        for (var i = 0; i < 3; i++)
        {
            (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);
        }

        var list = $"documents?season={DocumentsHost.Season}&unit={unit}&limit=2";
        var first = (await clerk.GetJson(list)).Expect(200);
        var second = (await clerk.GetJson($"{list}&cursor={first["next"]}")).Expect(200);

        var ids = first["items"].AsArray().Concat(second["items"].AsArray()).Select(item => (string?)item!["id"]).ToList();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Null(second.Json!["next"]);
    }
}

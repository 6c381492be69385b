using ThiDua.Awards.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Awards;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Hostile;

/// <summary>A council in session with an item in every state, a consultation, a hold and revocations: the good requests about them.</summary>
internal static class HostileCouncil
{
    /// <returns>Addresses of things whose parameters are not those of the rest of the scene.</returns>
    public static async Task<(string Path, string Address)[]> AddAsync(ServiceHost<AwardsDbContext> host, Examples examples)
    {
        string[] clusters = ["C1", "C2", "C3", "C4", "C5", "C6"];
        var season = new AwardSeason(host, "COUNCIL");
        await season.PhaseAsync("COUNCIL");
        foreach (var cluster in clusters)
        {
            await season.FormAsync(cluster, $"{cluster}A", $"{cluster}B");
            await season.DecideAsync(cluster, 1, $"{cluster}A 100", $"{cluster}B 90");
            (await season.NominateAsync(cluster)).Expect(201);
        }

        // Whoever has every role sits in the chair, and has counted nothing and placed nothing.
        var everybody = $"test-{string.Join('-', Roles.All)}";
        var council = new CouncilScene(host, season, 4);
        council.Take(1, everybody);
        await council.CallAsync(clusters[..5]);
        (await council.AttendAsync(present: 4)).Expect(200);
        for (var item = 1; item < 5; item++)
        {
            (await council.StepAsync(council.Secretary, item, "open")).Expect(200);
        }

        var paper = (string)(await council.DrawAsync(council.Member(2), 1)).Expect(200)["token"]!;
        foreach (var item in new[] { 3, 4 })
        {
            await council.VoteAsync(2, item, "YES");
            (await council.StepAsync(council.Secretary, item, "close")).Expect(200);
        }

        await host.TellAsync(new HolidaysChanged { Version = 1, Days = [] });
        var flags = (await season.Appraiser.GetJson("nominations?season=COUNCIL&limit=200")).Expect(200)["items"].AsArray().Where(flag => (string)flag!["award"]! == "PROVINCIAL_FLAG").Select(flag => (string)flag!["id"]!).ToList();
        object Consultation() => new { season = "COUNCIL", award = "GOVERNMENT_FLAG", nominations = new[] { flags[5] }, document = "TB 1", contact = "tdkt@example.vn" };
        var opened = (await AwardSeason.Known(() => season.Appraiser.PostJson("public-comments", Consultation()))).Expect(201);
        var comments = $"/api/v1/public-comments/{opened["id"]}";
        var commented = (await season.Appraiser.PostJson($"public-comments/{opened["id"]}/comments", new { unit = "C6A", text = "Ý kiến", received_on = CouncilScene.Today }, opened.ETag)).Expect(200);
        var hold = (await season.ExcludeAsync("C1B", "PENDING")).Expect(200)["exclusions"]![0]!["id"];
        var other = (await season.ExcludeAsync("C2B", "PENDING")).Expect(200)["exclusions"]![0]!["id"];
        (await season.VoteAsync("C6", 4, members: 4)).Expect(201);
        (await season.VoteAsync("C6", 4, "GOVERNMENT_FLAG", 4)).Expect(201);
        var revocation = (await season.Head.PostJson("revocations", new { nomination_id = flags[5], award = "GOVERNMENT_FLAG", ground = "FALSE_DOCUMENTS", document = "KL 1", reason = "Giả" })).Expect(201)["id"];

        var session = $"/api/v1/council-sessions/{council.Session}";
        string Item(int item) => $"{session}/items/{council.Items[item]}";
        const string Of = "/api/v1/council-sessions/{id}";
        const string Members = """
            "name":"Hội đồng","members":[{"subject":"m","name":"Ông M","office":"Giám đốc","unit":"A","role":"CHAIR","from":"2024-01-01","to":"2030-12-31","document":"QĐ 1"},{"subject":"n","name":"Bà N","office":"Phó","role":"MEMBER","from":"2024-01-01","document":"QĐ 1"}]
            """;
        examples.Add("POST /api/v1/councils", "/api/v1/councils", "{\"code\":\"HD2\"," + Members + "}");
        (await council.Admin.PostJson("councils", "{\"code\":\"HD3\"," + Members + "}")).Expect(201);
        examples.Add("GET /api/v1/councils/{code}", "/api/v1/councils/HD3");
        examples.Add("PUT /api/v1/councils/{code}", "/api/v1/councils/HD3", "{" + Members + ",\"reason\":\"Đổi\"}", "/api/v1/councils/HD3");
        examples.Add("POST /api/v1/council-sessions", "/api/v1/council-sessions", $$"""{"council":"{{council.Code}}","season":"COUNCIL","date":"2026-01-01","kind":"AWARDS","document":"GM 1","agenda":[{"nomination_id":"{{flags[0]}}","award":"PROVINCIAL_FLAG","topic":"Cờ"},{"topic":"Kế hoạch"}]}""");
        examples.Add($"PUT {Of}/attendance", $"{session}/attendance", $$"""{"entries":[{"subject":"{{council.Members[1]}}","kind":"WRITTEN_OPINION","document":"CV 1"},{"subject":"{{council.Members[2]}}","kind":"PRESENT"}]}""", session);
        examples.Add($"POST {Of}/items/{{item}}/open", $"{Item(0)}/open", null, session);
        examples.Add($"POST {Of}/items/{{item}}/ballot-papers", $"{Item(1)}/ballot-papers");
        examples.Add($"POST {Of}/items/{{item}}/ballot-box", $"{Item(1)}/ballot-box", $$"""{"token":"{{paper}}","choice":"YES"}""");
        examples.Add($"POST {Of}/items/{{item}}/close", $"{Item(2)}/close", null, session);
        examples.Add($"POST {Of}/items/{{item}}/confirm", $"{Item(3)}/confirm", """{"minutes":"BB 1"}""", session);
        examples.Add($"POST {Of}/items/{{item}}/void", $"{Item(4)}/void", """{"reason":"Mất phiếu"}""", session);
        examples.Add("POST /api/v1/public-comments", "/api/v1/public-comments", $$"""{"season":"COUNCIL","award":"PROVINCIAL_FLAG","nominations":["{{flags[0]}}"],"working_days":10,"document":"TB 2","contact":"tdkt@example.vn"}""");
        examples.Add("POST /api/v1/public-comments/{id}/comments", $"{comments}/comments", $$"""{"unit":"C6A","text":"Ý kiến khác","received_on":"{{CouncilScene.Today:yyyy-MM-dd}}","from":"Ông A"}""", comments);
        examples.Add("POST /api/v1/public-comments/{id}/comments/{comment}/answer", $"{comments}/comments/{commented["comments"]![0]!["id"]}/answer", """{"answer":"Đã xác minh"}""", comments);
        examples.Add("POST /api/v1/public-comments/{id}/conclude", $"{comments}/conclude", """{"conclusion":"Không có","document":"BC 1"}""", comments);
        examples.Add("POST /api/v1/exclusions/{id}/release", $"/api/v1/exclusions/{hold}/release", """{"document":"KL 1","reason":"Không có vi phạm"}""", $"/api/v1/exclusions/{hold}");
        examples.Add("POST /api/v1/exclusions/{id}/confirm", $"/api/v1/exclusions/{other}/confirm", """{"document":"KL 1","reason":"Có vi phạm"}""", $"/api/v1/exclusions/{other}");
        examples.Add("POST /api/v1/revocations", "/api/v1/revocations", $$"""{"nomination_id":"{{flags[5]}}","award":"PROVINCIAL_FLAG","ground":"LATER_CONCLUSION","document":"KL 2","reason":"Có kết luận"}""");
        examples.Add("POST /api/v1/revocations/{id}/decide", $"/api/v1/revocations/{revocation}/decide", """{"revoke":true,"document":"QĐ 1","reason":"Có căn cứ"}""", $"/api/v1/revocations/{revocation}");
        return
        [
            ("/council-sessions/{id}/items/{item}/count", $"{Item(3)["/api/v1".Length..]}/count"),
            ("/council-sessions/{id}", session["/api/v1".Length..]),
            ("/public-comments/{id}", comments["/api/v1".Length..]),
            ("/exclusions/{id}", $"/exclusions/{hold}"),
            ("/revocations/{id}", $"/revocations/{revocation}"),
        ];
    }
}

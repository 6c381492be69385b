using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Awards.Data;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.Documents.Data;
using ThiDua.Identity.Data;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Awards;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Identity;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Hostile;

public sealed class HostileClustersTests(ServiceHost<ClustersDbContext> host) : HostileRequestTests<ClustersDbContext>(host), IClassFixture<ServiceHost<ClustersDbContext>>
{
    internal override async Task<Scene> PrepareAsync()
    {
        using var head = Host.As([Roles.Admin, Roles.AppraisalHead]);
        (await head.PostJson("units", new { units = Enumerable.Range(1, 8).Select(n => new { code = $"U{n}", name = $"Đơn vị {n}", category = "HC", level = "TINH", valid_from = "2020-01-01", attributes = new { female_share = 40 } }) })).Expect(200);
        foreach (var season in new[] { "S", "CALENDAR", "ADVANCE" })
        {
            (await head.PostJson("seasons", new { code = season, type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        }

        object Cluster(string season, string code, string leader, string deputy) => new { season, clusters = new[] { new { code, name = "Cụm", kind = "CUM", leader, deputy, members = new[] { leader, deputy } } } };
        (await head.PostJson("clusters", Cluster("ADVANCE", "C1", "U1", "U2"))).Expect(201);
        var cluster = (string)(await head.PostJson("clusters", Cluster("S", "C1", "U1", "U2"))).Expect(201)["clusters"][0]!["id"]!;
        (await head.PostJson("levels", new { code = "THU", label = "Cấp thử", order = 9, valid_from = "2020-01-01", basis = "F-35" })).Expect(201);
        (await head.PostJson("unit-categories", new { code = "THU", label = "Loại thử", season_type = "CALENDAR_YEAR", valid_from = "2020-01-01", basis = "R-06" })).Expect(201);

        const string Unit = """
            "name":"Sở Y tế","category":"HC","level":"TINH","valid_from":"2026-01-01","attributes":{"female_share":"41.5"}
            """;
        const string Members = """
            "name":"Khối","kind":"KHOI","leader":"U5","deputy":"U6","members":["U5","U6","U7"]
            """;
        (await head.PostJson("clusters", Cluster("CALENDAR", "C1", "U1", "U2"))).Expect(201);
        var obligation = (string)(await head.GetJson("obligations?season=CALENDAR&unit=U2")).Expect(200)["items"][0]!["id"]!;
        var (member, leader) = (Host.Tokens.Token([Roles.UnitClerk, Roles.UnitHead], "U2"), Host.Tokens.Token([Roles.UnitHead], "U1"));
        using var reporting = Host.WithToken(member);
        async Task<string> ReportAsync(string season, string kind, bool submitted)
        {
            var begun = (await reporting.PostJson("reports", new { season, kind, summary = "Báo cáo" })).Expect(201);
            return (string)(submitted ? (await reporting.PostJson($"reports/{begun["id"]}/submit", new { }, begun.ETag)).Expect(200) : begun)["id"]!;
        }

        var drafted = await ReportAsync("S", "MIDYEAR", submitted: false);
        var (received, other) = (await ReportAsync("ADVANCE", "MIDYEAR", submitted: true), await ReportAsync("CALENDAR", "MIDYEAR", submitted: true));

        var examples = new Examples(Host.Tokens.Token([.. Roles.All]));
        const string Content = """
            "summary":"Thực hiện 6/9 chỉ tiêu","figures":[{"name":"Chỉ tiêu đạt","value":"6.5"}],"documents":[{"number":"12/BC","date":"2026-06-15","issuer":"Sở Y tế"}]
            """;
        examples.Add("GET /api/v1/obligations", "/api/v1/obligations?season=CALENDAR&kind=MIDYEAR_REPORT&state=OPEN&as_of=2026-06-01");
        examples.Add("GET /api/v1/obligations/{id}", $"/api/v1/obligations/{obligation}");
        examples.Add("POST /api/v1/obligations/{id}/extend", $"/api/v1/obligations/{obligation}/extend", """{"due_on":"2030-06-30","reason":"Bão","document":"CV 812"}""", $"/api/v1/obligations/{obligation}");
        examples.Add("POST /api/v1/reports", "/api/v1/reports", "{\"season\":\"S\",\"kind\":\"YEAREND\"," + Content + "}", token: member);
        examples.Add("GET /api/v1/reports/{id}", $"/api/v1/reports/{received}");
        examples.Add("PUT /api/v1/reports/{id}", $"/api/v1/reports/{drafted}", "{" + Content + "}", $"/api/v1/reports/{drafted}", member);
        examples.Add("POST /api/v1/reports/{id}/submit", $"/api/v1/reports/{other}/submit", """{"reason":"Bổ sung"}""", $"/api/v1/reports/{other}", member);
        examples.Add("POST /api/v1/reports/{id}/return", $"/api/v1/reports/{received}/return", """{"reason":"Thiếu số liệu"}""", $"/api/v1/reports/{received}", leader);
        examples.Add("GET /api/v1/holidays", "/api/v1/holidays?from=2026-01-01&to=2026-12-31");
        examples.Add("GET /api/v1/holidays/{date}", "/api/v1/holidays/2026-09-02");
        examples.Add("POST /api/v1/holidays", "/api/v1/holidays", """{"holidays":[{"date":"2033-08-31","kind":"HOLIDAY","label":"Hoán đổi","basis":"Thông báo"}]}""");
        examples.Add("PUT /api/v1/holidays/{date}", "/api/v1/holidays/2027-09-03", """{"kind":"HOLIDAY","label":"Quốc khánh","basis":"Thông báo","reason":"Đã có thông báo"}""", "/api/v1/holidays/2027-09-03");
        foreach (var (operation, address) in new[] { ("units/{code}", "units/U1"), ("levels/{code}/{from}", "levels/TINH/2000-01-01"), ("unit-categories/{code}/{from}", "unit-categories/HC/2000-01-01") })
        {
            examples.Add($"GET /api/v1/{operation}", $"/api/v1/{address}");
        }

        examples.Add("POST /api/v1/units", "/api/v1/units", "{\"units\":[{\"code\":\"N1\"," + Unit + "}]}");
        examples.Add("PUT /api/v1/units/{code}", "/api/v1/units/U8", "{" + Unit + ",\"closes_on\":\"2030-12-31\",\"reason\":\"Đổi tên\"}", "/api/v1/units/U8");
        examples.Add("POST /api/v1/seasons", "/api/v1/seasons", """{"code":"NEW","type":"CALENDAR_YEAR","year":2027,"first_day":"2027-01-01","last_day":"2027-06-30","continues":"S","calendar":{"SELF_SCORING":{"opens":"2027-10-01","closes":"2027-11-01"}}}""");
        examples.Add("PUT /api/v1/seasons/{code}/calendar", "/api/v1/seasons/CALENDAR/calendar", """{"calendar":{"SELF_SCORING":{"opens":"2026-10-01","closes":"2026-11-01"}},"reason":"Hoãn"}""", "/api/v1/seasons/CALENDAR");
        examples.Add("POST /api/v1/seasons/{code}/advance", "/api/v1/seasons/ADVANCE/advance", """{"to":"CRITERIA","reason":"Sớm"}""", "/api/v1/seasons/ADVANCE");
        examples.Add("POST /api/v1/clusters", "/api/v1/clusters", "{\"season\":\"S\",\"clusters\":[{\"code\":\"C2\"," + Members + "}]}");
        examples.Add("PUT /api/v1/clusters/{id}", $"/api/v1/clusters/{cluster}", "{" + Members.Replace("U5", "U3", StringComparison.Ordinal).Replace("U6", "U4", StringComparison.Ordinal).Replace(",\"U7\"", "", StringComparison.Ordinal) + ",\"reason\":\"Đổi\",\"effective_on\":\"2026-03-01\"}", $"/api/v1/clusters/{cluster}");
        examples.Add("GET /api/v1/rules/{code}/{from}", "/api/v1/rules/CLUSTER_SIZE/2000-01-01");
        examples.Add("POST /api/v1/rules", "/api/v1/rules", """{"code":"CLUSTER_SIZE","label":"Quy mô","value":{"min":4,"max":12},"valid_from":"1990-01-01","valid_to":"1995-12-31","basis":"QĐ 1"}""");
        examples.Add("PUT /api/v1/rules/{code}/{from}", "/api/v1/rules/CLUSTER_SIZE/2000-01-01", """{"label":"Quy mô","value":{"min":4,"max":12},"valid_to":"2031-01-01","basis":"QĐ 1"}""", "/api/v1/rules/CLUSTER_SIZE/2000-01-01");
        await AddSuccessionAsync(head, examples);
        const string Instrument = """
            "number":"7/2026/QĐ-UBND","title":"Quyết định","kind":"DECISION","issuer":"UBND tỉnh","issued_on":"2026-02-01","in_force_from":"2026-03-01","in_force_to":"2030-12-31","claimed_in_force_to":"2031-01-01",
            "dates_verified":false,"dates_note":"Chưa rõ","family":"THU","replaced_by":["ND-152-2025"],"amends":["ND-161-2026"],
            "transitions":[{"kind":"KEEP_OLD_FOR_RECEIVED_BEFORE","before":"2026-03-01","more_favourable_exception":true,"words":"Hồ sơ đã nhận","verified":false,"source":{"tag":"Bản sao","reading":"SECOND_HAND","address":"https://vanban.example.vn"}}],
            "fragments":[{"provision":"khoản 2 Điều 7","text":"Cụm thi đua","verified":false,"reason":"Chưa đọc","source":{"tag":"Bản sao","reading":"PARTIAL"}}],"source":{"tag":"Bản sao","reading":"FULL"}
            """;
        examples.Add("GET /api/v1/legal-instruments", "/api/v1/legal-instruments?as_of=2026-01-01&search=khen");
        examples.Add("GET /api/v1/legal-instruments/{code}", "/api/v1/legal-instruments/ND-152-2025");
        examples.Add("GET /api/v1/legal-instruments/{code}/citations", "/api/v1/legal-instruments/ND-152-2025/citations?as_of=2026-01-01");
        examples.Add("POST /api/v1/legal-instruments", "/api/v1/legal-instruments", "{\"code\":\"QD-7\"," + Instrument + "}");
        examples.Add("PUT /api/v1/legal-instruments/{code}", "/api/v1/legal-instruments/ND-233-2026", "{" + Instrument.Replace("7/2026/", "8/2026/", StringComparison.Ordinal) + "}", "/api/v1/legal-instruments/ND-233-2026");
        examples.Add("GET /api/v1/citations", "/api/v1/citations?status=UNVERIFIED&source=RULE&as_of=2026-01-01");
        foreach (var (noun, own) in new[] { ("levels", "\"order\":3"), ("unit-categories", "\"season_type\":\"CALENDAR_YEAR\",\"attributes\":[\"dan_so\"]") })
        {
            examples.Add($"POST /api/v1/{noun}", $"/api/v1/{noun}", $$"""{"code":"MOI","label":"Mới","valid_from":"2026-01-01","valid_to":"2030-12-31","basis":"Luật",{{own}}}""");
            examples.Add($"PUT /api/v1/{noun}/{{code}}/{{from}}", $"/api/v1/{noun}/THU/2020-01-01", $$"""{"label":"Sửa","basis":"Luật","valid_to":"2031-01-01",{{own}}}""", $"/api/v1/{noun}/THU/2020-01-01");
        }

        var (draft, toForm) = (await ProposeAsync(head), await ProposeAsync(head));
        (await head.PostJson("seasons", new { code = "LED", type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        var led = (string)(await head.PostJson("clusters", Cluster("LED", "C1", "U1", "U2"))).Expect(201)["clusters"][0]!["id"]!;
        examples.Add("GET /api/v1/clusters/similarity", "/api/v1/clusters/similarity?season=S");
        examples.Add("GET /api/v1/province-overview", "/api/v1/province-overview?season=S");
        examples.Add("POST /api/v1/clusters/{id}/leadership", $"/api/v1/clusters/{led}/leadership", """{"leader":"U2","deputy":"U1","method":"ELECTED","document":"Biên bản 1","from":"2026-01-01","votes":{"U1":"U2","U2":"U2"},"reason":"Bầu lại"}""", $"/api/v1/clusters/{led}");
        examples.Add("POST /api/v1/cluster-proposals", "/api/v1/cluster-proposals", """{"season":"DIVIDE","units":["U1","U2","U3"],"categories":["HC"],"levels":["TINH"],"min":2,"max":5,"kind":"KHOI"}""");
        examples.Add("GET /api/v1/cluster-proposals/{id}", $"/api/v1/cluster-proposals/{draft}");
        examples.Add("PUT /api/v1/cluster-proposals/{id}", $"/api/v1/cluster-proposals/{draft}", """{"clusters":[{"code":"K1","name":"Khối","kind":"KHOI","members":["U1","U2"]}],"reason":"Sửa"}""", $"/api/v1/cluster-proposals/{draft}");
        examples.Add("POST /api/v1/cluster-proposals/{id}/form", $"/api/v1/cluster-proposals/{toForm}/form", """{"clusters":[{"code":"HC-TINH-001","leader":"U1","deputy":"U2"}],"reason":"QĐ 1"}""", $"/api/v1/cluster-proposals/{toForm}");
        examples.Always("POST /api/v1/clusters/{id}/leadership", "/votes = {\"\\ud800\":1}", "/votes/U1 = \"a\\u0000b\"", "/from = \"9999-12-31\"");
        examples.Always("POST /api/v1/cluster-proposals", "/max = 2147483647", "/min = -1", "/units = [null]", "/units/0 = \"a\\udc00b\"");
        await AddRemindersAsync(examples, head, Guid.Parse(cluster));
        var special = await AddPledgesAsync(examples);
        return examples.With(new() { ["id"] = cluster }, special);
    }

    /// <summary>Registrations, covenants and activities of a cluster that has been formed for them.</summary>
    private async Task<(string Path, string Address)[]> AddPledgesAsync(Examples examples)
    {
        using var head = Host.As([Roles.Admin, Roles.AppraisalHead]);
        (await head.PostJson("units", new { units = Enumerable.Range(1, 4).Select(n => new { code = $"P{n}", name = $"Đơn vị {n}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        (await head.PostJson("seasons", new { code = "PLEDGE", type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        (await head.PostJson("clusters", new { season = "PLEDGE", clusters = new[] { new { code = "K1", name = "Khối", kind = "KHOI", leader = "P1", deputy = "P2", members = new[] { "P1", "P2" } }, new { code = "K2", name = "Khối", kind = "KHOI", leader = "P3", deputy = "P4", members = new[] { "P3", "P4" } } } })).Expect(201);
        using var leader = Host.As([Roles.UnitClerk, Roles.UnitHead], "P1");
        var covenant = (await leader.PostJson("covenants", """{"season":"PLEDGE","cluster":"K1","clauses":[{"number":"1","text":"Đúng hạn"}]}""")).Expect(201);
        var amended = (await head.PostJson("covenants", """{"season":"PLEDGE","cluster":"K2","clauses":[{"number":"1","text":"Đúng hạn"}]}""")).Expect(201)["id"];
        foreach (var unit in new[] { "P3", "P4" })
        {
            var seen = await head.GetJson($"covenants/{amended}");
            (await head.PostJson($"covenants/{amended}/exceptions", new { unit, reason = "Sắp xếp", document = "CV 1" }, seen.ETag)).Expect(200);
        }

        var inForce = await head.GetJson($"covenants/{amended}");
        (await head.PostJson($"covenants/{amended}/addenda", """{"clauses":[{"number":"2","text":"Thêm"}]}""", inForce.ETag)).Expect(200);
        const string Targets = """
            "targets":[{"code":"CT1","text":"Tỷ lệ","planned_value":"98.5","unit_of_measure":"%","criterion":"I.1"}],"titles":[{"code":"CO","text":"Cờ"}],"reason":"Sửa"
            """;
        var registration = (await leader.PostJson("registrations", "{\"season\":\"PLEDGE\"," + Targets + "}")).Expect(201)["id"];
        const string Activity = """
            {"season":"PLEDGE","cluster":"K1","kind":"ACTIVITY","type":"KHAC","title":"Giao lưu","planned_on":"2026-05-15","host":"P1"}
            """;
        async Task<string> Planned() => $"/api/v1/activities/{(await leader.PostJson("activities", Activity)).Expect(201)["id"]}";
        var (toHold, toCancel, toCorrect) = (await Planned(), await Planned(), await Planned());
        var held = await leader.GetJson(toCorrect);
        (await leader.PostJson($"{toCorrect}/hold", """{"held_on":"2026-01-15","attendance":{"P1":"PRESENT","P2":"ABSENT"},"outcome":"Tốt"}""", held.ETag)).Expect(200);
        (await head.PostJson("activity-types", new { code = "THU", label = "Loại thử", valid_from = "2020-01-01", basis = "R-07" })).Expect(201);

        var token = Host.Tokens.Token([Roles.UnitClerk, Roles.UnitHead], "P1");
        const string Clauses = """{"clauses":[{"number":"1","text":"Đúng hạn, đủ"},{"number":"2.1","text":"Chuyên đề"}]}""";
        examples.Add("POST /api/v1/registrations", "/api/v1/registrations", "{\"season\":\"PLEDGE\"," + Targets + "}", token: Host.Tokens.Token([Roles.UnitClerk, Roles.UnitHead], "P2"));
        examples.Add("GET /api/v1/registrations/{id}", $"/api/v1/registrations/{registration}", token: token);
        examples.Add("PUT /api/v1/registrations/{id}", $"/api/v1/registrations/{registration}", "{" + Targets + "}", $"/api/v1/registrations/{registration}", token);
        examples.Add("POST /api/v1/registrations/{id}/submit", $"/api/v1/registrations/{registration}/submit", null, $"/api/v1/registrations/{registration}", token);
        examples.Add("POST /api/v1/covenants", "/api/v1/covenants", """{"season":"S","cluster":"C1","clauses":[{"number":"1","text":"Đúng hạn"}]}""");
        examples.Add("PUT /api/v1/covenants/{id}", $"/api/v1/covenants/{covenant["id"]}", Clauses, $"/api/v1/covenants/{covenant["id"]}");
        examples.Add("POST /api/v1/covenants/{id}/sign", $"/api/v1/covenants/{covenant["id"]}/sign", $$"""{"hash":"{{covenant["parts"][0]!["hash"]}}"}""", token: token);
        examples.Add("POST /api/v1/covenants/{id}/exceptions", $"/api/v1/covenants/{covenant["id"]}/exceptions", """{"unit":"P2","reason":"Đang sắp xếp","document":"CV 41"}""", $"/api/v1/covenants/{covenant["id"]}");
        examples.Add("POST /api/v1/covenants/{id}/addenda", $"/api/v1/covenants/{amended}/addenda", Clauses, $"/api/v1/covenants/{amended}");
        examples.Add("PUT /api/v1/covenants/{id}/addenda/{number}", $"/api/v1/covenants/{amended}/addenda/1", Clauses, $"/api/v1/covenants/{amended}");
        examples.Add("POST /api/v1/activities", "/api/v1/activities", Activity, token: token);
        examples.Add("POST /api/v1/activities/{id}/hold", $"{toHold}/hold", """{"held_on":"2026-02-15","attendance":{"P1":"PRESENT","P2":"EXCUSED"},"outcome":"Thống nhất","minutes":"BB 3","evidence":["TB 14"]}""", toHold, token);
        examples.Add("PUT /api/v1/activities/{id}/attendance", $"{toCorrect}/attendance", """{"attendance":{"P1":"PRESENT","P2":"PRESENT"},"reason":"Có người dự thay"}""", toCorrect, token);
        examples.Add("POST /api/v1/activities/{id}/cancel", $"{toCancel}/cancel", """{"reason":"Trùng lịch"}""", toCancel, token);
        examples.Add("GET /api/v1/activity-types/{code}/{from}", "/api/v1/activity-types/KHAC/2000-01-01");
        examples.Add("POST /api/v1/activity-types", "/api/v1/activity-types", """{"code":"MOI","label":"Mới","valid_from":"2026-01-01","valid_to":"2030-12-31","basis":"QĐ"}""");
        examples.Add("PUT /api/v1/activity-types/{code}/{from}", "/api/v1/activity-types/THU/2020-01-01", """{"label":"Sửa","basis":"QĐ","valid_to":"2031-01-01"}""", "/api/v1/activity-types/THU/2020-01-01");
        return [("/activities/{id}", toCorrect["/api/v1".Length..]), ("/covenants/{id}", $"/covenants/{covenant["id"]}")];
    }

    private static async Task AddSuccessionAsync(HttpClient head, Examples examples)
    {
        (await head.PostJson("units", new { units = Enumerable.Range(1, 4).Select(n => new { code = $"R{n}", name = $"Đơn vị {n}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        var recorded = (await head.PostJson("reorganisations", new { kind = "RENAME", effective_on = "2024-01-01", document = "QĐ 1", predecessors = new[] { "R4" }, successors = new[] { new { code = "R5", name = "Đơn vị 5", category = "HC", level = "TINH" } } })).Expect(201);
        (await head.PostJson("units/R1/identifiers", new { identifier = "H42.15", valid_from = "2020-01-01" })).Expect(201);

        examples.Add("POST /api/v1/reorganisations", "/api/v1/reorganisations", """{"kind":"SPLIT","effective_on":"2025-07-01","document":"NQ 34","document_date":"2025-06-16","predecessors":["R3"],"successors":[{"code":"R6","name":"Đơn vị 6","category":"HC","level":"TINH","attributes":{"female_share":"40"},"share":"1/3"},{"code":"R7","name":"Đơn vị 7","category":"HC","level":"TINH","share":"2/3"}],"reason":"Sắp xếp"}""");
        examples.Add("GET /api/v1/reorganisations/{id}", $"/api/v1/reorganisations/{recorded["reorganisation"]["id"]}");
        examples.Add("POST /api/v1/units/{code}/identifiers", "/api/v1/units/R2/identifiers", """{"identifier":"000.01.16.H42","valid_from":"2025-07-01","valid_to":"2030-12-31","reason":"Cấp mới"}""");
        examples.Add("GET /api/v1/units/{code}/identifiers", "/api/v1/units/R1/identifiers");
        examples.Add("GET /api/v1/units/{code}/history", "/api/v1/units/R5/history");
        examples.Add("GET /api/v1/units/{code}/season-result", "/api/v1/units/R5/season-result?season=S");
        examples.Always("POST /api/v1/reorganisations", "/effective_on = \"0001-01-01\"", "/effective_on = \"9999-12-31\"", "/successors/0/share = \"-1\"", "/successors/0 = null", "/predecessors/0 = null");
        examples.Always("POST /api/v1/units/{code}/identifiers", "/valid_from = \"0001-01-01\"", "/identifier = \"\"");
    }

    private static async Task<string> ProposeAsync(HttpClient head)
    {
        await head.PostJson("seasons", new { code = "DIVIDE", type = "CALENDAR_YEAR", year = 2026 });
        return (string)(await head.PostJson("cluster-proposals", new { season = "DIVIDE", units = new[] { "U1", "U2", "U3" }, min = 2, max = 5 })).Expect(201)["id"]!;
    }

    private async Task AddRemindersAsync(Examples examples, HttpClient head, Guid cluster)
    {
        async Task<string> Contact(string email) => (string)(await head.PostJson("contacts", new { holder = "AGENCY", name = "Sở", email })).Expect(201)["id"]!;
        async Task<string> Webhook(string path) => (string)(await head.PostJson("webhooks", new { url = $"https://example.gov.vn/{path}", unit = "U1" })).Expect(201)["id"]!;
        var (contact, webhook, rotated) = (await Contact("a@tinh.gov.vn"), await Webhook("a"), await Webhook("b"));
        var (kept, failed) = await Host.WithDatabaseAsync(async db =>
        {
            var due = new DateOnly(2026, 6, 20);
            var now = new DateTimeOffset(2026, 6, 5, 0, 0, 0, TimeSpan.Zero);
            var obligation = Obligation.Of("S", cluster, new Owed("U1", ObligationKind.MidyearReport, ObligationRecipient.Council, due, null, null));
            var reminders = new[] { RecipientKind.Unit, RecipientKind.Leader }.Select(kind => Reminder.Plan(obligation, new PlannedReminder(-15, new ReminderRecipient(kind, "U1"), null, false), due.AddDays(-15), now)).ToList();
            var schedule = await db.RuleAsync<ReminderSchedule>(due, TestContext.Current.CancellationToken);
            while (reminders[1].State != ReminderState.Failed)
            {
                reminders[1].Begin("a@tinh.gov.vn", now);
                reminders[1].Settle(AttemptOutcome.Refused, "550", schedule, now);
            }

            db.Add(obligation);
            db.AddRange(reminders);
            await db.SaveChangesAsync();
            return (reminders[0].Id, reminders[1].Id);
        });
        examples.Add("GET /api/v1/reminders", $"/api/v1/reminders?season=S&cluster={cluster}&unit=U1&state=PLANNED");
        examples.Add("GET /api/v1/reminders/{id}", $"/api/v1/reminders/{kept}");
        examples.Add("POST /api/v1/reminders/{id}/retry", $"/api/v1/reminders/{failed}/retry", null, $"/api/v1/reminders/{failed}");
        examples.Add("GET /api/v1/contacts/{id}", $"/api/v1/contacts/{contact}");
        examples.Add("POST /api/v1/contacts", "/api/v1/contacts", """{"holder":"UNIT","unit":"U1","name":"Văn phòng","email":"vp@u1.gov.vn"}""");
        examples.Add("PUT /api/v1/contacts/{id}", $"/api/v1/contacts/{contact}", """{"name":"Văn phòng Sở","email":"b@tinh.gov.vn","enabled":false}""", $"/api/v1/contacts/{contact}");
        examples.Add("GET /api/v1/webhooks/{id}", $"/api/v1/webhooks/{webhook}");
        examples.Add("POST /api/v1/webhooks", "/api/v1/webhooks", """{"url":"https://example.gov.vn/c","unit":"U1","event_types":["vn.gov.thidua.reminder.overdue.v1"]}""");
        examples.Add("PUT /api/v1/webhooks/{id}", $"/api/v1/webhooks/{webhook}", """{"url":"https://example.gov.vn/d","enabled":false,"event_types":["vn.gov.thidua.reminder.due.v1"]}""", $"/api/v1/webhooks/{webhook}");
        examples.Add("POST /api/v1/webhooks/{id}/rotate", $"/api/v1/webhooks/{rotated}/rotate", null, $"/api/v1/webhooks/{rotated}");
    }
}

public sealed class HostileScoringTests(ServiceHost<ScoringDbContext> host) : HostileRequestTests<ScoringDbContext>(host), IClassFixture<ServiceHost<ScoringDbContext>>
{
    internal override async Task<Scene> PrepareAsync()
    {
        var commune = Samples.Read("domain/tables.json").EnumerateArray().Single(table => table.GetProperty("id").GetString() == "T2_COMMUNE_100").GetRawText();
        var drafting = new ScoringSeason(Host, "DRAFTING");
        await drafting.PhaseAsync("CRITERIA");
        await drafting.ClusterAsync("C1", "A", "B", "A", "B", "C", "D");
        await drafting.AdoptAsync(commune, "C1");
        var table = JsonNode.Parse(commune)!;
        var body = new JsonObject { ["season"] = "DRAFTING", ["table"] = table, ["clusters"] = new JsonArray("C1") }.ToJsonString();
        var toAdopt = (await drafting.Appraiser.PostJson("criteria-tables", body)).Expect(201)["id"];
        var draft = (await drafting.Appraiser.PostJson("criteria-tables", body)).Expect(201)["id"];
        await drafting.PhaseAsync("SELF_SCORING");
        var opened = (await drafting.OpenAsync("A")).Expect(201)["id"];
        var ready = (await drafting.OpenAsync("B")).Expect(201)["id"];

        var reviewing = new ScoringSeason(Host, "REVIEWING");
        var submitted = await reviewing.SubmittedAsync();
        await reviewing.PhaseAsync("CLUSTER_REVIEW");

        var appraising = new ScoringSeason(Host, "APPRAISING");
        var reviewed = await appraising.ReviewedAsync();
        await ScoringSeason.StepAsync(appraising.Appraiser, reviewed["B"], "return", new { reason = "Thiếu", criteria = new[] { "I.1", "I.3" } });

        var deciding = new ScoringSeason(Host, "DECIDING");
        await deciding.AppraisedAsync();
        var decided = new ScoringSeason(Host, "DECIDED");
        await decided.AppraisedAsync();
        using var otherHead = Host.As(Roles.AppraisalHead, subject: "decides");
        (await ScoringSeason.KnownAsync(() => otherHead.PostJson($"rankings/{decided.Cluster}/decide", new { document = "QĐ 5" }))).Expect(200);

        string Unit(string unit) => Host.Tokens.Token([Roles.UnitClerk, Roles.UnitHead], unit);
        const string Inputs = """
            "inputs":{"I.1":{"actual":45360,"base":48000},"I.3":{"n":40,"N":42},"I.9":{"level":"DAT"},"II.3":{"counts":{"KL":1}},"III.1":{"done":["DK","GU"]},"III.2":{"count":2},"III.3":{"late":{"MIDYEAR":0,"YEAREND":3}}},
            "bonus":{"BK_TTG":1,"SK_TINH":2},"deductions":{"HS_CHAM":1},"notes":{"I.1":"Báo cáo số 12"}
            """;
        const string Lines = """{"lines":[{"criterion":"I.1","points":"7.5","reason":"Số liệu chưa đúng"},{"criterion":"II.1","points":6,"reason":"Biên bản"}]}""";
        var examples = new Examples(Host.Tokens.Token([.. Roles.All]));
        examples.Add("POST /api/v1/criteria-tables", "/api/v1/criteria-tables", body);
        examples.Add("PUT /api/v1/criteria-tables/{id}", $"/api/v1/criteria-tables/{draft}", body, $"/api/v1/criteria-tables/{draft}");
        examples.Add("POST /api/v1/criteria-tables/{id}/adopt", $"/api/v1/criteria-tables/{toAdopt}/adopt", """{"document":"QĐ 2","accepted_warnings_reason":"Đã cân nhắc","reason":"Sửa","minutes":{"document":"BB 3","reason":"Họp trực tiếp"}}""", $"/api/v1/criteria-tables/{toAdopt}");
        examples.Add("POST /api/v1/criteria-tables/{id}/votes", $"/api/v1/criteria-tables/{draft}/votes", """{"cluster":"C1","agree":true,"note":"Nhất trí"}""", $"/api/v1/criteria-tables/{draft}", Host.Tokens.Token([Roles.UnitHead], "D"));
        examples.Add("POST /api/v1/criteria-tables/{id}/comments", $"/api/v1/criteria-tables/{draft}/comments", """{"text":"Tiêu chí II.3 cần nêu rõ minh chứng"}""", token: Host.Tokens.Token([Roles.UnitHead], "D"));
        examples.Add("POST /api/v1/published-results", "/api/v1/published-results", """{"season":"DRAFTING","results":[{"index":"PAR","unit":"A","value":"91.25","document":"QĐ 24"}],"reason":"Công bố lại"}""");
        examples.Add("POST /api/v1/score-sheets", "/api/v1/score-sheets", """{"season":"DRAFTING","unit":"C"}""", token: Unit("C"));
        examples.Add("PUT /api/v1/score-sheets/{id}/lines", $"/api/v1/score-sheets/{opened}/lines", "{" + Inputs + "}", $"/api/v1/score-sheets/{opened}", Unit("A"));
        examples.Add("POST /api/v1/score-sheets/{id}/submit", $"/api/v1/score-sheets/{ready}/submit", null, $"/api/v1/score-sheets/{ready}", Unit("B"));
        examples.Add("POST /api/v1/score-sheets/{id}/explain", $"/api/v1/score-sheets/{reviewed["B"]["id"]}/explain", """{"text":"Đã bổ sung","inputs":{"I.1":{"n":11,"N":12},"I.3":{"actual":"99.5","target":100}},"notes":{"I.1":"BC 14"}}""", $"/api/v1/score-sheets/{reviewed["B"]["id"]}", Unit("B"));
        examples.Add("POST /api/v1/score-sheets/{id}/review", $"/api/v1/score-sheets/{submitted["C"]["id"]}/review", Lines, $"/api/v1/score-sheets/{submitted["C"]["id"]}", Unit("A"));
        examples.Add("POST /api/v1/score-sheets/{id}/appraise", $"/api/v1/score-sheets/{reviewed["A"]["id"]}/appraise", Lines, $"/api/v1/score-sheets/{reviewed["A"]["id"]}", Host.Tokens.Token([Roles.Appraiser]));
        examples.Add("POST /api/v1/score-sheets/{id}/return", $"/api/v1/score-sheets/{reviewed["C"]["id"]}/return", """{"reason":"Thiếu minh chứng","criteria":["I.1"]}""", $"/api/v1/score-sheets/{reviewed["C"]["id"]}", Host.Tokens.Token([Roles.Appraiser]));
        examples.Add("POST /api/v1/rankings/{clusterId}/decide", $"/api/v1/rankings/{deciding.Cluster}/decide", """{"document":"QĐ 5"}""", token: Host.Tokens.Token([Roles.AppraisalHead]));
        examples.Add("POST /api/v1/rankings/{clusterId}/reopen", $"/api/v1/rankings/{decided.Cluster}/reopen", """{"reason":"Số liệu sai"}""", token: Host.Tokens.Token([Roles.AppraisalHead]));
        examples.Add("POST /api/v1/indicator-rules", "/api/v1/indicator-rules", """{"valid_from":"2026-01-01","valid_to":"2030-12-31","basis":"KH 15","thresholds":{"least_sheets":3,"least_lines":20,"unchanged_percent":"95","high_percent":"98","narrow_percent":"1","count_published":false,"document_marks":["số","QĐ"]}}""");
        examples.Always("POST /api/v1/criteria-tables", "/table/groups/0/criteria/1/bands/4/text = {\"\\u0000\":1}", "/table/groups/1/criteria/0/max = \"a\\udc00b\"", "/table/deductions/items/0/minus = \"9999999999999999999999999999\"");
        examples.Always("POST /api/v1/published-results", "/season = \"a\\udc00b\"", "body 14 {\"season\":\"\\xff\\xc0\"}");
        examples.Always("POST /api/v1/score-sheets/{id}/appraise", "/lines = [null]");
        examples.Always("PUT /api/v1/score-sheets/{id}/lines", "/bonus/SK_TINH = 1E+28", "/deductions/HS_CHAM = 9999999999999999999999999999");
        return examples.With(new() { ["id"] = $"{submitted["A"]["id"]}", ["clusterId"] = $"{decided.Cluster}" }, ("/criteria-tables/{id}", $"/criteria-tables/{draft}"));
    }
}

public sealed class HostileAwardsTests(ServiceHost<AwardsDbContext> host) : HostileRequestTests<AwardsDbContext>(host), IClassFixture<ServiceHost<AwardsDbContext>>
{
    internal override async Task<Scene> PrepareAsync()
    {
        var season = new AwardSeason(Host, "S");
        var nominations = await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        (await season.VoteAsync("C1", 17)).Expect(201);
        (await season.Head.PostJson("government-flag-proposals", new { season = "S" })).Expect(201);
        var open = new AwardSeason(Host, "OPEN");
        await open.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");

        var examples = new Examples(Host.Tokens.Token([.. Roles.All]));
        examples.Add("POST /api/v1/award-policies", "/api/v1/award-policies", """{"season":"S","valid_from":"2024-01-01","valid_to":"2030-12-31","switches":{"merit_ranks":{"first":[2,3]},"definitive_policy":"LEAVE_VACANT","vote_threshold_percent":"90"},"basis":"QĐ 7"}""");
        examples.Add("POST /api/v1/exclusions", "/api/v1/exclusions", """{"exclusions":[{"season":"S","unit":"C","type":"SUSPECTED_PENDING","status":"PENDING","ground":"Đơn thư","document":"CV 1","from":"2024-01-01","to":"2030-12-31"}]}""");
        examples.Add("POST /api/v1/award-history", "/api/v1/award-history", """{"season":"S","entries":[{"year":2023,"cluster":"C1","winner":"A","leader":"B","members":["A","B"],"ranks":{"A":1},"margin":"0.25","maximum":100,"figures_leader":"B","lineage":"K1"}],"reason":"Sửa"}""");
        examples.Add("POST /api/v1/nominations", "/api/v1/nominations", """{"season":"OPEN","cluster":"C1"}""");
        examples.Add("POST /api/v1/ballots", "/api/v1/ballots", """{"season":"OPEN","award":"PROVINCIAL_FLAG","cluster":"C1","members":17,"yes":16}""");
        examples.Add("POST /api/v1/government-flag-proposals", "/api/v1/government-flag-proposals", """{"season":"S"}""");
        examples.Add("POST /api/v1/confirmations", "/api/v1/confirmations", """{"season":"OPEN","confirmations":[{"unit":"A","topic":"TAX","status":"NOTHING_TO_REPORT","document":"CV 7","note":"Không nợ thuế"}],"reason":"Sửa"}""");
        examples.Add("POST /api/v1/confirmation-topics/{code}/providers", "/api/v1/confirmation-topics/TAX/providers", """{"provider":"CT","valid_from":"2024-01-01","valid_to":"2024-12-31","document":"CV 8"}""");
        examples.Add("GET /api/v1/rotation-signals/province", "/api/v1/rotation-signals/province?season=S");
        const string Dossier = """{"season":"S","award":"PROVINCIAL_FLAG","clusters":["C1"],"received_on":"2024-05-05","document":"12/TTr"}""";
        var dossier = (string)(await season.Secretary.PostJson("dossiers", Dossier)).Expect(201)["id"]!;
        examples.Add("POST /api/v1/dossiers", "/api/v1/dossiers", Dossier);
        examples.Add("GET /api/v1/dossiers", "/api/v1/dossiers?season=S");
        examples.Add("GET /api/v1/dossiers/{id}", $"/api/v1/dossiers/{dossier}");
        examples.Add("POST /api/v1/dossiers/{id}/more-favourable", $"/api/v1/dossiers/{dossier}/more-favourable", """{"family":"EMULATION_LAW","reason":"Có lợi hơn","document":"CV 7","provision":"Điều 1"}""", $"/api/v1/dossiers/{dossier}");
        foreach (var noun in new[] { "award-history", "ballots", "council-sessions", "exclusions", "nominations", "public-comments", "revocations", "rotation-signals", "confirmations" })
        {
            examples.Add($"GET /api/v1/{noun}", $"/api/v1/{noun}?season=S");
        }

        var things = await HostileCouncil.AddAsync(Host, examples);
        examples.Always("POST /api/v1/award-history", "/entries/0/members/1 = \"a\\udc00b\"", "/entries/0/ranks = {\"\\ud800\":1}", "/entries/0/ranks/A = \"a\\u0000b\"");
        examples.Always("POST /api/v1/ballots", "Content-Type: application/json; charset=nonsense");
        return examples.With(new() { ["id"] = (string)nominations["nominations"][0]!["id"]!, ["season"] = "S" }, things);
    }
}

public sealed class HostileDocumentsTests(DocumentsHost host) : HostileRequestTests<DocumentsDbContext>(host), IClassFixture<DocumentsHost>
{
    internal override async Task<Scene> PrepareAsync()
    {
        var (leader, _, _) = await host.FormClusterAsync();
        using var clerk = host.Clerk(leader);
        var kept = (string)(await DocumentsHost.UploadAsync(clerk, leader)).Expect(201)["id"]!;
        var withdrawn = (string)(await DocumentsHost.UploadAsync(clerk, leader)).Expect(201)["id"]!;

        var unit = Host.Tokens.Token([Roles.UnitClerk, Roles.UnitHead], leader);
        var examples = new Examples(Host.Tokens.Token([.. Roles.All], leader));
        examples.Add("POST /api/v1/documents", $"/api/v1/{DocumentsHost.Query(leader)}&number=12&date=2026-01-01&issuer=UBND", new Example("", unit, DocumentsHost.Pdf(), "application/pdf"));
        examples.Add("GET /api/v1/documents", $"/api/v1/documents?season={DocumentsHost.Season}&unit={leader}");
        examples.Add("DELETE /api/v1/documents/{id}", $"/api/v1/documents/{withdrawn}?reason=Nh%E1%BA%A7m", null, $"/api/v1/documents/{withdrawn}", unit);
        examples.Always("GET /api/v1/documents/{id}/content", "Range: bytes=-0");
        return examples.With(new() { ["id"] = kept });
    }
}

public sealed class HostileIdentityTests(IdentityHost host) : HostileRequestTests<IdentityDbContext>(host), IClassFixture<IdentityHost>
{
    internal override async Task<Scene> PrepareAsync()
    {
        (await host.RegisterUnitAsync("X")).Expect(200);
        (await host.RegisterAsync(new { id = "auditor", kind = "CLIENT", name = "Kiểm tra", secret = IdentityHost.Secret, roles = new[] { "auditor" } })).Expect(200);

        var admin = await host.TokenAsync("admin", IdentityHost.AdminSecret);
        var examples = new Examples(admin);
        examples.Add("GET /api/v1/journal/identity", "/api/v1/journal/identity", token: await host.TokenAsync("auditor", IdentityHost.Secret));
        examples.Add("POST /api/v1/accounts", "/api/v1/accounts", """{"accounts":[{"id":"unit-N","kind":"CLIENT","name":"Đơn vị N","secret":"a-random-secret-of-a-unit-0123456789","roles":["unit_clerk","unit_head"],"unit":"N","disabled":false}]}""");
        examples.Always("POST /api/v1/accounts", "/accounts/0/roles/1 = \"\\ud800\"", "body 23 {\"\\ud800\":1}");
        return examples.With(new() { ["id"] = "unit-X" });
    }
}

/// <summary>Collects the good requests of a service.</summary>
internal sealed class Examples(string everyRole)
{
    private readonly Dictionary<string, Example> _examples = new(StringComparer.Ordinal);

    public void Add(string operation, string target, string? json = null, string? etagOf = null, string? token = null) =>
        Add(operation, target, new Example("", token ?? everyRole, json is null ? null : Encoding.UTF8.GetBytes(json), EtagOf: etagOf));

    public void Add(string operation, string target, Example example) => _examples.Add(operation, example with { Target = target });

    /// <summary>Bad requests that once were answered badly: sent whatever the choice of the rest.</summary>
    public void Always(string operation, params IReadOnlyList<string> what) => _examples[operation] = (_examples.GetValueOrDefault(operation) ?? new Example("", everyRole)) with { Always = what };

    public Scene With(Dictionary<string, string> things, params (string Path, string Address)[] special) =>
        new(everyRole, things.Concat([new("code", "S"), new("from", "2000-01-01")]).ToDictionary(), special, _examples);
}

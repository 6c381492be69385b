using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
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
        examples.Add("GET /api/v1/clusters/workbook", "/api/v1/clusters/workbook?season=S");
        foreach (var (path, query) in new[] { ("units/workbook", ""), ("clusters/workbook", "?season=S") })
        {
            var workbook = await head.GetByteArrayAsync(new Uri(path + query, UriKind.Relative), TestContext.Current.CancellationToken);
            examples.Add($"POST /api/v1/{path}", $"/api/v1/{path}", new Example("", Host.Tokens.Token([.. Roles.All]), workbook, WorkbookBuilder.ContentType));
            examples.Add($"POST /api/v1/{path}/check", $"/api/v1/{path}/check", new Example("", Host.Tokens.Token([.. Roles.All]), workbook, WorkbookBuilder.ContentType));
        }

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
        foreach (var noun in new[] { "seasons", "levels", "unit-categories", "activity-types", "legal-instruments" })
        {
            examples.Always($"POST /api/v1/{noun}", "/code = \"\\xff\""); // a letter that no header holds as it is
        }

        examples.AddAdministration("clusters");
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
        examples.Add("POST /api/v1/webhooks/{id}/resend", $"/api/v1/webhooks/{rotated}/resend", """{"reason":"Mất dữ liệu","since":"2026-06-14T00:00:00+07:00"}""");
        examples.Add("POST /api/v1/webhooks/{id}/rotate", $"/api/v1/webhooks/{rotated}/rotate", null, $"/api/v1/webhooks/{rotated}");
    }
}

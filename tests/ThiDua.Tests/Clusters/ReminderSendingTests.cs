using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>Reminders as their recipients see them, over days.</summary>
public sealed class ReminderSendingTests(ReminderHost host) : IClassFixture<ReminderHost>
{
    [Fact]
    public async Task Unit_leader_agency_and_head_get_exactly_the_mails_of_the_schedule()
    {
        var (cluster, season) = await host.FormAsync("A", "L", "M");
        var (unit, leader) = (await host.AddContactAsync("UNIT", "AM", "am"), await host.AddContactAsync("UNIT", "AL", "al"));
        var due = host.Today.AddDays(20);
        var obligation = await host.OweAsync(cluster, season, "AM", due);
        for (var day = host.Today; day <= due.AddDays(30); day = day.AddDays(1))
        {
            await host.GoToAsync(day);
        }

        Assert.Equal(["Còn 15", "Còn 7", "Còn 3", "Còn 1", "Quá hạn 1", "Quá hạn 8", "Quá hạn 15", "Quá hạn 22", "Quá hạn 29"], Heads(host.MailsTo(unit)));
        Assert.Equal(["Còn 1", "Quá hạn 1", "Quá hạn 8", "Quá hạn 15", "Quá hạn 22", "Quá hạn 29"], Heads(host.MailsTo(leader)));
        Assert.Equal(["Quá hạn 1", "Quá hạn 8", "Quá hạn 15", "Quá hạn 22", "Quá hạn 29"], Heads(OfUnit("snv@tinh.gov.vn")));
        Assert.Equal(["Quá hạn 22", "Quá hạn 29"], Heads(OfUnit("lanhdao@tinh.gov.vn")));

        var log = await host.LogAsync(obligation);
        Assert.Equal(22, log.Count);
        Assert.All(log, reminder => Assert.Equal((ReminderState.Sent, AttemptOutcome.Delivered), (reminder.State, Assert.Single(reminder.Attempts).Outcome)));
        Assert.Equal(log.Select(reminder => $"{reminder.Id:N}@tinh.gov.vn").Order(), host.Mail.Received.Where(mail => log.Exists(reminder => mail.MessageId.StartsWith($"{reminder.Id:N}", StringComparison.Ordinal))).Select(mail => mail.MessageId).Order());
        var first = host.MailsTo(unit)[0];
        Assert.Contains($"Thời hạn: {due.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}", first.Body, StringComparison.Ordinal);
        Assert.Contains("Đơn vị: Đơn vị AM", first.Body, StringComparison.Ordinal);

        await host.ChangeAsync(obligation, owed => owed.Release("Hết", host.Clock.GetUtcNow()));

        IEnumerable<ReceivedMail> OfUnit(string address) => host.MailsTo(address).Where(mail => mail.Subject.Contains("Đơn vị AM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_ends_the_reminders_and_an_extension_moves_them()
    {
        var (cluster, season) = await host.FormAsync("B", "L", "M", "N");
        var (met, extended) = (await host.AddContactAsync("UNIT", "BM", "bm"), await host.AddContactAsync("UNIT", "BN", "bn"));
        var due = host.Today.AddDays(8);
        var report = await host.OweAsync(cluster, season, "BM", due);
        var other = await host.OweAsync(cluster, season, "BN", due);
        await host.SettleAsync();
        await host.GoToAsync(due.AddDays(-7));
        await host.ChangeAsync(report, owed => owed.Follow(new Owed("BM", owed.Kind, owed.Recipient, due, host.Clock.GetUtcNow(), null)));
        await host.ChangeAsync(other, owed => owed.Extend(due.AddDays(10), "Bão", null, "tt", host.Clock.GetUtcNow()));
        for (var day = due.AddDays(-6); day <= due.AddDays(11); day = day.AddDays(1))
        {
            await host.GoToAsync(day);
        }

        // T−15 was the latest of both at the start; the new count begins in the days of T−15 too, and once
        Assert.Equal(["Còn 8", "Còn 7"], Heads(host.MailsTo(met)));
        Assert.Equal(["Còn 8", "Còn 7", "Còn 15", "Còn 7", "Còn 3", "Còn 1", "Quá hạn 1"], Heads(host.MailsTo(extended)));
        await host.ChangeAsync(other, owed => owed.Release("Hết", host.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_mail_server_that_is_down_is_waited_for_and_nothing_is_sent_twice()
    {
        var (cluster, season) = await host.FormAsync("C", "L", "M");
        var unit = await host.AddContactAsync("UNIT", "CM", "cm");
        await host.Mail.StopAsync();
        var obligation = await host.OweAsync(cluster, season, "CM", host.Today.AddDays(3));
        using var agency = host.As(Roles.Appraiser);
        var waiting = await Eventually.AnswerAsync(() => agency.GetJson($"reminders?season={season}&state=PLANNED"), answer => (string?)answer.Json!["items"]!.AsArray().FirstOrDefault()?["waiting_for"] == "RETRY", "the mail waits, and says so");
        Assert.Equal(("NOT_SENT", "T-3"), ((string?)waiting["items"][0]!["attempts"]![0]!["outcome"], (string?)waiting["items"][0]!["occurrence"]));

        await host.Mail.StartAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await host.EventuallyAsync(async () => (await host.LogAsync(obligation)).TrueForAll(reminder => reminder.State == ReminderState.Sent), "the mail is sent");
        await host.SettleAsync();
        Assert.Single(host.MailsTo(unit));
        await host.ChangeAsync(obligation, owed => owed.Release("Hết", host.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task An_address_that_is_refused_fails_in_the_end_and_can_be_tried_again()
    {
        var (cluster, season) = await host.FormAsync("D", "L", "M");
        var unit = await host.AddContactAsync("UNIT", "DM", "dm");
        host.Mail.Unknown[unit] = true;
        var obligation = await host.OweAsync(cluster, season, "DM", host.Today.AddDays(10));
        await host.SettleAsync();
        for (var attempt = 2; attempt <= 6; attempt++)
        {
            Assert.Equal(ReminderState.Planned, Assert.Single(await host.LogAsync(obligation)).State);
            host.Clock.Advance(TimeSpan.FromHours(13));
            await host.EventuallyAsync(async () => (await host.LogAsync(obligation))[0] is { State: not ReminderState.Sending } reminder && reminder.Attempts.Count == attempt, $"attempt {attempt}");
            await host.SettleAsync();
        }

        var failed = (await host.LogAsync(obligation)).Find(reminder => reminder.Occurrence == -15)!;
        Assert.Equal(ReminderState.Failed, failed.State);
        Assert.All(failed.Attempts, attempt => Assert.Equal(AttemptOutcome.Refused, attempt.Outcome));

        host.Mail.Unknown.Clear();
        using var agency = host.As(Roles.Appraiser);
        var etag = (await agency.GetJson($"reminders/{failed.Id}")).Expect(200).ETag;
        (await agency.PostJson($"reminders/{failed.Id}/retry")).Expect(428);
        (await agency.PostJson($"reminders/{failed.Id}/retry", etag: etag)).Expect(200);
        await host.EventuallyAsync(async () => (await agency.GetJson($"reminders/{failed.Id}"))["state"].GetValue<string>() == "SENT", "it is sent");
        (await agency.PostJson($"reminders/{failed.Id}/retry", etag: (await agency.GetJson($"reminders/{failed.Id}")).ETag)).Expect(409, "wrong-state");
        Assert.Contains(host.MailsTo(unit), mail => mail.MessageId.StartsWith($"{failed.Id:N}", StringComparison.Ordinal) && mail.Attempt == 7);
        await host.ChangeAsync(obligation, owed => owed.Release("Hết", host.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Webhooks_are_signed_events_within_their_scope()
    {
        var (cluster, season) = await host.FormAsync("E", "L", "M", "N");
        using var head = host.As(Roles.UnitHead, "EM");
        using var agency = host.As(Roles.Admin);
        var own = (await head.PostJson("webhooks", new { url = new Uri(host.Receiver.Address, "/em"), unit = "EM" })).Expect(201);
        var all = (await agency.PostJson("webhooks", new { url = new Uri(host.Receiver.Address, "/all-e"), event_types = new[] { Webhook.OverdueEvent } })).Expect(201);
        var (secret, allSecret) = ((string)own["secret"]!, (string)all["secret"]!);
        var due = host.Today.AddDays(1);
        var mine = await host.OweAsync(cluster, season, "EM", due);
        var others = await host.OweAsync(cluster, season, "EN", due);
        await host.SettleAsync();

        var call = Assert.Single(host.Receiver.To("/em"));
        Assert.True(call.IsSignedBy(secret));
        Assert.False(call.IsSignedBy(allSecret));
        Assert.StartsWith("application/cloudevents+json", call.ContentType, StringComparison.Ordinal);
        var told = call.Event;
        Assert.Equal(("1.0", Webhook.DueEvent, mine.ToString(), call.Id), ((string?)told["specversion"], (string?)told["type"], (string?)told["subject"], (string?)told["id"]));
        Assert.Equal(("EM", "T-1", "MIDYEAR_REPORT", due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ((string?)told["data"]!["unit"], (string?)told["data"]!["occurrence"], (string?)told["data"]!["kind"], (string?)told["data"]!["due_on"]));
        Assert.Equal(host.Clock.GetUtcNow().ToUnixTimeSeconds(), call.At.ToUnixTimeSeconds());
        Assert.True(call.Body.Length < 20_000);
        Assert.Empty(host.Receiver.To("/all-e"));

        // both secrets sign for a day, the new one alone after it
        var rotated = (await head.PostJson($"webhooks/{own["id"]}/rotate", etag: own.ETag)).Expect(200);
        await host.GoToAsync(due.AddDays(1));
        var stored = await host.WithDatabaseAsync(db => db.Webhooks.AsNoTracking().SingleAsync(webhook => webhook.Id == (Guid)own["id"]!));
        Assert.DoesNotContain(secret, stored.PreviousSecret!, StringComparison.Ordinal);
        var late = host.Receiver.To("/em")[1];
        Assert.Equal(Webhook.OverdueEvent, (string?)late.Event["type"]);
        Assert.True(late.IsSignedBy((string)rotated["secret"]!));
        Assert.False(late.IsSignedBy(secret)); // two days have passed
        Assert.Equal(new[] { mine, others }.Select(id => id.ToString()).Order(), host.Receiver.To("/all-e").Select(received => (string)received.Event["subject"]!).Order());

        // A receiver that lost what it was told is told again, under the same ids, of what is still owed.
        (await agency.PostJson($"webhooks/{own["id"]}/resend", new { reason = "Mất dữ liệu", since = host.Clock.GetUtcNow().AddHours(1) })).Expect(200);
        Assert.Equal([("MISSING_REASON", "/reason"), ("MISSING_PROPERTY", "/since")], (await agency.PostJson($"webhooks/{own["id"]}/resend", new { })).Expect(422).Errors);
        (await head.PostJson($"webhooks/{own["id"]}/resend", new { reason = "Mất", since = "2026-01-01T00:00:00Z" })).Expect(403);
        var lost = host.Receiver.To("/all-e").Select(received => received.Id).ToList();
        Assert.Equal(1, (int)(await agency.PostJson($"webhooks/{all["id"]}/resend", new { reason = "Mất dữ liệu", reminder = lost[0] })).Expect(200)["planned"]!);
        await host.EventuallyAsync(() => Task.FromResult(host.Receiver.To("/all-e").Count == lost.Count + 1), "it is sent again");
        Assert.Equal(lost[0], host.Receiver.To("/all-e")[^1].Id);
        await host.SettleAsync();
        Assert.Equal([AttemptOutcome.Delivered, AttemptOutcome.Delivered], (await host.WithDatabaseAsync(db => db.Reminders.AsNoTracking().SingleAsync(reminder => reminder.Id == Guid.Parse(lost[0])))).Attempts.Select(attempt => attempt.Outcome));

        rotated = (await head.PostJson($"webhooks/{own["id"]}/rotate", etag: (await head.GetJson($"webhooks/{own["id"]}")).ETag)).Expect(200);
        var another = await host.OweAsync(cluster, season, "EM", host.Today.AddDays(3), ObligationKind.Registration);
        await host.SettleAsync();
        var twice = host.Receiver.To("/em")[2];
        Assert.Equal(2, twice.Signatures.Count);
        Assert.True(twice.IsSignedBy((string)rotated["secret"]!));
        foreach (var id in (Guid[])[mine, others, another])
        {
            await host.ChangeAsync(id, owed => owed.Release("Hết", host.Clock.GetUtcNow()));
        }

        (await agency.PutJson($"webhooks/{all["id"]}", new { url = new Uri(host.Receiver.Address, "/all-e"), enabled = false }, all.ETag)).Expect(200);
    }

    [Fact]
    public async Task Only_2xx_is_taken_for_received_and_410_switches_off()
    {
        var (cluster, season) = await host.FormAsync("F", "L", "M");
        using var head = host.As(Roles.UnitHead, "FM");
        var moved = (await head.PostJson("webhooks", new { url = new Uri(host.Receiver.Address, "/moved"), unit = "FM" })).Expect(201);
        var gone = (await head.PostJson("webhooks", new { url = new Uri(host.Receiver.Address, "/gone"), unit = "FM" })).Expect(201);
        (host.Receiver.Answers["/moved"], host.Receiver.Answers["/gone"]) = (302, 410);
        var obligation = await host.OweAsync(cluster, season, "FM", host.Today.AddDays(3));
        await host.SettleAsync();

        Assert.Empty(host.Receiver.To("/elsewhere"));
        var log = await host.LogAsync(obligation);
        Assert.All(log.Where(reminder => reminder.WebhookId is not null), reminder => Assert.Equal((ReminderState.Planned, AttemptOutcome.Refused), (reminder.State, Assert.Single(reminder.Attempts).Outcome)));
        var off = (await head.GetJson($"webhooks/{gone["id"]}")).Expect(200);
        Assert.False((bool)off["enabled"]);
        Assert.NotNull(off.Json!["disabled_because"]);

        host.Receiver.Answers.Clear();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await host.SettleAsync();
        log = await host.LogAsync(obligation);
        Assert.Equal((ReminderState.Sent, 2), Of(moved));
        Assert.Equal((ReminderState.Superseded, 1), Of(gone));
        Assert.Equal(2, host.Receiver.To("/moved").Select(call => (call.Id, call.Body)).Count());
        Assert.Single(host.Receiver.To("/moved").Select(call => (call.Id, call.Body)).Distinct());
        Assert.Single(host.Receiver.To("/gone"));
        await host.ChangeAsync(obligation, owed => owed.Release("Hết", host.Clock.GetUtcNow()));

        (ReminderState, int) Of(ApiAnswer webhook) => log.Where(reminder => reminder.WebhookId == (Guid)webhook["id"]!).Select(reminder => (reminder.State, reminder.Attempts.Count)).Single();
    }

    [Fact]
    public async Task The_log_is_shown_to_the_unit_its_leader_and_the_agency()
    {
        var (cluster, season) = await host.FormAsync("G", "L", "M", "N");
        var obligation = await host.OweAsync(cluster, season, "GM", host.Today.AddDays(1));
        await host.SettleAsync();
        Assert.Equal((2, 2, 0), (await CountAsync(Roles.UnitClerk, "GM"), await CountAsync(Roles.UnitHead, "GL"), await CountAsync(Roles.UnitHead, "GN")));
        Assert.Equal((2, 2), (await CountAsync(Roles.Auditor, null), await CountAsync(Roles.AppraisalHead, null)));
        using var nobody = host.As(Roles.CouncilMember);
        (await nobody.GetJson($"reminders?season={season}")).Expect(403);
        using var agency = host.As(Roles.Appraiser);
        var items = (await agency.GetJson($"reminders?cluster={cluster}&unit=GM")).Expect(200)["items"].AsArray();
        Assert.All(items, item => Assert.Equal("NO_ADDRESS", (string?)item!["waiting_for"]));
        using var other = host.As(Roles.UnitHead, "GN");
        (await other.GetJson($"reminders/{items[0]!["id"]}")).Expect(404);
        await host.ChangeAsync(obligation, owed => owed.Release("Hết", host.Clock.GetUtcNow()));
        await host.SettleAsync();
        Assert.All(await host.LogAsync(obligation), reminder => Assert.Equal((ReminderState.Superseded, SupersededReason.NoLongerOwed), (reminder.State, reminder.SupersededBecause)));

        async Task<int> CountAsync(string role, string? unit)
        {
            using var client = host.As(role, unit);
            return (await client.GetJson($"reminders?season={season}")).Expect(200)["items"].AsArray().Count;
        }
    }

    private static IEnumerable<string> Heads(IEnumerable<ReceivedMail> mails) => mails.Select(mail => mail.Subject[..mail.Subject.IndexOf(" ngày", StringComparison.Ordinal)]);
}

/// <summary>What an installation refuses unless it is told otherwise, and who may register what.</summary>
public sealed class ReminderAddressTests(GuardedReminderHost host) : IClassFixture<GuardedReminderHost>
{
    [Fact]
    public async Task No_call_goes_into_the_own_network()
    {
        var (cluster, season) = await host.FormAsync("P", "L", "M");
        using var head = host.As(Roles.UnitHead, "PM");
        Assert.Equal([("PRIVATE_ADDRESS", "/url")], (await head.PostJson("webhooks", new { url = "https://127.0.0.1/x", unit = "PM" })).Expect(422).Errors);
        Assert.Equal([("BAD_URL", "/url")], (await head.PostJson("webhooks", new { url = new Uri(host.Receiver.Address, "/x"), unit = "PM" })).Expect(422).Errors);

        // a name is looked up when it is called
        var named = (await head.PostJson("webhooks", new { url = $"https://localhost:{host.Receiver.Address.Port}/x", unit = "PM" })).Expect(201);
        var obligation = await host.OweAsync(cluster, season, "PM", host.Today.AddDays(3));
        await host.SettleAsync();
        var call = Assert.Single(await host.LogAsync(obligation), reminder => reminder.WebhookId == (Guid)named["id"]!);
        Assert.Equal(AttemptOutcome.NotSent, call.Attempts[0].Outcome);
        Assert.StartsWith("PRIVATE_ADDRESS", call.Attempts[0].Detail, StringComparison.Ordinal);
        Assert.Empty(host.Receiver.Calls);
    }

    [Fact]
    public async Task Everybody_registers_for_himself_and_the_agency_for_all()
    {
        await host.FormAsync("Q", "L", "M");
        using var head = host.As(Roles.UnitHead, "QM");
        using var clerk = host.As(Roles.UnitClerk, "QM");
        using var admin = host.As(Roles.Admin);
        using var auditor = host.As(Roles.Auditor);
        var own = (await head.PostJson("contacts", new { holder = "UNIT", unit = "QM", name = "Văn phòng", email = "vp@qm.gov.vn" })).Expect(201);
        (await head.PostJson("contacts", new { holder = "UNIT", unit = "QM", name = "Văn phòng", email = "vp@qm.gov.vn" })).Expect(409, "already-exists");
        (await head.PostJson("contacts", new { holder = "UNIT", unit = "QL", name = "Khác", email = "vp@ql.gov.vn" })).Expect(403, "not-own-unit");
        (await head.PostJson("contacts", new { holder = "AGENCY", name = "Khác", email = "vp@ql.gov.vn" })).Expect(403, "not-own-unit");
        (await clerk.PostJson("contacts", new { holder = "UNIT", unit = "QM", name = "Khác", email = "vp@ql.gov.vn" })).Expect(403);
        (await auditor.PostJson("webhooks", new { url = "https://a.gov.vn/" })).Expect(403);
        (await head.PostJson("webhooks", new { url = "https://a.gov.vn/" })).Expect(403, "not-own-unit");
        Assert.Equal([("BAD_EMAIL", "/email"), ("UNKNOWN_PROPERTY", "/unit")], (await admin.PostJson("contacts", new { holder = "AGENCY", unit = "QM", name = "Sở", email = "a@b" })).Expect(422).Errors);
        Assert.Equal([("UNKNOWN_UNIT", "/unit")], (await admin.PostJson("contacts", new { holder = "UNIT", unit = "NOBODY", name = "Sở", email = "a@b.vn" })).Expect(422).Errors);
        Assert.Equal([("UNKNOWN_EVENT", "/event_types/0")], (await admin.PostJson("webhooks", new { url = "https://a.gov.vn/", event_types = new[] { "x" } })).Expect(422).Errors);

        var hook = (await admin.PostJson("webhooks", new { url = "https://a.gov.vn/", unit = "QM" })).Expect(201);
        Assert.Null((await head.GetJson($"webhooks/{hook["id"]}")).Expect(200).Json!["secret"]);
        using var other = host.As(Roles.UnitHead, "QL");
        (await other.GetJson($"webhooks/{hook["id"]}")).Expect(404);
        (await other.GetJson($"contacts/{own["id"]}")).Expect(404);
        (await other.PostJson($"webhooks/{hook["id"]}/rotate", etag: hook.ETag)).Expect(404);
        Assert.Empty((await other.GetJson("webhooks")).Expect(200)["items"].AsArray());
        Assert.NotEmpty((await auditor.GetJson("contacts?unit=QM")).Expect(200)["items"].AsArray());

        var off = new { name = "Văn phòng", email = "vp@qm.gov.vn", enabled = false };
        (await head.PutJson($"contacts/{own["id"]}", off)).Expect(428);
        (await head.PutJson($"contacts/{own["id"]}", off, own.ETag)).Expect(200);
        (await head.PutJson($"contacts/{own["id"]}", off, own.ETag)).Expect(412);
        var journal = (await auditor.GetJson($"journal/clusters?subject=Webhook/{hook["id"]}")).Expect(200);
        Assert.NotEmpty(journal["items"].AsArray());
        Assert.DoesNotContain("secret", ((JsonNode)journal["items"]).ToJsonString().Replace("previous_until", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }
}

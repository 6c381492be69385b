using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>A client gets a new secret, and a while to put it in place.</summary>
public sealed class SecretRotationTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const string Reason = "Đổi định kỳ";

    [Fact]
    public async Task Both_secrets_are_good_until_the_overlap_ends()
    {
        (await host.RegisterUnitAsync("R1")).Expect(200);
        using var admin = await host.AdminAsync();

        var rotated = (await admin.PostJson("accounts/unit-R1/rotate-secret", new { reason = Reason, overlap_hours = 2 })).Expect(200);
        var secret = (string)rotated["secret"]!;
        Assert.True(secret.Length >= 43);
        (await host.AskTokenAsync("unit-R1", secret)).Expect(200);
        (await host.AskTokenAsync("unit-R1", IdentityHost.Secret)).Expect(200);

        host.Clock.Ahead = TimeSpan.FromHours(2.1);
        (await host.AskTokenAsync("unit-R1", IdentityHost.Secret)).Expect(401);
        (await host.AskTokenAsync("unit-R1", secret)).Expect(200);
        host.Clock.Ahead = TimeSpan.Zero;

        var row = (await admin.GetJson("journal/identity?subject=Account/unit-R1")).Expect(200);
        Assert.Contains(row["items"].AsArray(), entry => ((string)entry!["action"]!).Contains("rotate-secret", StringComparison.Ordinal));
        Assert.DoesNotContain(secret, await AllOfJournalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotation_whose_answer_was_lost_is_done_again_and_the_old_secret_stays_good()
    {
        (await host.RegisterUnitAsync("R2")).Expect(200);
        using var admin = await host.AdminAsync();

        var lost = (await admin.PostJson("accounts/unit-R2/rotate-secret", new { reason = Reason })).Expect(200);
        var kept = (await admin.PostJson("accounts/unit-R2/rotate-secret", new { reason = Reason })).Expect(200);
        Assert.Equal((string?)lost["previous_secret_until"], (string?)kept["previous_secret_until"]);
        (await host.AskTokenAsync("unit-R2", IdentityHost.Secret)).Expect(200);
        (await host.AskTokenAsync("unit-R2", (string)kept["secret"]!)).Expect(200);
        (await host.AskTokenAsync("unit-R2", (string)lost["secret"]!, from: "192.0.2.50")).Expect(401);

        // It was stolen: nothing but the newest is good.
        var only = (await admin.PostJson("accounts/unit-R2/rotate-secret", new { reason = Reason, overlap_hours = 0 })).Expect(200);
        (await host.AskTokenAsync("unit-R2", IdentityHost.Secret, from: "192.0.2.50")).Expect(401);
        (await host.AskTokenAsync("unit-R2", (string)kept["secret"]!, from: "192.0.2.50")).Expect(401);
        (await host.AskTokenAsync("unit-R2", (string)only["secret"]!)).Expect(200);
    }

    [Fact]
    public async Task Only_clients_have_secrets_and_the_first_administrators_is_a_setting()
    {
        using var admin = await host.AdminAsync();
        (await host.RegisterAsync(new { id = "lan", kind = "PERSON", name = "Nguyễn Thị Lan", secret = "Mat-khau-khoi-dau-1", roles = new[] { "auditor" } })).Expect(200);

        (await admin.PostJson("accounts/lan/rotate-secret", new { reason = Reason })).Expect(409, "not-a-client");
        (await admin.PostJson("accounts/admin/rotate-secret", new { reason = Reason })).Expect(409, "secret-in-settings");
        (await admin.PostJson("accounts/nobody/rotate-secret", new { reason = Reason })).Expect(404);
        Assert.Equal([("OUT_OF_RANGE", "/overlap_hours")], (await admin.PostJson("accounts/unit-R1/rotate-secret", new { reason = Reason, overlap_hours = 721 })).Expect(422).Errors);
        Assert.Equal([("MISSING_REASON", "/reason")], (await admin.PostJson("accounts/unit-R1/rotate-secret", new { reason = "" })).Expect(422).Errors);
        (await admin.PostJson("accounts/lan/rotate-secret", new { reason = Reason }, idempotencyKey: "k")).Expect(422, "no-idempotency-key"); // its answer would be kept
    }

    [Fact]
    public async Task An_unlocking_says_why()
    {
        using var admin = await host.AdminAsync();
        (await host.RegisterUnitAsync("R3")).Expect(200);
        (await admin.PostJson("accounts/unit-R3/unlock", new { reason = "Xác nhận qua điện thoại" })).Expect(204);
        using var auditor = host.WithToken(await host.AuditorAsync());
        var rows = (await auditor.GetJson("journal/identity?subject=Account/unit-R3")).Expect(200)["items"].AsArray();
        Assert.Contains(rows, row => (string?)row!["action"] == "unlock" && (string?)row["reason"] == "Xác nhận qua điện thoại");
    }

    private async Task<string> AllOfJournalAsync() => string.Join('\n', await host.WithDatabaseAsync(db => Task.FromResult(db.Set<ThiDua.ServiceDefaults.JournalEntry>().Select(entry => entry.Changes).ToList())));
}

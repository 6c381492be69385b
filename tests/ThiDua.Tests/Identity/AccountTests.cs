using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>The account API.</summary>
public sealed class AccountTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_thousand_accounts_are_registered_at_once_and_again_without_change()
    {
        var accounts = Enumerable.Range(0, 1000)
            .Select(number => (object)new { id = $"unit-bulk-{number}", kind = "CLIENT", name = $"Sở thứ {number}", secret = $"{IdentityHost.Secret}-{number}", roles = new[] { "unit_clerk" }, unit = $"{number}" })
            .ToArray();
        var watch = Stopwatch.StartNew();

        var first = (await host.RegisterAsync(accounts)).Expect(200);
        var hashes = await HashesAsync();
        var second = (await host.RegisterAsync(accounts)).Expect(200);

        Assert.Equal((1000, 0, 0), ((int)first["created"]!, (int)first["changed"]!, (int)first["unchanged"]!));
        Assert.Equal((0, 0, 1000), ((int)second["created"]!, (int)second["changed"]!, (int)second["unchanged"]!));
        Assert.Equal(hashes, await HashesAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"Took {watch.Elapsed}.");
        await host.TokenAsync("unit-bulk-999", $"{IdentityHost.Secret}-999");

        Task<Dictionary<string, string>> HashesAsync() => host.WithDatabaseAsync(db =>
            db.Clients.Where(client => client.ClientId!.StartsWith("unit-bulk-")).ToDictionaryAsync(client => client.ClientId!, client => client.ClientSecret!));
    }

    [Fact]
    public async Task Every_mistake_is_named_and_nothing_is_stored()
    {
        var answer = await host.RegisterAsync(
            new { id = "mistaken", kind = "CLIENT", name = "Sở", secret = IdentityHost.Secret, roles = new[] { "auditor" } },
            new { id = "mistaken", kind = "CLIENT", name = "Sở", secret = IdentityHost.Secret, roles = new[] { "auditor" } },
            new { id = "weak", kind = "CLIENT", name = "Sở", secret = "short", roles = new[] { "unit_clerk", "chief" }, colour = "red" },
            new { id = "weak-password", kind = "PERSON", name = "Lan", secret = "matkhau123", roles = new[] { "appraiser" } },
            new { id = "both", kind = "PERSON", name = "Lan", secret = "Mật khẩu 1!", roles = new[] { "admin", "appraiser" } },
            new { id = "Upper", kind = "PERSON", name = "Lan", secret = "Mật khẩu 1!", roles = new[] { "admin" } },
            new { id = "admin", kind = "CLIENT", name = "Lan", secret = IdentityHost.Secret, roles = new[] { "admin" } },
            new { id = "neither", kind = "GROUP", secret = 7, roles = new[] { "auditor" } });

        answer.Expect(422, "validation-failed");
        Assert.Equal(
            [
                ("ADMIN_WITH_SCORING_ROLE", "/accounts/4/roles"),
                ("DUPLICATE_CODE", "/accounts/1/id"),
                ("INVALID_ID", "/accounts/5/id"),
                ("MISSING_PROPERTY", "/accounts/2/unit"),
                ("MISSING_PROPERTY", "/accounts/7/name"),
                ("RESERVED_ID", "/accounts/6/id"),
                ("UNKNOWN_PROPERTY", "/accounts/2/colour"),
                ("UNKNOWN_ROLE", "/accounts/2/roles/1"),
                ("WEAK_SECRET", "/accounts/2/secret"),
                ("WEAK_SECRET", "/accounts/3/secret"),
                ("WRONG_TYPE", "/accounts/7/kind"),
                ("WRONG_TYPE", "/accounts/7/secret"),
            ],
            answer.Errors.Order());
        Assert.False(await host.WithDatabaseAsync(db => db.Accounts.AnyAsync(account => account.Id == "mistaken" || account.Id == "both")));
    }

    [Fact]
    public async Task Without_a_secret_a_new_account_is_refused_and_an_old_one_keeps_its_own()
    {
        (await host.RegisterUnitAsync("11")).Expect(200);

        var renamed = await host.RegisterAsync(new { id = "unit-11", kind = "CLIENT", name = "Tên mới", roles = new[] { "unit_head" }, unit = "11" });
        var unknown = await host.RegisterAsync(new { id = "unit-12", kind = "CLIENT", name = "Tên mới", roles = new[] { "unit_head" }, unit = "12" });
        var changed = await host.RegisterAsync(new { id = "unit-11", kind = "PERSON", name = "Tên mới", roles = new[] { "unit_head" }, unit = "11" });

        Assert.Equal(1, (int)renamed.Expect(200)["changed"]!);
        Assert.Equal([("MISSING_PROPERTY", "/accounts/0/secret")], unknown.Expect(422).Errors);
        Assert.Equal([("KIND_CHANGED", "/accounts/0/kind")], changed.Expect(422).Errors);
        Assert.Equal("Tên mới", (string?)IdentityHost.Claims(await host.TokenAsync("unit-11", IdentityHost.Secret))["name"]);
    }

    [Fact]
    public async Task A_new_secret_takes_the_place_of_the_old_one()
    {
        (await host.RegisterUnitAsync("13")).Expect(200);

        (await host.RegisterAsync(new { id = "unit-13", kind = "CLIENT", name = "Đơn vị 13", secret = "another-random-secret-98765", roles = new[] { "unit_head" }, unit = "13" })).Expect(200);

        (await host.AskTokenAsync("unit-13", IdentityHost.Secret)).Expect(401);
        (await host.AskTokenAsync("unit-13", "another-random-secret-98765")).Expect(200);
    }

    [Fact]
    public async Task No_secret_is_readable_in_the_database_or_the_journal()
    {
        (await host.RegisterUnitAsync("14")).Expect(200);
        (await host.RegisterAsync(new { id = "hoa", kind = "PERSON", name = "Hoa", secret = "Mật khẩu của Hoa 1!", roles = new[] { "auditor" } })).Expect(200);

        var (client, person, journal) = await host.WithDatabaseAsync(async db => (
            await db.Clients.Where(stored => stored.ClientId == "unit-14").Select(stored => stored.ClientSecret!).SingleAsync(),
            await db.Accounts.Where(stored => stored.Id == "hoa").Select(stored => stored.PasswordHash!).SingleAsync(),
            await db.Set<JournalEntry>().Select(entry => entry.Changes).ToListAsync()));

        Assert.DoesNotContain(IdentityHost.Secret, client, StringComparison.Ordinal);
        Assert.DoesNotContain("Hoa", person, StringComparison.Ordinal);
        Assert.All(journal, changes =>
        {
            foreach (var secret in new[] { IdentityHost.Secret, "của Hoa", client, person, "password_hash", "client_secret", "material" })
            {
                Assert.DoesNotContain(secret, changes, StringComparison.Ordinal);
            }
        });
        Assert.Contains(journal, changes => changes.Contains("secret_changed_at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_administrators_reach_accounts()
    {
        (await host.RegisterUnitAsync("15")).Expect(200);
        using var unit = host.WithToken(await host.TokenAsync("unit-15", IdentityHost.Secret));
        using var nobody = host.Anonymous();

        (await unit.GetJson("accounts")).Expect(403, "forbidden");
        (await unit.PostJson("accounts", new { accounts = Array.Empty<object>() })).Expect(403, "forbidden");
        (await unit.DeleteJson("accounts/unit-15")).Expect(403, "forbidden");
        (await nobody.GetJson("accounts")).Expect(401, "unauthenticated");
        (await nobody.PostJson("accounts/admin/unlock")).Expect(401, "unauthenticated");
    }

    /// <summary>Kestrel refuses to write a body, be it empty, to a 204.</summary>
    [Fact]
    public async Task An_answer_without_a_body_is_replayed()
    {
        (await host.RegisterUnitAsync("16")).Expect(200);
        using var admin = await host.AdminAsync();

        var first = (await admin.PostJson("accounts/unit-16/unlock", idempotencyKey: "unlock-16")).Expect(204);
        var second = (await admin.PostJson("accounts/unit-16/unlock", idempotencyKey: "unlock-16")).Expect(204);

        Assert.False(first.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal("true", second.Headers["Idempotency-Replayed"]);
    }

    [Fact]
    public async Task Accounts_are_listed_by_pages_and_found_without_diacritics()
    {
        (await host.RegisterAsync([.. Enumerable.Range(0, 5).Select(number => new
        {
            id = $"huong-{number}", kind = "PERSON", name = $"Đặng Thị Hưởng {number}", secret = "Mật khẩu 1!", roles = new[] { "appraiser" },
        })])).Expect(200);
        using var admin = await host.AdminAsync();

        var first = (await admin.GetJson("accounts?search=dang%20thi%20HUONG&limit=3")).Expect(200);
        var second = (await admin.GetJson($"accounts?search=dang%20thi%20HUONG&limit=3&cursor={(string)first["next"]!}")).Expect(200);

        Assert.Equal(["huong-0", "huong-1", "huong-2"], first["items"].AsArray().Select(account => (string)account!["id"]!));
        Assert.Equal(["huong-3", "huong-4"], second["items"].AsArray().Select(account => (string)account!["id"]!));
        Assert.Null(second.Json!["next"]);
        Assert.DoesNotContain("hash", first.Text, StringComparison.OrdinalIgnoreCase);
        (await admin.GetJson("accounts/nobody")).Expect(404);
        (await admin.PostJson("accounts/nobody/unlock")).Expect(404);
    }
}

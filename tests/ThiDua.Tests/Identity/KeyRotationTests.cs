using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>A signing key takes over from another without a restart: published before it signs, and after it has signed.</summary>
public sealed class KeyRotationTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const string Reason = "Đổi định kỳ";

    [Fact]
    public async Task A_new_key_is_published_then_signs_then_stands_alone()
    {
        var old = await KidAsync();
        var first = await host.TokenAsync("admin", IdentityHost.AdminSecret);
        using var admin = host.WithToken(first);

        var rotated = (await admin.PostJson("signing-keys/rotate", new { reason = Reason })).Expect(200);
        Assert.Equal(["WAITING", "SIGNING"], States(rotated));
        Assert.Equal(["WAITING", "SIGNING"], States((await admin.PostJson("signing-keys/rotate", new { reason = Reason })).Expect(200))); // no second while one waits
        await PublishedAsync(2);
        Assert.Equal(old, await KidAsync());

        host.Clock.Ahead = TimeSpan.FromMinutes(11);
        await host.EventuallyAsync(async () => await KidAsync() != old, "the new key signs");
        await PublishedAsync(2);
        (await admin.GetJson("accounts")).Expect(200); // with a token of the old key
        using var later = await host.AdminAsync();
        (await later.GetJson("accounts")).Expect(200); // and with one of the new
        Assert.Equal(["SIGNING", "PUBLISHED"], States((await later.GetJson("signing-keys")).Expect(200)));

        host.Clock.Ahead = TimeSpan.FromHours(9);
        await PublishedAsync(1);
        using var last = await host.AdminAsync();
        Assert.Equal(["SIGNING", "RETIRED"], States((await last.GetJson("signing-keys")).Expect(200)));
        host.Clock.Ahead = TimeSpan.Zero;
    }

    [Fact]
    public async Task A_key_that_others_may_have_is_gone_at_once()
    {
        using var admin = await host.AdminAsync();
        var stolen = await KidAsync();

        Assert.Equal(["SIGNING"], States((await admin.PostJson("signing-keys/rotate", new { reason = "Khoá bị lộ", at_once = true })).Expect(200)));
        await host.EventuallyAsync(async () => await KidAsync() != stolen, "another key signs");
        await PublishedAsync(1);
        (await admin.GetJson("accounts")).Expect(401);
        Assert.Equal([("MISSING_REASON", "/reason")], (await (await host.AdminAsync()).PostJson("signing-keys/rotate", new { reason = "" })).Expect(422).Errors);
    }

    private static IEnumerable<string> States(ApiAnswer answer) => answer["keys"].AsArray().Select(key => (string)key!["state"]!);

    private async Task<string> KidAsync() => (string)IdentityHost.Header(await host.TokenAsync("admin", IdentityHost.AdminSecret))["kid"]!;

    private async Task PublishedAsync(int count)
    {
        using var anybody = host.Anonymous();
        await Eventually.AnswerAsync(() => anybody.GetJson("/.well-known/jwks"), answer => answer["keys"].AsArray().Count == count, $"{count} keys are published");
    }
}

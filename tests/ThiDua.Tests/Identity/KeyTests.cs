using Microsoft.EntityFrameworkCore;
using ThiDua.Identity.Data;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Identity;

/// <summary>The provider's keys outlive its process, and change without breaking what they signed.</summary>
public sealed class KeyTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Another_process_over_the_same_database_has_the_same_keys_and_rotation_adds_one()
    {
        var token = await host.TokenAsync("admin", IdentityHost.AdminSecret);
        var firstKey = (string)IdentityHost.Header(token)["kid"]!;

        await using (var restarted = await StartAsync())
        {
            Assert.Equal([firstKey], await KeysAsync(restarted));
            Assert.Equal(200, await AccountsStatusAsync(restarted, token));
        }

        await ChildProcess.RunAsync(["dotnet", Program, "rotate-keys"], environment: Environment(port: 0), ct: TestContext.Current.CancellationToken);

        await using (var rotated = await StartAsync())
        {
            var keys = await KeysAsync(rotated);
            Assert.Equal(2, keys.Count);
            Assert.Contains(firstKey, keys);
            Assert.Equal(200, await AccountsStatusAsync(rotated, token));

            using var client = new HttpClient { BaseAddress = rotated.Address };
            var answer = await client.CallAsync(HttpMethod.Post, "/connect/token", IdentityHost.Form(
                ("grant_type", "client_credentials"), ("client_id", "admin"), ("client_secret", IdentityHost.AdminSecret)));
            Assert.NotEqual(firstKey, (string?)IdentityHost.Header((string)answer.Expect(200)["access_token"]!)["kid"]);
        }

        // A key secret set later encrypts the keys that are there, and they stay the same keys.
        await ChildProcess.RunAsync(["dotnet", Program, "migrate"], environment: Environment(port: 0, keySecret: "a secret for the keys"), ct: TestContext.Current.CancellationToken);
        var stored = await host.WithDatabaseAsync(db => db.Keys.Select(key => key.Material).ToListAsync());
        Assert.All(stored, material => Assert.True(KeyEncryption.IsEncrypted(material)));
        await using (var encrypted = await StartAsync("a secret for the keys"))
        {
            Assert.Contains(firstKey, await KeysAsync(encrypted));
            Assert.Equal(200, await AccountsStatusAsync(encrypted, token));
        }
    }

    private static string Program => Repository.Program("ThiDua.Identity");

    private static async Task<List<string>> KeysAsync(Running provider)
    {
        using var client = new HttpClient { BaseAddress = provider.Address };
        return [.. (await client.GetJson("/.well-known/jwks")).Expect(200)["keys"].AsArray().Select(key => (string)key!["kid"]!)];
    }

    private static async Task<int> AccountsStatusAsync(Running provider, string token)
    {
        using var client = new HttpClient { BaseAddress = provider.Address };
        return (await client.CallAsync(HttpMethod.Get, "/api/v1/accounts", headers: new() { ["Authorization"] = $"Bearer {token}" })).Status;
    }

    private async Task<Running> StartAsync(string? keySecret = null)
    {
        var port = FreePort.Next();
        var process = await ChildProcess.StartAsync(["dotnet", Program], environment: Environment(port, keySecret), directory: Path.GetDirectoryName(Program));
        var address = new Uri($"http://127.0.0.1:{port}");
        using var client = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(process.HasExited, process.Output);
                try
                {
                    return (await client.GetJson("/health/ready")).Status == 200;
                }
                catch (HttpRequestException)
                {
                    return false; // not listening yet
                }
            },
            "the provider is ready",
            TimeSpan.FromSeconds(120));
        return new Running(process, address);
    }

    private Dictionary<string, string> Environment(int port, string? keySecret = null)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__identitydb"] = host.ConnectionString,
            ["Identity__Issuer"] = IdentityHost.Issuer,
            ["Identity__AdminSecret"] = IdentityHost.AdminSecret,
            ["Identity__KeyPublishedAhead"] = "00:00:00", // the new key signs as soon as it is there
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
        };
        if (keySecret is not null)
        {
            environment["Identity__KeySecret"] = keySecret;
        }

        return environment;
    }

    private sealed record Running(ChildProcess Process, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}

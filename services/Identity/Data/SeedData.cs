using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore.Models;
using ThiDua.Identity.Domain;
using ThiDua.ServiceDefaults;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ThiDua.Identity.Data;

/// <summary>What the provider must have before anybody can ask it for anything: keys, the first administrator, the portal.</summary>
public sealed class SeedData(IdentityDbContext db, StoredKeys keys, ClientManager clients, IOptions<IdentitySettings> settings, TimeProvider clock)
{
    public const string AdminId = "admin";
    public const string PortalId = "thidua-portal";

    /// <summary>The gateway's operations page.</summary>
    public const string OperationsId = "thidua-ops";

    public async Task ApplyAsync(CancellationToken ct)
    {
        await keys.EnsureAsync(db, ct);
        await SeedAdminAsync(ct);

        // "native" is what lets a redirect to 127.0.0.1 use any port (RFC 8252); every other address must match to the letter.
        await SeedApplicationAsync(PortalId, "ThiDua", ApplicationTypes.Native, settings.Value.RedirectAddresses, ct);
        await SeedApplicationAsync(OperationsId, "ThiDua operations", ApplicationTypes.Web, settings.Value.OperationsAddresses, ct);
        await db.SaveChangesAsync(ct);
    }

    // Whoever runs `migrate` holds the database: the admin is put back to what the settings say, enabled and unlocked.
    private async Task SeedAdminAsync(CancellationToken ct)
    {
        var secret = settings.Value.AdminSecret;
        if (string.IsNullOrEmpty(secret) || !AccountRules.IsStrong(secret, AccountKind.Client))
        {
            throw new InvalidOperationException("Identity:AdminSecret is missing or weak: it takes a random text of at least 20 characters.");
        }

        if (await db.Accounts.FindAsync([AdminId], ct) is not { } admin)
        {
            admin = Account.Open(AdminId, AccountKind.Client, clock.GetUtcNow());
            db.Add(admin);
        }

        admin.Describe("Quản trị hệ thống", [Roles.Admin], unit: null);
        admin.Disable(false, clock.GetUtcNow());

        var client = await FindClientAsync(AdminId, ct);
        if (client is null)
        {
            client = ClientManager.ForSystem(AdminId);
            db.Add(client);
        }

        if (client.ClientSecret is null || !await clients.MatchesAsync(secret, client.ClientSecret, ct))
        {
            client.ClientSecret = await clients.HashAsync(secret, ct);
            admin.SetSecret(passwordHash: null, clock.GetUtcNow());
        }
    }

    // Applications of people hold no secret that a person could not read out of them: PKCE and their addresses are what protects a code.
    private async Task SeedApplicationAsync(string id, string name, string type, IEnumerable<Uri> addresses, CancellationToken ct)
    {
        var application = await FindClientAsync(id, ct);
        if (application is null)
        {
            application = new OpenIddictEntityFrameworkCoreApplication { Id = Guid.CreateVersion7().ToString(), ClientId = id };
            db.Add(application);
        }

        application.ApplicationType = type;
        application.ClientType = ClientTypes.Public;
        application.ConsentType = ConsentTypes.Implicit;
        application.DisplayName = name;
        application.RedirectUris = JsonSerializer.Serialize(addresses.Select(uri => uri.OriginalString));
        application.PostLogoutRedirectUris = application.RedirectUris;
        application.Requirements = JsonSerializer.Serialize<string[]>([Requirements.Features.ProofKeyForCodeExchange]);
        application.Permissions = JsonSerializer.Serialize<string[]>(
        [
            Permissions.Endpoints.Authorization,
            Permissions.Endpoints.EndSession,
            Permissions.Endpoints.Token,
            Permissions.GrantTypes.AuthorizationCode,
            Permissions.GrantTypes.RefreshToken,
            Permissions.ResponseTypes.Code,
            Permissions.Scopes.Profile,
            Permissions.Prefixes.Scope + TokenServer.Scope,
        ]);
    }

    private Task<OpenIddictEntityFrameworkCoreApplication?> FindClientAsync(string id, CancellationToken ct) =>
        db.Clients.SingleOrDefaultAsync(client => client.ClientId == id, ct);
}

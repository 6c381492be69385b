using System.Text.Json;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;
using ThiDua.Identity.Domain;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace ThiDua.Identity.Data;

/// <summary>
/// OpenIddict's manager of applications, with three rules of ours on a client's secret: a disabled account's is never right,
/// neither is any for a while after five wrong ones in a row from the same address, and the one before a rotation is for its overlap.
/// </summary>
public sealed class ClientManager(
    IOpenIddictApplicationCache<OpenIddictEntityFrameworkCoreApplication> cache,
    ILogger<OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<OpenIddictEntityFrameworkCoreApplication> store,
    IdentityDbContext db,
    LockOut lockOut,
    TimeProvider clock,
    SignInCounts counts,
    IHttpContextAccessor http)
    : OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>(cache, logger, options, store)
{
    private static readonly string s_systemPermissions = JsonSerializer.Serialize<string[]>(
        [Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials, Permissions.Prefixes.Scope + TokenServer.Scope]);

    /// <summary>The application of a system's account.</summary>
    public static OpenIddictEntityFrameworkCoreApplication ForSystem(string id) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        ClientId = id,
        ClientType = ClientTypes.Confidential,
        ConsentType = ConsentTypes.Implicit,
        Permissions = s_systemPermissions,
    };

    /// <summary>The hash that OpenIddict keeps of a secret. Touches no database, so many may be made at once.</summary>
    public ValueTask<string> HashAsync(string secret, CancellationToken ct) => ObfuscateClientSecretAsync(secret, ct);

    /// <summary>Whether a hash is of this secret; like <see cref="HashAsync"/>, pure.</summary>
    public ValueTask<bool> MatchesAsync(string secret, string hash, CancellationToken ct) => ValidateClientSecretAsync(secret, hash, ct);

    /// <summary>What cannot be an id is nobody's, and is not asked of the database, which refuses some characters.</summary>
    public override ValueTask<OpenIddictEntityFrameworkCoreApplication?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken = default) =>
        AccountRules.IsWellFormedId(identifier, AccountKind.Client)
            ? base.FindByClientIdAsync(identifier, cancellationToken)
            : ValueTask.FromResult<OpenIddictEntityFrameworkCoreApplication?>(null);

    public override async ValueTask<bool> ValidateClientSecretAsync(
        OpenIddictEntityFrameworkCoreApplication application, string secret, CancellationToken cancellationToken = default)
    {
        var id = application.ClientId!;
        var source = http.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        var account = await db.Accounts.FindAsync([id], cancellationToken);
        if (account is not { DisabledAt: null } || await lockOut.IsLockedAsync(id, source, cancellationToken))
        {
            Logger.LogWarning("{Client} is disabled, or locked for {Source}: its secret was not looked at", id, source);
            counts.Failed.Add();
            return false;
        }

        if (await base.ValidateClientSecretAsync(application, secret, cancellationToken)
            || (account.HasPreviousSecret(clock.GetUtcNow()) && await ValidateClientSecretAsync(secret, account.PreviousSecretHash!, cancellationToken)))
        {
            await lockOut.ClearAsync(id, source, cancellationToken);
            return true;
        }

        Logger.LogWarning("A wrong secret for {Client} came from {Source}", id, source);
        counts.Failed.Add();
        await lockOut.CountAsync(id, source, cancellationToken);
        return false;
    }
}

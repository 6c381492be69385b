using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace ThiDua.Identity.Data;

/// <summary>
/// The signing keys as this copy of the process knows them, looked up again and again: a key made by another copy, or whose turn
/// has come, is taken up without a restart. When the database is away, what is known stays in use.
/// </summary>
public sealed class KeyRing(StoredKeys stored, IOptions<IdentitySettings> settings, ILogger<KeyRing> logger) : BackgroundService, IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    private readonly Lock _lock = new();
    private IReadOnlyList<SecurityKey>? _keys;
    private CancellationTokenSource _change = new();

    /// <summary>The one that signs first.</summary>
    public IReadOnlyList<SecurityKey> SigningKeys => _keys ?? Refresh();

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(_change.Token);

    /// <summary>Takes up what has changed; whoever made a key need not wait for the next round.</summary>
    public IReadOnlyList<SecurityKey> Refresh()
    {
        CancellationTokenSource changed;
        lock (_lock)
        {
            var keys = stored.SigningKeys();
            if (_keys is not null && _keys.Select(key => key.KeyId).SequenceEqual(keys.Select(key => key.KeyId), StringComparer.Ordinal))
            {
                return _keys;
            }

            _keys = keys;
            changed = _change;
            _change = new CancellationTokenSource();
        }

        changed.Cancel();
        changed.Dispose();
        return _keys;
    }

    public override void Dispose()
    {
        _change.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Value.KeyRefresh);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Refresh();
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning(fault, "The signing keys could not be read; those that are known stay in use");
            }
        }
    }
}

namespace ThiDua.Replay.Gateway;

/// <summary>One account acting through the gateway, with the token it was last given.</summary>
public sealed class Actor(string id, string secret) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _token;
    private DateTimeOffset _goodUntil;

    public string Id => id;

    public string Secret => secret;

    /// <summary>The cached token, or a new one from <paramref name="request"/> when there is none that still holds.</summary>
    public async Task<string> TokenAsync(Func<CancellationToken, Task<(string Token, TimeSpan Lifetime)>> request, TimeProvider clock, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_token is null || clock.GetUtcNow() >= _goodUntil)
            {
                var (token, lifetime) = await request(ct);
                // Given up a little early: a request that takes its time must not arrive with a token that has just ended.
                _goodUntil = clock.GetUtcNow() + (lifetime * 0.8);
                _token = token;
            }

            return _token;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets a token that was refused, unless another request has replaced it already.</summary>
    public void Forget(string token) => Interlocked.CompareExchange(ref _token, null, token);

    public void Dispose() => _gate.Dispose();
}

using ThiDua.Tests.WholeSystem;

[assembly: AssemblyFixture(typeof(BreakableSystem))]

namespace ThiDua.Tests.WholeSystem;

/// <summary>One running system, with one process of each service, for tests that kill what the others rely on; it starts when the first of them asks for it.</summary>
public sealed class BreakableSystem : IAsyncDisposable
{
    private readonly Lazy<Task<RunningSystem>> _system = new(() => RunningSystem.StartAsync(replicas: 1));

    public Task<RunningSystem> Running => _system.Value;

    public async ValueTask DisposeAsync()
    {
        // A start that failed has cleaned up after itself, and every test that asked for it has said so.
        if (_system.IsValueCreated && !_system.Value.IsFaulted)
        {
            await (await _system.Value).DisposeAsync();
        }
    }
}

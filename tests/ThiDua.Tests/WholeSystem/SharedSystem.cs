using ThiDua.Tests.WholeSystem;

[assembly: AssemblyFixture(typeof(SharedSystem))]

namespace ThiDua.Tests.WholeSystem;

/// <summary>One running system, with two processes of each service, for all tests that leave it whole; it starts when the first of them asks for it.</summary>
public sealed class SharedSystem : IAsyncDisposable
{
    private readonly Lazy<Task<RunningSystem>> _system = new(() => RunningSystem.StartAsync(replicas: 2));

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

/// <summary>The tests of the whole run one after another, when the others are through: each of them keeps the machine busy by itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeSystemTests
{
    public const string Name = "whole system";
}

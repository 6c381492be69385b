using Microsoft.Extensions.DependencyInjection;
using ThiDua.Awards.Data;
using ThiDua.Tests.Identity;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

/// <summary>The awards service with a clock that can be put forward.</summary>
public sealed class AwardsClockHost(Servers servers) : ServiceHost<AwardsDbContext>(servers)
{
    public ShiftedClock Clock { get; } = new();

    public DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(7)).DateTime);

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

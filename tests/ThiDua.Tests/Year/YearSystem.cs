using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Quartz;
using ThiDua.Awards.Data;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Messaging;
using ThiDua.Scoring.Data;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Year;

/// <summary>
/// The services that live through a year together: one clock that the test moves, one broker between them, a mail server for the
/// reminders. The jobs run when the test says so, through the same classes that the scheduler fires.
/// </summary>
public sealed class YearSystem : IAsyncLifetime
{
    private static readonly TimeSpan s_vietnam = TimeSpan.FromHours(7);

    private readonly MailServer _mail = new();

    public YearSystem(Servers servers)
    {
        var virtualHost = new Lazy<Task<string>>(async () => await (await servers.Broker).CreateVirtualHostAsync("year"));
        Clusters = new Member<ClustersDbContext>(servers, Clock, virtualHost, _mail.Port);
        Scoring = new Member<ScoringDbContext>(servers, Clock, virtualHost, _mail.Port);
        Awards = new Member<AwardsDbContext>(servers, Clock, virtualHost, _mail.Port);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, s_vietnam).ToUniversalTime());

    public ServiceHost<ClustersDbContext> Clusters { get; }

    public ServiceHost<ScoringDbContext> Scoring { get; }

    public ServiceHost<AwardsDbContext> Awards { get; }

    public IReadOnlyList<ReceivedMail> Mails => _mail.Received;

    /// <summary>What was played, once for all tests of the class.</summary>
    public EmulationYear Year { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _mail.StartAsync();
        await Clusters.InitializeAsync();
        await Scoring.InitializeAsync();
        await Awards.InitializeAsync();
        Year = new EmulationYear(this);
        await Year.PlayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Awards.DisposeAsync();
        await Scoring.DisposeAsync();
        await Clusters.DisposeAsync();
        await _mail.DisposeAsync();
    }

    /// <summary>Moves the clock to a time of day in Việt Nam; it never goes back.</summary>
    public void GoTo(DateOnly day, TimeOnly time) => Clock.SetUtcNow(new DateTimeOffset(day, time, s_vietnam).ToUniversalTime());

    /// <summary>One round of reminding: what is due is planned, then sent.</summary>
    public async Task RemindAsync()
    {
        await RunAsync<PlanReminders>();
        await RunAsync<SendReminders>();
    }

    private async Task RunAsync<TJob>()
        where TJob : IJob
    {
        await using var scope = Clusters.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).Execute(null!, TestContext.Current.CancellationToken);
    }

    private sealed class Member<TContext>(Servers servers, FakeTimeProvider clock, Lazy<Task<string>> virtualHost, int mailPort) : ServiceHost<TContext>(servers)
        where TContext : DbContext
    {
        protected override async Task<string?> SharedVirtualHostAsync() => await virtualHost.Value;

        protected override void Configure(IDictionary<string, string> settings)
        {
            settings["Smtp:Host"] = "127.0.0.1";
            settings["Smtp:Port"] = mailPort.ToString(CultureInfo.InvariantCulture);
            settings["Smtp:From"] = "thidua@tinh.gov.vn";
            settings["Smtp:StartTls"] = "false";
        }

        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(clock);
    }
}

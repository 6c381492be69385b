using Npgsql;
using Quartz;
using ThiDua.Clusters.Data;

namespace ThiDua.Clusters.Messaging;

/// <summary>
/// The two jobs behind reminders, on a clustered scheduler whose state is in the service's database: of several instances one runs
/// each job, and a restart forgets nothing.
/// </summary>
internal static class ReminderJobs
{
    public const string Scheduler = "reminders"; // named, so that its clock is its own and not the service's

    // The scheduler asks little and must not take the requests' connections.
    private const int SchedulerPoolSize = 3;
    private const int Threads = 2;
    private const decimal DefaultPlanEvery = 60;
    private const decimal DefaultSendEvery = 20;
    private const decimal DefaultCheckIn = 8;

    /// <param name="builder">The service.</param>
    /// <param name="database">Name of the connection string.</param>
    public static void AddReminders(this WebApplicationBuilder builder, string database)
    {
        var settings = builder.Configuration;
        builder.Services.AddSingleton(new SecretBox(settings)); // made now: without its key the service does not start
        builder.Services.AddSingleton<WebhookCaller>();
        builder.Services.AddScoped<Mailer>();
        if (!settings.GetValue("Reminders:Enabled", true))
        {
            return;
        }

        var connection = new NpgsqlConnectionStringBuilder(settings.GetConnectionString(database)) { MaxPoolSize = SchedulerPoolSize, ApplicationName = "scheduler" };
        builder.Services.AddQuartz(Scheduler, quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always; // the jobs stop at the next point at which nothing is half done
                if (settings["Reminders:Instance"] is { Length: > 0 } instance)
                {
                    scheduler.InstanceId = instance;
                }
            });
            quartz.UseTimeProvider(TimeProvider.System); // when to look is a matter of the machine; what is due, of the service's clock
            quartz.UseDefaultThreadPool(Threads);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, connection.ConnectionString);
                store.ConfigureStore(options => options.TablePrefix = SchedulerTables.Prefix);
                store.UseClustering(cluster => cluster.CheckinInterval = cluster.CheckinMisfireThreshold = Seconds(settings, "Reminders:CheckInSeconds", DefaultCheckIn));
            });
            Schedule<PlanReminders>(quartz, "plan", Seconds(settings, "Reminders:PlanEverySeconds", DefaultPlanEvery));
            Schedule<SendReminders>(quartz, "send", Seconds(settings, "Reminders:SendEverySeconds", DefaultSendEvery));
        });
        builder.Services.AddHostedService<ReminderScheduler>();
    }

    // Firings missed while nothing ran are made up for by one.
    private static void Schedule<T>(IQuartzBuilder quartz, string name, TimeSpan every)
        where T : class, IJob =>
        quartz.ScheduleJob<T>(
            trigger => trigger.WithIdentity(name).WithSimpleSchedule(schedule => schedule.WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount)),
            job => job.WithIdentity(name).StoreDurably(true));

    private static TimeSpan Seconds(IConfiguration settings, string key, decimal otherwise)
    {
        var seconds = settings.GetValue(key, otherwise);
        return seconds > 0 ? TimeSpan.FromMilliseconds((long)(seconds * 1000)) : throw new InvalidOperationException($"{key} must be more than 0.");
    }
}

/// <summary>
/// Starts the scheduler once its tables can be read: the service serves before that, where the scheduler's own start would end the
/// process. A scheduler that could not be built cannot be built again, so only the wait repeats.
/// </summary>
internal sealed class ReminderScheduler([FromKeyedServices(ReminderJobs.Scheduler)] ISchedulerFactory factory, NpgsqlDataSource database, IHostApplicationLifetime lifetime, ILogger<ReminderScheduler> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestEnd = TimeSpan.FromSeconds(16); // the longest call of a webhook, and a moment

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await IsReachableAsync(stoppingToken))
        {
            await Task.Delay(s_pause, TimeProvider.System, stoppingToken);
        }

        var scheduler = await factory.GetScheduler(stoppingToken);
        await scheduler.Start(stoppingToken);
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var end = scheduler.Shutdown(waitForJobsToComplete: true, CancellationToken.None).AsTask();
        if (await Task.WhenAny(end, Task.Delay(s_longestEnd, TimeProvider.System, CancellationToken.None)) != end)
        {
            // It waits for its database, and the container would wait for it, for as long as that is away. Nothing is half done: what
            // is being sent is on the log before its first byte.
            logger.LogWarning("The scheduler of reminders cannot reach its database; the process ends without it");
            lifetime.ApplicationStopped.Register(() => Environment.Exit(0));
        }
    }

    private async Task<bool> IsReachableAsync(CancellationToken ct)
    {
        try
        {
            await using var command = database.CreateCommand($"select count(*) from {SchedulerTables.Prefix}locks");
            await command.ExecuteScalarAsync(ct);
            return true;
        }
        catch (NpgsqlException fault)
        {
            logger.LogWarning(fault, "The scheduler of reminders waits for its tables");
            return false;
        }
    }
}

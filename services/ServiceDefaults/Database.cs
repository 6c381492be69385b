using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ThiDua.ServiceDefaults;

/// <summary>A service's own PostgreSQL database: how it is reached, migrated and watched.</summary>
public static class Database
{
    // Four to six warm connections serve two cores better than thirty: each backend faults the shared buffers in by itself.
    private const int PoolSize = 6;

    /// <param name="builder">The service.</param>
    /// <param name="name">Name of the connection string, the same word as in AppHost.</param>
    public static void AddDatabase<TContext>(this WebApplicationBuilder builder, string name)
        where TContext : DbContext
    {
        var services = builder.Services;
        var connection = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString(name)
            ?? throw new InvalidOperationException($"ConnectionStrings:{name} is missing."));
        if (!connection.ContainsKey("Maximum Pool Size") || connection.MaxPoolSize == 100)
        {
            connection.MaxPoolSize = PoolSize;
        }

        connection.MaxAutoPrepare = 50;
        connection.Timeout = 15;
        connection.KeepAlive = 30;
        services.AddSingleton(provider =>
        {
            connection.ApplicationName ??= provider.GetRequiredService<ServiceIdentity>().Name;
            return new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name }
                .UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
                .ConfigureTracing(tracing => tracing
                    .ConfigureCommandSpanNameProvider(command => StatementNames.Of(command.CommandText))
                    .ConfigureBatchSpanNameProvider(batch => batch.BatchCommands.Count == 0 ? null : StatementNames.Of(batch.BatchCommands[0].CommandText)))
                .Build();
        });

        services.AddScoped<JournalContext>();
        services.AddScoped<JournalInterceptor>();
        services.AddScoped<FailedStatements>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxInterceptor>();
        services.AddSingleton<ReadOnlyInterceptor>();
        services.AddDbContext<TContext>((provider, options) => options
            .UseThiDuaConventions(provider.GetRequiredService<NpgsqlDataSource>())
            .AddInterceptors(provider.GetRequiredService<JournalInterceptor>(), provider.GetRequiredService<OutboxInterceptor>(), provider.GetRequiredService<ReadOnlyInterceptor>(), provider.GetRequiredService<FailedStatements>()));
        services.AddScoped<DbContext>(provider => provider.GetRequiredService<TContext>());
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", timeout: TimeSpan.FromSeconds(5));
        services.AddReadingsOfEveryService();
        services.AddSingleton(new MessageCounts());
    }

    /// <summary>What every context of a service shares, also the one that writes its migrations.</summary>
    public static DbContextOptionsBuilder UseThiDuaConventions(this DbContextOptionsBuilder options, NpgsqlDataSource? source = null) =>
        (source is null ? options.UseNpgsql("Host=localhost") : options.UseNpgsql(source)).UseSnakeCaseNamingConvention();

    /// <summary>
    /// <c>SERVICE migrate</c> brings the schema up to date and ends: migrations are a step of their own, never of a serving process.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="args">Its command line.</param>
    /// <param name="seeds">Data that the service cannot do without, in this order; safe to run again.</param>
    /// <returns>True when it migrated and the process shall end.</returns>
    public static async Task<bool> MigrateIfAskedAsync<TContext>(this WebApplication app, string[] args, params Func<IServiceProvider, TContext, CancellationToken, Task>[] seeds)
        where TContext : DbContext
    {
        if (!args.Contains("migrate"))
        {
            return false;
        }

        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        scope.ServiceProvider.GetRequiredService<JournalContext>().Act("migrate");
        await db.Database.MigrateAsync();
        await db.Database.ExecuteSqlRawAsync(Journal.AppendOnlySql);
        await db.Database.ExecuteSqlRawAsync(Journal.CompressionSql);
        foreach (var seed in seeds)
        {
            await seed(scope.ServiceProvider, db, CancellationToken.None);
            await db.SaveChangesAsync();
        }

        app.Logger.LogInformation("The database of {Service} is up to date", app.Services.GetRequiredService<ServiceIdentity>().Name);
        return true;
    }

    /// <summary>Outbox, inbox, journal and answers kept for repeated requests; call it at the end of <c>OnModelCreating</c>.</summary>
    public static void AddServiceTables(this ModelBuilder model)
    {
        model.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("outbox_messages");
            outbox.Property(message => message.Id).ValueGeneratedNever();
            outbox.Property(message => message.Type).HasMaxLength(200);
            outbox.Property(message => message.Body).HasColumnType("jsonb");
            outbox.Property(message => message.TraceParent).HasMaxLength(80);
            outbox.NotJournalled();
        });
        model.Entity<SentMessage>(sent =>
        {
            sent.ToTable("sent_messages");
            sent.Property(message => message.Id).ValueGeneratedNever();
            sent.Property(message => message.Type).HasMaxLength(200);
            sent.Property(message => message.Body).HasColumnType("jsonb");
            sent.Property(message => message.TraceParent).HasMaxLength(80);
            sent.HasIndex(message => message.SentAt);
            sent.NotJournalled();
        });
        model.Entity<InboxMessage>(inbox =>
        {
            inbox.ToTable("inbox_messages");
            inbox.HasKey(message => message.MessageId);
            inbox.Property(message => message.MessageId).ValueGeneratedNever();
            inbox.HasIndex(message => message.ReceivedAt);
            inbox.NotJournalled();
        });
        model.Entity<StoredAnswer>(answer =>
        {
            answer.ToTable("idempotency_keys");
            answer.HasKey(stored => new { stored.Subject, stored.Key });
            answer.Property(stored => stored.Subject).HasMaxLength(200);
            answer.Property(stored => stored.Key).HasMaxLength(255);
            answer.HasIndex(stored => stored.StoredAt);
            answer.NotJournalled();
        });
        model.Entity<ReadOnlyState>(state =>
        {
            state.ToTable("read_only");
            state.Property(one => one.Id).ValueGeneratedNever();
            state.Property(one => one.By).HasMaxLength(200);
            state.Property(one => one.Reason).HasMaxLength(ReadOnlyState.LongestReason);
        });
        model.Entity<JournalEntry>(journal =>
        {
            journal.ToTable("journal");
            journal.Property(entry => entry.Id).UseIdentityAlwaysColumn();
            journal.Property(entry => entry.Actor).HasMaxLength(200);
            journal.Property(entry => entry.ActorName).HasMaxLength(300);
            journal.Property(entry => entry.Unit).HasMaxLength(60);
            journal.Property(entry => entry.Action).HasMaxLength(300);
            journal.Property(entry => entry.TraceId).HasMaxLength(32);
            journal.Property(entry => entry.Changes).HasColumnType("jsonb");
            journal.HasIndex(entry => entry.Subjects).HasMethod("gin");
            journal.HasIndex(entry => entry.Scopes).HasMethod("gin");
            journal.HasIndex(entry => entry.TraceId);
            journal.NotJournalled();
        });
    }

    /// <summary>Leaves an entity out of the journal: infrastructure.</summary>
    public static EntityTypeBuilder<T> NotJournalled<T>(this EntityTypeBuilder<T> entity)
        where T : class =>
        entity.HasAnnotation(Journal.LeftOut, true);

    /// <summary>Leaves a property out of the journal: it can be computed from those that are in it.</summary>
    public static PropertyBuilder<T> NotJournalled<T>(this PropertyBuilder<T> property) => property.HasAnnotation(Journal.LeftOut, true);

    private sealed class DatabaseCheck(NpgsqlDataSource source) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}

/// <summary>Faults of the way to the database, as opposed to faults of what was asked of it.</summary>
public static class DatabaseFaults
{
    /// <summary>A lost connection, a server that starts or stops, a pool that is empty, a lock that was not waited for longer: the same request may succeed in a moment.</summary>
    public static bool IsTransient(Exception? exception) => exception switch
    {
        null => false,
        PostgresException { SqlState: { } state } => state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
            || state == PostgresErrorCodes.LockNotAvailable,
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException or null } => true,
        TimeoutException or SocketException => true,
        _ => IsTransient(exception.InnerException),
    };
}

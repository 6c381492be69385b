using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ThiDua.ServiceDefaults;

/// <summary>A figure of the business that is read from the service's database: every replica reports the same one.</summary>
/// <param name="Name">As Prometheus shows it.</param>
/// <param name="Description">What it says.</param>
/// <param name="Sql">Rows whose column <c>value</c> is the figure; the other columns are its labels. None of them may name a unit or a person.</param>
public sealed record MetricReading(string Name, string Description, string Sql)
{
    /// <summary>SQL that turns a stored name, <c>UnderReview</c>, into the one of the API, <c>UNDER_REVIEW</c>.</summary>
    public static string UpperSnakeSql(string column) => $"upper(regexp_replace({column}, '([a-z])([A-Z])', '\\1_\\2', 'g'))";
}

/// <summary>
/// Reads every <see cref="MetricReading"/> four times a minute over one connection. What could not be read for a minute is no longer shown: an old
/// figure that looks like a new one is worse than none.
/// </summary>
internal sealed class MetricReadings : BackgroundService
{
    private const int SecondsForOne = 5;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_validFor = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _source;
    private readonly ILogger<MetricReadings> _logger;
    private readonly List<Latest> _readings;

    public MetricReadings(IEnumerable<MetricReading> readings, NpgsqlDataSource source, IMeterFactory meters, ILogger<MetricReadings> logger)
    {
        (_source, _logger) = (source, logger);
        _readings = [.. readings.Select(reading => new Latest(reading))];
        var meter = meters.Create(Telemetry.Name);
        foreach (var reading in _readings)
        {
            meter.CreateObservableGauge(reading.Of.Name, reading.Measure, description: reading.Of.Description);
        }

        meter.CreateObservableGauge("thidua_readings_age_seconds", () => _readings.Max(reading => reading.AgeSeconds), description: "Since when the oldest figure from the database was not read anew");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every);
        do
        {
            foreach (var reading in _readings)
            {
                await ReadAsync(reading, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReadAsync(Latest reading, CancellationToken ct)
    {
        try
        {
            await using var command = _source.CreateCommand(reading.Of.Sql);
            command.CommandTimeout = SecondsForOne;
            await using var reader = await command.ExecuteReaderAsync(ct);
            var rows = new List<Measurement<double>>();
            while (await reader.ReadAsync(ct))
            {
                rows.Add(new Measurement<double>(
                    Convert.ToDouble(reader["value"], CultureInfo.InvariantCulture),
                    Enumerable.Range(0, reader.FieldCount).Where(column => reader.GetName(column) != "value").Select(column => new KeyValuePair<string, object?>(reader.GetName(column), reader.GetString(column)))));
            }

            if (reading.Take(rows))
            {
                _logger.LogInformation("{Reading} can be read again", reading.Of.Name);
            }
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            if (reading.Fail())
            {
                _logger.LogWarning(fault, "{Reading} could not be read; trying again every {Seconds} s", reading.Of.Name, s_every.TotalSeconds);
            }
        }
    }

    /// <summary>What a reading gave last, and when.</summary>
    private sealed class Latest(MetricReading reading)
    {
        private long _at = Stopwatch.GetTimestamp();
        private IReadOnlyList<Measurement<double>> _rows = [];
        private bool _fails;

        public MetricReading Of => reading;

        public double AgeSeconds => Stopwatch.GetElapsedTime(Volatile.Read(ref _at)).TotalSeconds;

        public IEnumerable<Measurement<double>> Measure() => AgeSeconds < s_validFor.TotalSeconds ? Volatile.Read(ref _rows) : [];

        /// <returns>Whether it had failed before.</returns>
        public bool Take(IReadOnlyList<Measurement<double>> rows)
        {
            Volatile.Write(ref _rows, rows);
            Volatile.Write(ref _at, Stopwatch.GetTimestamp());
            (var failed, _fails) = (_fails, false);
            return failed;
        }

        /// <returns>Whether this is news.</returns>
        public bool Fail()
        {
            (var news, _fails) = (!_fails, true);
            return news;
        }
    }
}

public static class MetricReadingsExtensions
{
    private static readonly MetricReading[] s_ofEveryService =
    [
        new("thidua_outbox_pending", "Messages that wait for the broker", "select count(*) as value from outbox_messages"),
        new("thidua_outbox_oldest_seconds", "Age of the oldest message that waits for the broker", "select coalesce(extract(epoch from now() - min(created_at)), 0) as value from outbox_messages"),

        new("thidua_frozen", "1 while the service is read-only", "select count(*) as value from read_only"),

        // The rows are only ever added, and numbered: the highest number costs one look into the index, a count reads the whole journal.
        new("thidua_journal_rows", "Highest number of a row of the journal", "select coalesce(max(id), 0) as value from journal"),
    ];

    /// <summary>Shows these figures at <c>/metrics</c>.</summary>
    public static IServiceCollection AddReadings(this IServiceCollection services, params MetricReading[] readings)
    {
        foreach (var reading in readings)
        {
            services.AddSingleton(reading);
        }

        return services;
    }

    internal static void AddReadingsOfEveryService(this IServiceCollection services) => services.AddReadings(s_ofEveryService).AddHostedService<MetricReadings>();
}

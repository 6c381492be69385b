using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ThiDua.Tests.Logs;
using ThiDua.Tests.Support;

[assembly: AssemblyFixture(typeof(SuiteLog))]

namespace ThiDua.Tests.Logs;

/// <summary>
/// All that the hosts and programs of the suite log, at the level of a running system, in one file; when the suite ends, its result
/// is a failure if a secret or something about a person is in there.
/// </summary>
public sealed class SuiteLog : IAsyncDisposable
{
    /// <summary>Set by the test that sees a run fail by it.</summary>
    public const string ForcedVariable = "THIDUA_LOG_A_CANARY";

    private static readonly Lock s_lock = new();
    private static readonly string s_path = Path.Combine(Path.GetTempPath(), $"thidua-suite-{Environment.ProcessId}.log");
    private static StreamWriter? s_file;

    public SuiteLog() => ChildProcess.Logged = Write; // made before the first test

    public static Canaries Canaries { get; } = new();

    /// <summary>Each line as it is logged, for a test that wants to see one.</summary>
    public static event Action<string>? Written;

    public static void Write(string source, string text)
    {
        Written?.Invoke(text);
        lock (s_lock)
        {
            s_file ??= new StreamWriter(s_path);
            s_file.WriteLine($"{source} {text}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable(ForcedVariable) is { Length: > 0 } forced)
        {
            Canaries.Plant(forced);
            Write("test", $"this was logged: {forced}");
        }

        lock (s_lock)
        {
            if (s_file is null)
            {
                return;
            }

            s_file.Dispose();
            s_file = null;
        }

        var found = Canaries.FoundIn(File.ReadLines(s_path));
        File.Delete(s_path);
        await Console.Error.WriteLineAsync($"Logs of the suite: looked through for {Canaries.Count} canaries, found {found.Count}.");
        Assert.True(found.Count == 0, $"Logs hold what they must not:\n{string.Join('\n', found.Take(20))}");
    }

    /// <summary>The log of a host in this process, filtered as the service filters its own.</summary>
    public static void AddTo(ILoggingBuilder logging, string source)
    {
        logging.Services.AddSingleton<ILoggerProvider>(new Provider(source));
        logging.AddFilter<Provider>(null, LogLevel.Information);
        foreach (var quiet in new[] { "Microsoft", "Npgsql", "Yarp", "System.Net.Http", "OpenIddict", "Quartz" })
        {
            logging.AddFilter<Provider>(quiet, LogLevel.Warning);
        }

        logging.AddFilter<Provider>("Microsoft.EntityFrameworkCore", LogLevel.Critical);
    }

    private sealed class Provider(string source) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Log(source, categoryName);

        public void Dispose()
        {
            // the file belongs to the suite
        }
    }

    private sealed class Log(string source, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Write(source, $"{category} {formatter(state, exception)} {exception}".ReplaceLineEndings(" "));
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ThiDua.Tests.Support;

[assembly: HostingStartup(typeof(FileClockStartup))]

namespace ThiDua.Tests.Support;

/// <summary>A clock that stands where a file says, for services that run as programs of their own; their timers run on.</summary>
public sealed class FileClock(string path) : TimeProvider
{
    public const string Variable = "THIDUA_TEST_CLOCK";

    public static void Set(string path, DateTimeOffset now)
    {
        var next = path + ".next";
        File.WriteAllText(next, now.ToString("O", CultureInfo.InvariantCulture));
        File.Move(next, path, overwrite: true);
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
}

/// <summary>Puts the clock into a service that is started with this assembly as its hosting start-up; nowhere else.</summary>
public sealed class FileClockStartup : IHostingStartup
{
    public void Configure(IWebHostBuilder builder)
    {
        if (Environment.GetEnvironmentVariable(FileClock.Variable) is { } path)
        {
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(new FileClock(path)));
        }
    }
}

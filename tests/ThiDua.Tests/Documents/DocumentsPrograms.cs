using System.Globalization;
using System.Net.Http.Headers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>The documents service as programs of their own, any number of them, over one database and one store; in the service of this process the housekeeping rests.</summary>
public sealed class DocumentsPrograms(Servers servers) : DocumentsHost(servers)
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private string _virtualHost = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _virtualHost = await Servers.CreateVirtualHostAsync("documents");
    }

    public async Task<DocumentsProgram> StartAsync(params (string Key, string Value)[] more)
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:documentsdb"] = ConnectionString,
            ["ConnectionStrings:rabbitmq"] = _virtualHost,
            ["Authentication:Authority"] = Tokens.Authority,
            ["Documents:Directory"] = Storage,
            ["Documents:MinimumFreeSpace"] = "0",
            ["Documents:HousekeepingSeconds"] = "0.5",
            ["Logging:LogLevel:Default"] = "Warning",
            ["ASPNETCORE_URLS"] = address,
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        var program = Repository.Program("ThiDua.Documents");
        var process = await ChildProcess.StartAsync(
            ["dotnet", program],
            environment: settings.Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)),
            directory: Path.GetDirectoryName(program));
        process.CloseInput();
        var started = new DocumentsProgram(process, new Uri(address + "/api/v1/"));
        using var anybody = started.Client(null);
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(process.HasExited, process.Output);
                try
                {
                    return (await anybody.GetJson("/health/live")).Status == 200;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the program answers",
            s_startLimit);
        return started;
    }

    public HttpClient Clerk(DocumentsProgram program, string unit) => program.Client(Tokens.Token([Roles.UnitClerk], unit, null));

    protected override void Configure(IDictionary<string, string> settings)
    {
        base.Configure(settings);
        settings["Documents:HousekeepingSeconds"] = "3600";
    }
}

/// <summary>Tests that start the service as programs; they share the database and the store, and come one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class DocumentsProgramTests : ICollectionFixture<DocumentsPrograms>
{
    public const string Name = "programs of the documents service";
}

/// <summary>One running program of the service.</summary>
public sealed class DocumentsProgram(ChildProcess process, Uri address) : IAsyncDisposable
{
    public ChildProcess Process => process;

    public HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Kilobytes of real memory: at most since the last call of <see cref="ForgetPeak"/>.</summary>
    public long PeakMemory() => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    public void ForgetPeak() => File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");

    public ValueTask DisposeAsync() => process.DisposeAsync();
}

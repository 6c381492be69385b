using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.Play;
using ThiDua.Replay.SeasonFiles;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay;

/// <summary>The commands, from their arguments to their exit status.</summary>
internal sealed class Commands(TextWriter output, TextWriter error, TimeProvider clock)
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Refused = 2;

    private const string SecretVariable = "THIDUA_ADMIN_SECRET";
    private const int SampleUnits = 5;

    private static readonly TimeSpan _requestLimit = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions _written = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public async Task<int> RunAsync(CommandLine command, CancellationToken ct)
    {
        try
        {
            return command.Kind switch
            {
                CommandKind.Check => await CheckAsync(command, ct),
                CommandKind.Accounts => await AccountsAsync(command, ct),
                _ => await PlayAsync(command, ct),
            };
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped.");
            return Failed;
        }
        // The edge of the program: whatever went wrong is said in one line instead of a stack trace.
        catch (Exception reason)
        {
            await error.WriteLineAsync(reason is RefusedException or UnreachableException or InvalidOperationException or IOException or UnauthorizedAccessException
                ? reason.Message
                : reason.ToString());
            return Failed;
        }
    }

    private async Task<int> CheckAsync(CommandLine command, CancellationToken ct)
    {
        var (_, errors) = SeasonFileCheck.Check(await File.ReadAllBytesAsync(command.File, ct));
        return await RefuseAsync(errors);
    }

    private async Task<int> PlayAsync(CommandLine command, CancellationToken ct)
    {
        var (file, errors) = SeasonFileCheck.Check(await File.ReadAllBytesAsync(command.File, ct));
        if (errors.Count > 0)
        {
            return await RefuseAsync(errors);
        }

        var progress = new Progress(error, clock);
        if (command.Gateway is { } gateway)
        {
            return await PlayAsync(file!, command, gateway, AdminSecret(), progress, ct);
        }

        await using var system = await PrivateSystem.StartAsync(progress, clock, ct);
        return await PlayAsync(file!, command, system.Gateway, system.AdminSecret, progress, ct);
    }

    private async Task<int> PlayAsync(SeasonFile file, CommandLine command, Uri gateway, string adminSecret, Progress progress, CancellationToken ct)
    {
        using var http = Client(gateway);
        using var cast = new Cast(new SampleAccounts(adminSecret));
        var client = new GatewayClient(http, $"{Guid.CreateVersion7()}", clock);
        try
        {
            var (result, refused) = command.Kind == CommandKind.Result
                ? (await SeasonReading.ReadAsync(file, cast, client, progress, command.SeasonCode, ct), [])
                : await SeasonPlay.PlayAsync(file, cast, client, progress, clock, command.SeasonCode, ct);
            if (result is null)
            {
                return await RefuseAsync(refused);
            }

            await WriteAsync(SeasonResult.Write(result), command.Out, ct);
            progress.Phase("done");
            return command.Expect is null ? Done : await CompareAsync(result, command.Expect, ct);
        }
        // A rule that only the services know of: the file is at fault all the same.
        catch (RefusedException rule) when (rule.Errors.Count > 0)
        {
            await error.WriteLineAsync(rule.Message);
            return await RefuseAsync(rule.Errors);
        }
    }

    private async Task<int> CompareAsync(JsonObject result, string expected, CancellationToken ct)
    {
        var difference = SeasonResult.FirstDifference(result, JsonNode.Parse(await File.ReadAllBytesAsync(expected, ct)));
        await error.WriteLineAsync(difference is null ? "The result is as expected." : $"The result is not as expected. {difference}");
        return difference is null ? Done : Failed;
    }

    private async Task<int> AccountsAsync(CommandLine command, CancellationToken ct)
    {
        using var http = Client(command.Gateway!);
        var accounts = new SampleAccounts(AdminSecret());
        using var cast = new Cast(accounts);
        var client = new GatewayClient(http, $"{Guid.CreateVersion7()}", clock);
        JsonObject[] made = [.. accounts.AgencyClients(), .. accounts.People()];
        await client.PostAsync(cast.Admin, "/accounts", new JsonObject { ["accounts"] = new JsonArray([.. made]) }, ct);
        var units = (await client.GetAsync(cast.Appraiser, $"/units?limit={SampleUnits}", ct)).Body.GetProperty("items");
        JsonObject[] clerks = [.. units.EnumerateArray().Select(unit => accounts.UnitClient(unit.GetProperty("code").GetString()!, unit.GetProperty("name").GetString()!))];
        if (clerks.Length > 0)
        {
            await client.PostAsync(cast.Admin, "/accounts", new JsonObject { ["accounts"] = new JsonArray([.. clerks]) }, ct);
        }

        await output.WriteLineAsync($"{"account",-20} {"kind",-7} {"secret or password",-33} roles");
        await output.WriteLineAsync($"{SampleAccounts.AdminId,-20} {"CLIENT",-7} {accounts.SecretOf(SampleAccounts.AdminId),-33} admin");
        foreach (var account in made.Concat(clerks))
        {
            var roles = string.Join(", ", account["roles"]!.AsArray().Select(role => role!.GetValue<string>()));
            await output.WriteLineAsync($"{(string?)account["id"],-20} {(string?)account["kind"],-7} {(string?)account["secret"],-33} {roles}");
        }

        return Done;
    }

    /// <summary>All faults at once: as JSON for programs, as lines for people.</summary>
    private async Task<int> RefuseAsync(IReadOnlyList<Violation> errors)
    {
        await output.WriteLineAsync(JsonSerializer.Serialize(new { Errors = errors }, _written));
        foreach (var fault in errors)
        {
            await error.WriteLineAsync($"{fault.Code} {(fault.Path.Length == 0 ? "/" : fault.Path)}: {fault.Message}");
        }

        return errors.Count == 0 ? Done : Refused;
    }

    private async Task WriteAsync(string result, string? path, CancellationToken ct)
    {
        if (path is null)
        {
            await output.WriteAsync(result);
            return;
        }

        // Whole or not at all: a reader never sees half a result.
        var unfinished = $"{path}.{Environment.ProcessId}.new";
        await File.WriteAllTextAsync(unfinished, result, ct);
        File.Move(unfinished, path, overwrite: true);
    }

    private static HttpClient Client(Uri gateway) => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { BaseAddress = gateway, Timeout = _requestLimit };

    private static string AdminSecret() => Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } secret
        ? secret
        : throw new InvalidOperationException($"Set {SecretVariable} to the administrator's secret of the system behind --gateway.");
}

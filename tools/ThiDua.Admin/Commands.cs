using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.Admin;

/// <summary>From a command line to one request of the administration API, and its answer on standard output.</summary>
public static class Commands
{
    private const int Done = 0;
    private const int Refused = 1;
    private const int NotUnderstood = 2;
    private const string Administrator = "admin";

    private static readonly JsonSerializerOptions s_shown = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>0 done, 1 refused or not reached, 2 not understood.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextReader input, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (arguments is [] or ["help"])
        {
            await output.WriteLineAsync(AdminCommand.Usage);
            return arguments.Count == 0 ? NotUnderstood : Done;
        }

        var line = CommandLine.Of(arguments);
        var problem = line.Problem ?? "";
        var command = line.Problem is null ? AdminCommand.Read(line, out problem) : null;
        if (command is null || !Uri.TryCreate(line.Option("--gateway"), UriKind.Absolute, out var gateway))
        {
            await error.WriteLineAsync(command is null ? problem : "--gateway needs the address of the system: http://localhost:8080");
            return NotUnderstood;
        }

        var account = line.Option("--as") ?? Administrator;
        if (await SecretAsync(account, input, ct) is not { Length: > 0 } secret)
        {
            await error.WriteLineAsync(account == Administrator ? "THIDUA_ADMIN_SECRET is not set" : $"the secret of {account} is read from THIDUA_ACCOUNT_SECRET or from standard input");
            return NotUnderstood;
        }

        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(gateway, "/"), Timeout = TimeSpan.FromSeconds(60) };
            if (await SignInAsync(http, account, secret, error, ct) is not { } token)
            {
                return Refused;
            }

            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await SendAsync(http, command, output, error, ct);
        }
        catch (Exception lost) when (lost is HttpRequestException || (lost is OperationCanceledException && !ct.IsCancellationRequested))
        {
            await error.WriteLineAsync($"{gateway} was not reached: {lost.Message}");
            return Refused;
        }
    }

    private static async Task<string?> SecretAsync(string account, TextReader input, CancellationToken ct) => account == Administrator
        ? Environment.GetEnvironmentVariable("THIDUA_ADMIN_SECRET")
        : Environment.GetEnvironmentVariable("THIDUA_ACCOUNT_SECRET") is { Length: > 0 } given ? given : (await input.ReadLineAsync(ct))?.Trim();

    private static async Task<string?> SignInAsync(HttpClient http, string account, string secret, TextWriter error, CancellationToken ct)
    {
        using var grant = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = account, ["client_secret"] = secret, ["scope"] = "thidua" });
        using var answer = await http.PostAsync(new Uri("connect/token", UriKind.Relative), grant, ct);
        var json = Parsed(await answer.Content.ReadAsStringAsync(ct));
        if (!answer.IsSuccessStatusCode)
        {
            await error.WriteLineAsync($"{account} was not signed in: {(int)answer.StatusCode} {json?["error"] ?? json?["code"]}");
            return null;
        }

        return (string?)json?["access_token"];
    }

    private static async Task<int> SendAsync(HttpClient http, AdminCommand command, TextWriter output, TextWriter error, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(command.Method, new Uri($"api/v1/{command.Path}", UriKind.Relative));
        if (command.ReadFirst is { } first)
        {
            using var present = await http.GetAsync(new Uri($"api/v1/{first}", UriKind.Relative), ct);
            if (!present.IsSuccessStatusCode)
            {
                return await RefuseAsync(present, error, ct);
            }

            request.Headers.TryAddWithoutValidation("If-Match", present.Headers.ETag?.ToString());
        }

        if (command.Body is { } body)
        {
            request.Content = new StringContent(body.ToJsonString(s_shown), Encoding.UTF8, "application/json");
            if (!command.KeepsNoAnswer)
            {
                request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
            }
        }

        using var answer = await http.SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode)
        {
            return await RefuseAsync(answer, error, ct);
        }

        await output.WriteLineAsync(Parsed(await answer.Content.ReadAsStringAsync(ct))?.ToJsonString(s_shown) ?? "Done.");
        return Done;
    }

    private static async Task<int> RefuseAsync(HttpResponseMessage answer, TextWriter error, CancellationToken ct)
    {
        var problem = Parsed(await answer.Content.ReadAsStringAsync(ct));
        await error.WriteLineAsync($"{(int)answer.StatusCode} {problem?["code"]}: {problem?["detail"]} (trace {problem?["traceId"]})");
        foreach (var one in problem?["errors"] as JsonArray ?? [])
        {
            await error.WriteLineAsync($"  {one?["code"]} {one?["path"]}: {one?["message"]}");
        }

        return Refused;
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null; // an error page of a proxy
        }
    }
}

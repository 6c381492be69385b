using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>
/// Bad input gets a clear error and leaves nothing half written: every operation that a service describes, called by somebody who
/// may call it, with requests that are each wrong in one place. THIDUA_HOSTILE_CASES says how many an operation.
/// </summary>
public abstract class HostileRequestTests<TContext>(ServiceHost<TContext> host)
    where TContext : DbContext
{
    private const int Seed = 20261123;
    private const int UsualCases = 50;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    protected ServiceHost<TContext> Host { get; } = host;

    [Fact]
    public async Task Bad_input_is_refused_clearly_and_changes_nothing()
    {
        using var anybody = Host.Anonymous();
        var document = (await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!.AsObject();
        var rules = new AnswerRules(document);
        var operations = DescribedOperation.All(document).Where(operation => operation.Path.StartsWith("/api/v1/", StringComparison.Ordinal));
        var scene = await PrepareAsync();
        var cases = int.TryParse(Environment.GetEnvironmentVariable("THIDUA_HOSTILE_CASES"), CultureInfo.InvariantCulture, out var given) ? given : UsualCases;
        await using var rows = await RowCount.OfAsync(Host.ConnectionString);
        var wrong = new List<string>();
        foreach (var operation in operations.OrderBy(operation => operation.Method != "GET")) // what is read is there before it is changed
        {
            var example = scene.Example(operation.ToString(), operation.Path);
            var random = new Random(HashCode(operation.ToString()));
            foreach (var request in HostileRequests.Of(example, operation.Path, [.. operation.Named("query")], random, cases))
            {
                if (await FlawAsync(rules, operation, example, request, rows) is { } flaw)
                {
                    wrong.Add($"{operation}: {request.What}: {flaw}");
                }
            }

            // The good request comes last: it shows that the bad ones were bad in that one place only.
            var good = await SendAsync(operation, example, new HostileRequest("as it should be", example.Target, () => example.Body, []), await EtagAsync(example));
            await rows.CountAsync();
            if (good.Status is < 200 or 400 or 401 or 403 or 405 or 412 or 415 or 428 or >= 500 || (good.Status == 404 && !example.FindsNothing))
            {
                wrong.Add($"{operation}: the good request: {good.Status} {good.Text}");
            }
            else if (rules.Flaw(operation, Wrongness.None, good) is { } flaw)
            {
                wrong.Add($"{operation}: the good request: {flaw}");
            }
        }

        Nothing.In(wrong);
        (await anybody.GetJson("/health/ready")).Expect(200);
    }

    /// <summary>A state of the service in which every operation has something to work on.</summary>
    internal abstract Task<Scene> PrepareAsync();

    // The same on every machine and in every run, which string.GetHashCode is not.
    private static int HashCode(string text) => text.Aggregate(Seed, (hash, character) => unchecked((hash * 31) + character));

    private async Task<string?> FlawAsync(AnswerRules rules, DescribedOperation operation, Example example, HostileRequest request, RowCount rows)
    {
        var etag = await EtagAsync(example);
        var before = etag is null ? rows.Last : await rows.CountAsync(); // to read it may have been journalled
        var clock = Stopwatch.StartNew();
        var answer = await SendAsync(operation, example, request, etag);
        var took = clock.Elapsed;
        var after = operation.Method == "GET" ? before : await rows.CountAsync();
        return answer.Status switch
        {
            0 => answer.Text,
            _ when took > s_limit => $"took {took}",
            >= 400 and < 500 when after != before => $"{answer.Status}, but rows were written ({after - before})",
            _ => rules.Flaw(operation, request.WrongnessBeside(example), answer) is { } flaw ? $"{flaw}: {answer.Text}" : null,
        };
    }

    private async Task<string?> EtagAsync(Example example) => example.EtagOf is { } resource
        ? (await RawHttp.SendAsync(Host.Address, "GET", resource, [("Authorization", $"Bearer {example.Token}")], null, s_limit)).Headers.GetValueOrDefault("ETag", "\"none\"")
        : null;

    private async Task<RawAnswer> SendAsync(DescribedOperation operation, Example example, HostileRequest request, string? etag)
    {
        List<(string Name, string Value)> headers = [("Authorization", $"Bearer {example.Token}"), .. example.Headers];
        if (etag is not null)
        {
            headers.Add(("If-Match", etag));
        }

        var body = request.Body();
        if (body is not null)
        {
            headers.Add(("Content-Type", example.ContentType));
        }

        headers.RemoveAll(header => request.Headers.Any(other => other.Name == header.Name));
        return await RawHttp.SendAsync(Host.Address, operation.Method, request.Target, headers.Concat(request.Headers), body, s_limit);
    }
}

/// <summary>What a good request of each operation is.</summary>
/// <param name="Token">Of a caller with every role that needs no further one.</param>
/// <param name="Things">Values of the parameters of addresses, by name.</param>
/// <param name="Special">Parts of addresses whose parameters are of another thing.</param>
/// <param name="Examples">Good requests that do not follow from those, by operation.</param>
internal sealed record Scene(string Token, IReadOnlyDictionary<string, string> Things, IReadOnlyList<(string Path, string Address)> Special, IReadOnlyDictionary<string, Example> Examples)
{
    public Example Example(string operation, string path)
    {
        if (Examples.TryGetValue(operation, out var example) && example.Target.Length > 0)
        {
            return example;
        }

        var address = Special.Aggregate(path, (address, part) => address.Replace(part.Path, part.Address, StringComparison.Ordinal));
        return new Example(Things.Aggregate(address, (whole, thing) => whole.Replace($"{{{thing.Key}}}", thing.Value, StringComparison.Ordinal)), Token) { Always = example?.Always ?? [] };
    }
}

/// <summary>Good requests of what every service has: they find nothing to put back, and nothing that is read-only.</summary>
internal static class AdministrationExamples
{
    public static void AddAdministration(this Examples examples, string service)
    {
        const string Why = """{"reason":"Đã sửa lỗi theo phiếu 118"}""";
        var nothing = Guid.CreateVersion7();
        examples.Add($"POST /api/v1/read-only/{service}", $"/api/v1/read-only/{service}", """{"read_only":false,"reason":"Mở lại"}""");
        examples.Add($"POST /api/v1/failed-messages/{service}/retry", $"/api/v1/failed-messages/{service}/retry", Why);
        foreach (var step in new[] { "retry", "discard" })
        {
            examples.Add($"POST /api/v1/failed-messages/{service}/{{id}}/{step}", $"/api/v1/failed-messages/{service}/{nothing}/{step}", Why, findsNothing: true);
        }
    }
}

/// <summary>Rows of all tables but the outbox and the inbox, which empty themselves.</summary>
internal sealed class RowCount(NpgsqlConnection connection, NpgsqlCommand count) : IAsyncDisposable
{
    public long Last { get; private set; }

    public static async Task<RowCount> OfAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand("select tablename from pg_tables where schemaname = 'public' and tablename not in ('outbox_messages', 'sent_messages', 'inbox_messages')", connection))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        var rows = new RowCount(connection, new NpgsqlCommand($"select {string.Join('+', tables.Select(table => $"(select count(*) from \"{table}\")"))}", connection));
        await rows.CountAsync();
        return rows;
    }

    public async Task<long> CountAsync() => Last = (long)(await count.ExecuteScalarAsync())!;

    public async ValueTask DisposeAsync()
    {
        await count.DisposeAsync();
        await connection.DisposeAsync();
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Every operation of the API with every role, on things of the own unit, of others of its cluster and of strangers: what the file does not grant is refused.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class AuthorizationMatrixTests(MatrixScene scene, ITestOutputHelper output) : IClassFixture<MatrixScene>
{
    private const int AtOnce = 6;

    // Said to whoever is refused; anything else would be news.
    private static readonly string[] s_membersOfRefusals = ["type", "title", "status", "detail", "code", "traceId", "errors"];

    // Drafts have no signature yet, an item that nobody has opened has no papers and no count, and what is not decided is not explained.
    private static readonly string[] s_notYet =
    [
        "GET /api/v1/papers/{id}/signature", "GET /api/v1/papers/{id}/signed-pdf", "GET /api/v1/paper-jobs/{id}/archive",
        "POST /api/v1/council-sessions/{id}/items/{item}/ballot-papers", "GET /api/v1/council-sessions/{id}/items/{item}/count",
        "GET /api/v1/rankings/{clusterId}/explanation", "GET /api/v1/rankings/{clusterId}/indicators",
        "GET /api/v1/government-flag-proposals/{season}", "GET /api/v1/government-flag-proposals/{season}/explanation",
    ];

    private readonly ConcurrentBag<string> _wrong = [];

    [Fact]
    public async Task Every_operation_is_in_the_file_and_opened_to_no_role_that_the_document_does_not_name()
    {
        var operations = await Operation.AllAsync(scene.System);

        Assert.Equal(operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal), AuthorizationFile.Rows.Keys.Order(StringComparer.Ordinal));
        Nothing.In(
            from operation in operations
            let row = AuthorizationFile.Rows[operation.ToString()]
            let roles = row.May.Select(actor => actor.Role).ToHashSet(StringComparer.Ordinal)
            where row.Open != operation.IsOpen || (!row.Open && !roles.IsSubsetOf(operation.Roles!))
            select $"{operation}: the file says {string.Join(", ", roles)}, the document {string.Join(", ", operation.Roles!)}");
    }

    [Fact]
    public async Task Without_a_good_token_nothing_answers_but_what_is_open_by_name()
    {
        var operations = await Operation.AllAsync(scene.System);
        using var tokens = await SignedTokens.OfAsync(scene.System, scene.Season.Auditor);
        var kinds = tokens.Bad().Append((Kind: "none", Value: null)).Select((token, index) => (token.Kind, Client: FromAddressOfItsOwn(index, token.Value))).ToList();
        var open = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(kinds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (kind, _) =>
        {
            foreach (var operation in operations)
            {
                var answer = await kind.Client.CallAsync(new HttpMethod(operation.Method), operation.With(scene.Things), operation.Method is "GET" or "DELETE" ? null : "{}");
                if (operation.IsOpen ? answer.Status is not (200 or 401) : answer.Status != 401 || answer.Code != "unauthenticated")
                {
                    open.Add($"{kind.Kind}: {answer}");
                }
            }
        });

        kinds.ForEach(kind => kind.Client.Dispose());
        Nothing.In(open);
        using var good = scene.System.WithToken(tokens.Good);
        (await good.GetJson("seasons")).Expect(200); // so that what was wrong with the others is what they are called
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operations.Count} operations × {kinds.Count} bad tokens = {operations.Count * kinds.Count} cells"));
    }

    [Fact]
    public async Task Whoever_the_file_does_not_name_is_refused_without_a_trace_and_whoever_it_names_is_let_in()
    {
        var operations = await Operation.AllAsync(scene.System);
        using var anybody = scene.System.Anonymous();
        var requests = new MatrixRequests((await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!.AsObject(), scene);
        await scene.ReadStatesAsync(operations);
        var cells = (from operation in operations from actor in MatrixActor.All select new Cell(operation, AuthorizationFile.Rows[operation.ToString()], actor)).ToList();
        var (granted, refused) = (cells.Where(cell => cell.Row.May.Contains(cell.Actor)).ToList(), cells.Where(cell => !cell.Row.May.Contains(cell.Actor)).ToList());

        var before = await JournalAsync();
        await EachAsync(refused, cell => RefuseAsync(cell, requests));
        Nothing.In(_wrong);
        Assert.Equal(before, await JournalAsync());

        // What takes something away comes last: the others shall meet it alive.
        await EachAsync(granted.Where(cell => cell.Operation.Method == "GET"), cell => LetInAsync(cell, requests));
        await EachAsync(granted.Where(cell => cell.Operation.Method is not ("GET" or "DELETE")), cell => LetInAsync(cell, requests));
        await EachAsync(granted.Where(cell => cell.Operation.Method == "DELETE"), cell => LetInAsync(cell, requests));
        Nothing.In(_wrong);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operations.Count} operations × {MatrixActor.All.Count} who ask = {cells.Count} cells: {refused.Count} refused, {granted.Count} granted"));
    }

    // Callers without a good token share the limit of their address.
    private HttpClient FromAddressOfItsOwn(int number, string? token)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(number + 2)]), 0));
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri(scene.System.Gateway, "/api/v1/") };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return client;
    }

    private static async Task EachAsync(IEnumerable<Cell> cells, Func<Cell, Task> check) =>
        await Parallel.ForEachAsync(cells.GroupBy(cell => cell.Actor), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (ofActor, _) =>
        {
            foreach (var cell in ofActor)
            {
                await check(cell);
            }
        });

    private async Task RefuseAsync(Cell cell, MatrixRequests requests)
    {
        var answer = await SendAsync(cell, requests.Of(cell.Operation, scene.Things));
        var isRefusal = answer.Status is 403 or 404 || (answer.Status == 422 && cell.Row.Violation.Length > 0 && answer.Errors.All(error => error.Code == cell.Row.Violation));
        if (!isRefusal || !answer.IsProblem || answer.Json!.AsObject().Any(member => !s_membersOfRefusals.Contains(member.Key)))
        {
            _wrong.Add($"{cell.Actor} shall be refused: {answer}");
            return;
        }

        // Whoever may not know of the thing hears the same as of one that there is not.
        if (cell.Operation.Path.Contains('{', StringComparison.Ordinal) && cell.Operation.Roles!.Contains(cell.Actor.Role) && !MayRead(cell))
        {
            var unknown = await SendAsync(cell, requests.Of(cell.Operation, scene.Nothings));
            if (Said(answer) != Said(unknown))
            {
                _wrong.Add($"{cell.Actor} shall not learn that there is one: {answer}\nbut of what does not exist: {unknown}");
            }
        }
    }

    private async Task LetInAsync(Cell cell, MatrixRequests requests)
    {
        var isRead = cell.Operation.Method == "GET";
        var answer = await SendAsync(cell, requests.Of(cell.Operation, scene.Things, isWhole: cell.Row.IsOfPositions && cell.Operation.Method != "DELETE"));
        var isAbsent = cell.Operation.Path.Contains("/failed-messages/", StringComparison.Ordinal) || scene.Absent.Any(noun => cell.Operation.Path.Contains($"/{noun}/{{", StringComparison.Ordinal));
        var isLetIn = answer.Status switch
        {
            401 or 403 or >= 500 => false,
            404 => isAbsent || s_notYet.Contains(cell.Operation.ToString()),
            >= 400 => answer.IsProblem && (!isRead || s_notYet.Contains(cell.Operation.ToString())),
            _ => true,
        };
        if (!isLetIn)
        {
            _wrong.Add($"{cell.Actor} shall be let in: {answer}{Logged(answer)}");
        }

        if (cell.Row.Shown is { } shown && scene.Things[cell.Operation.Path.Split('/')[^1]] is var id && shown.Contains(cell.Actor) != answer.Text.Contains(id, StringComparison.Ordinal))
        {
            _wrong.Add($"{cell.Actor} shall {(shown.Contains(cell.Actor) ? "" : "not ")}see {id}: {answer}");
        }
    }

    /// <summary>The file lets the actor read the thing that the operation is about, or what it belongs to.</summary>
    private static bool MayRead(Cell cell) => AuthorizationFile.Rows.Values.Any(row =>
        row.Operation.StartsWith("GET ", StringComparison.Ordinal) && row.Operation.EndsWith('}') && row.May.Contains(cell.Actor)
        && (cell.Operation.Path + "/").StartsWith(row.Operation[4..] + "/", StringComparison.Ordinal));

    /// <summary>What the services logged of an error of theirs.</summary>
    private string Logged(ApiAnswer answer) => answer.Status < 500 || (string?)answer.Json?["traceId"] is not { } trace
        ? ""
        : string.Concat(scene.System.LogLines().Where(line => line.Line.Contains(trace, StringComparison.Ordinal)).Select(line => $"\n{line.File}: {line.Line}"));

    private static string Said(ApiAnswer answer)
    {
        var said = answer.Json!.DeepClone().AsObject();
        said.Remove("traceId");
        return said.ToJsonString();
    }

    private Task<ApiAnswer> SendAsync(Cell cell, MatrixRequest request) =>
        scene.ClientOf(cell.Actor, cell.Operation).CallAsync(request.Method, request.Path, request.Body(), request.ETag, headers: request.Headers);

    /// <summary>Rows of all journals that the actors wrote.</summary>
    private async Task<long> JournalAsync()
    {
        var rows = 0L;
        foreach (var service in new[] { "clusters", "scoring", "awards", "documents", "identity" })
        {
            await using var connection = new NpgsqlConnection(scene.System.DatabaseOf(service));
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var count = new NpgsqlCommand("select count(*) from journal where actor = any($1)", connection) { Parameters = { new() { Value = scene.Accounts.ToArray() } } };
            rows += (long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }

        return rows;
    }

    private sealed record Cell(Operation Operation, AuthorizationRow Row, MatrixActor Actor);
}

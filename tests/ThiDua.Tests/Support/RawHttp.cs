using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ThiDua.Tests.Support;

/// <summary>HTTP/1.1 as bytes on a socket, for what no proper client would send. One request a connection.</summary>
public static class RawHttp
{
    /// <summary>A request as text; characters above 127 leave as single bytes. Host and Connection are added.</summary>
    public static Task<RawAnswer> SendAsync(Uri address, string method, string target, IEnumerable<(string Name, string Value)> headers, byte[]? body, TimeSpan limit)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n");
        var framed = false;
        foreach (var (name, value) in headers)
        {
            framed |= name is "Content-Length" or "Transfer-Encoding";
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (body is not null && !framed)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        return SendAsync(address, [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []], limit);
    }

    public static async Task<RawAnswer> SendAsync(Uri address, byte[] request, TimeSpan limit)
    {
        var (answer, isEnded) = await ExchangeAsync(address, limit, (stream, ct) => stream.WriteAsync(request, ct).AsTask());
        return isEnded ? RawAnswer.Parse(answer) : RawAnswer.None($"no end of the answer within {limit.TotalSeconds} s");
    }

    /// <summary>Everything that comes back on one connection, be it several answers, until it is closed or the time is up.</summary>
    public static async Task<string> ReadAllAsync(Uri address, byte[] requests, TimeSpan limit) =>
        Encoding.UTF8.GetString((await ExchangeAsync(address, limit, (stream, ct) => stream.WriteAsync(requests, ct).AsTask())).Answer);

    /// <summary>The first part at once, the other byte by byte until an answer comes; with how much of it was sent.</summary>
    public static async Task<(RawAnswer Answer, int Sent)> DripAsync(Uri address, byte[] atOnce, byte[] slowly, TimeSpan pause, TimeSpan limit)
    {
        var sent = 0;
        var (answer, isEnded) = await ExchangeAsync(address, limit, async (stream, ct) =>
        {
            await stream.WriteAsync(atOnce, ct);
            using var timer = new PeriodicTimer(pause);
            while (sent < slowly.Length && !stream.DataAvailable && await timer.WaitForNextTickAsync(ct))
            {
                await stream.WriteAsync(slowly.AsMemory(sent, 1), ct);
                sent++;
            }
        });
        return (isEnded ? RawAnswer.Parse(answer) : RawAnswer.None($"no end of the answer within {limit.TotalSeconds} s"), sent);
    }

    private static async Task<(byte[] Answer, bool IsEnded)> ExchangeAsync(Uri address, TimeSpan limit, Func<NetworkStream, CancellationToken, Task> write)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ended.CancelAfter(limit);
        using var socket = new TcpClient { NoDelay = true };
        using var answer = new MemoryStream();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, ended.Token);
            var stream = socket.GetStream();
            try
            {
                await write(stream, ended.Token);
            }
            catch (IOException)
            {
                // A server may answer and close before it has read everything; what it said is what counts.
            }

            await stream.CopyToAsync(answer, ended.Token);
        }
        catch (IOException)
        {
            // As above.
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return (answer.ToArray(), false);
        }

        return (answer.ToArray(), true);
    }
}

/// <summary>What came back. Status 0: nothing that is an answer.</summary>
public sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    /// <summary>Refused by the server itself before it was a request: no body, and the connection is closed.</summary>
    public bool IsProtocolError => Status is 400 or 405 or 408 or 411 or 413 or 414 or 417 or 431 or 501 or 505 && Text.Length == 0;

    public bool IsProblem => Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/problem+json", StringComparison.Ordinal) == true;

    public static RawAnswer None(string why) => new(0, new Dictionary<string, string>(), why);

    public static RawAnswer Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return None("no answer");
        }

        var lines = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).GroupBy(parts => parts[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Select(parts => parts.ElementAtOrDefault(1))), StringComparer.OrdinalIgnoreCase);
        var body = bytes[(end + 4)..];
        var text = Encoding.UTF8.GetString(headers.GetValueOrDefault("Transfer-Encoding") == "chunked" ? Joined(body) : body);
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, text);
    }

    /// <summary>What is wrong with it as a refusal that a program and a person can use; null when nothing is.</summary>
    public string? Flaw()
    {
        if (!IsProblem)
        {
            return "no problem+json";
        }

        var problem = JsonNode.Parse(Text)!;
        var empty = new[] { "code", "title", "detail", "traceId" }.Where(name => string.IsNullOrWhiteSpace((string?)problem[name])).ToList();
        return empty.Count > 0 ? $"without {string.Join(", ", empty)}"
            : (int?)problem["status"] != Status ? "status of the body differs"
            : Text.Contains("Exception", StringComparison.Ordinal) ? "tells of the inside"
            : null;
    }

    private static byte[] Joined(ReadOnlySpan<byte> chunks)
    {
        var whole = new List<byte>(chunks.Length);
        while (chunks.IndexOf("\r\n"u8) is > 0 and var line && int.Parse(Encoding.ASCII.GetString(chunks[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size && chunks.Length >= line + 2 + size)
        {
            whole.AddRange(chunks.Slice(line + 2, size));
            chunks = chunks[(line + 2 + size + 2)..];
        }

        return [.. whole];
    }
}

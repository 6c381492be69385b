using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ThiDua.Tests.Support;

/// <summary>A span as its process told of it.</summary>
/// <param name="Service">The process.</param>
/// <param name="Name">What was done.</param>
/// <param name="Kind">1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Scope">The library that made it.</param>
/// <param name="Account">Who did it, where a token said so.</param>
public sealed record ReceivedSpan(string Service, string Name, int Kind, string Scope, string? Account);

/// <summary>Takes spans over OTLP/HTTP as a collector does; keeps them while somebody wants them.</summary>
public sealed class TraceReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ReceivedSpan>> _traces = new(StringComparer.Ordinal);

    private TraceReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Whether spans are kept; a run of the whole suite makes too many.</summary>
    public bool Keeps { get; set; }

    public IReadOnlyCollection<ReceivedSpan> Of(string trace) => _traces.TryGetValue(trace, out var spans) ? spans : [];

    public static async Task<TraceReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new TraceReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (Keeps && context.Request.Path == "/v1/traces")
        {
            Read(body.ToArray(), (field, resource) =>
            {
                if (field == 1)
                {
                    ReadResource(resource);
                }
            });
        }
    }

    // The fields of opentelemetry.proto.trace.v1 that matter here: ResourceSpans { resource = 1, scope_spans = 2 }
    private void ReadResource(byte[] resourceSpans)
    {
        var service = "";
        Read(resourceSpans, (field, value) =>
        {
            if (field == 1)
            {
                Read(value, (_, attribute) => service = Attribute(attribute) is ("service.name", { } name) ? name : service);
            }
            else if (field == 2)
            {
                ReadScope(service, value);
            }
        });
    }

    private void ReadScope(string service, byte[] scopeSpans)
    {
        var scope = "";
        Read(scopeSpans, (field, value) =>
        {
            if (field == 1)
            {
                Read(value, (inner, text) => scope = inner == 1 ? System.Text.Encoding.UTF8.GetString(text) : scope);
            }
            else if (field == 2)
            {
                ReadSpan(service, scope, value);
            }
        });
    }

    private void ReadSpan(string service, string scope, byte[] span)
    {
        var (trace, name, kind, account) = ("", "", 0, (string?)null);
        Read(
            span,
            (field, value) =>
            {
                switch (field)
                {
                    case 1: trace = Convert.ToHexStringLower(value); break;
                    case 5: name = System.Text.Encoding.UTF8.GetString(value); break;
                    case 9: account = Attribute(value) is ("enduser.id", { } id) ? id : account; break;
                }
            },
            (field, number) => kind = field == 6 ? (int)number : kind);
        _traces.GetOrAdd(trace, _ => new()).Enqueue(new ReceivedSpan(service, name, kind, scope, account));
    }

    private static (string Key, string? Text) Attribute(byte[] attribute)
    {
        var (key, text) = ("", (string?)null);
        Read(attribute, (field, value) =>
        {
            if (field == 1)
            {
                key = System.Text.Encoding.UTF8.GetString(value);
            }
            else
            {
                Read(value, (inner, bytes) => text = inner == 1 ? System.Text.Encoding.UTF8.GetString(bytes) : text);
            }
        });
        return (key, text);
    }

    private static void Read(byte[] message, Action<int, byte[]> onBytes, Action<int, ulong>? onNumber = null)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited: onBytes(field, input.ReadBytes().ToByteArray()); break;
                case WireFormat.WireType.Varint: (onNumber ?? ((_, _) => { }))(field, input.ReadUInt64()); break;
                default: input.SkipLastField(); break;
            }
        }
    }
}

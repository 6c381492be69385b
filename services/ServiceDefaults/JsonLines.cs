using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// One event, one line, one JSON object. It bears the name <c>json</c> in place of Microsoft's formatter, so that
/// <c>Logging:Console:FormatterName=json</c> switches it on: that one nests what an operator looks for (trace, account) in scopes, and
/// knows no service.
/// </summary>
internal sealed class JsonLines(ServiceIdentity service, TimeProvider clock) : ConsoleFormatter(ConsoleFormatterNames.Json)
{
    /// <summary>The account that a request's token names, as OpenTelemetry calls it.</summary>
    public const string AccountTag = "enduser.id";

    private const string Template = "{OriginalFormat}";
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_json))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", clock.GetUtcNow().UtcDateTime);
            json.WriteString("level", NameOf(logEntry.LogLevel));
            json.WriteString("service", service.Name);
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
            {
                json.WriteString("trace_id", activity.TraceId.ToHexString());
                json.WriteString("span_id", activity.SpanId.ToHexString());
                if (AccountOf(activity) is { } account)
                {
                    json.WriteString("account", account);
                }
            }

            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            WriteValues(json, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        textWriter.Write('\n');
    }

    // What the message names, each under its own name: a reader looks for a reminder or a job without reading sentences.
    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        if (values.Count == 0 || (values.Count == 1 && values[0].Key == Template))
        {
            return;
        }

        json.WriteStartObject("values");
        foreach (var (name, value) in values.Where(value => value.Key != Template))
        {
            json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private static string? AccountOf(Activity? activity)
    {
        for (; activity is not null; activity = activity.Parent)
        {
            if (activity.GetTagItem(AccountTag) is string account)
            {
                return account;
            }
        }

        return null;
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => "information",
    };
}

/// <summary>The name of a statement's span: what is done to which table, <c>UPDATE score_sheets</c>. Statements carry no values.</summary>
internal static class StatementNames
{
    private const int Most = 4000;
    private static readonly ConcurrentDictionary<string, string> s_names = new(StringComparer.Ordinal);
    private static readonly SearchValues<char> s_ends = SearchValues.Create(" \t\r\n();,");

    public static string Of(string statement)
    {
        if (s_names.TryGetValue(statement, out var known))
        {
            return known;
        }

        var name = Read(statement);
        if (s_names.Count < Most)
        {
            s_names[statement] = name;
        }

        return name;
    }

    private static string Read(string statement)
    {
        string? verb = null;
        var tableFollows = false;
        foreach (var line in statement.AsSpan().EnumerateLines())
        {
            if (line.TrimStart().StartsWith("--", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var range in line.SplitAny(s_ends))
            {
                var word = line[range];
                if (word.IsEmpty)
                {
                    continue;
                }

                if (tableFollows)
                {
                    return $"{verb} {word.Trim('"')}";
                }

                verb ??= word.ToString().ToUpperInvariant();
                tableFollows = Is(word, "from") || Is(word, "into") || Is(word, "update");
            }
        }

        return verb ?? "postgresql";
    }

    private static bool Is(ReadOnlySpan<char> word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}

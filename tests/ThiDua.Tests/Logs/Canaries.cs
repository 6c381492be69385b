using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ThiDua.Tests.Logs;

/// <summary>
/// What must not stand in a log: everything secret or about a person that any test sends. Nobody has to plant it: each call is
/// looked through on its way out. docs/logs-and-traces.md has the list.
/// </summary>
public sealed partial class Canaries
{
    // Shorter ones are words that a log may use for something else.
    private const int Shortest = 8;

    private static readonly HashSet<string> s_secrets = new(["secret", "client_secret", "password", "access_token", "refresh_token", "id_token", "code", "code_verifier"], StringComparer.Ordinal);

    private static readonly HashSet<string> s_personal = new(
        [
            "email", "phone", "full_name", "filename", "reason", "note", "notes", "text", "summary", "ground", "detail", "explanation", "answer", "comment", "opinion", "accepted_warnings_reason", "search", "address", "birth_date",
        ],
        StringComparer.Ordinal);

    // A name is a person's where one of these stands beside it.
    private static readonly string[] s_besidePersons = ["office", "phone", "email", "holder", "subject", "roles"];

    private readonly ConcurrentDictionary<string, byte> _planted = new(StringComparer.Ordinal);

    public int Count => _planted.Count;

    public void Plant(string? value)
    {
        if (value?.Trim() is { Length: >= Shortest } canary)
        {
            _planted.TryAdd(canary, 0);
        }
    }

    /// <summary>Everything of a body that is secret or personal.</summary>
    public void PlantFrom(string text)
    {
        if (text.StartsWith('{') && Parsed(text) is { } json)
        {
            PlantFrom(json, "", text: false);
        }
        else if (text.Contains('=', StringComparison.Ordinal) && text.Length < 100_000)
        {
            PlantFromQuery(text);
        }
    }

    /// <summary>The values of an address's parameters, or of a form.</summary>
    public void PlantFromQuery(string query)
    {
        foreach (var pair in query.Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2 && (s_secrets.Contains(pair[0]) || s_personal.Contains(pair[0]))))
        {
            Plant(Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
            Plant(pair[1]);
        }
    }

    /// <summary>What of it stands in the lines: each canary once, with the line that it was first found in.</summary>
    public IReadOnlyList<string> FoundIn(IEnumerable<string> lines)
    {
        var all = SearchValues.Create([.. _planted.Keys], StringComparison.Ordinal);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            // JSON escapes what it must; a canary with a quotation mark or a line's end in it is found in neither form otherwise.
            foreach (var text in line.Contains('\\', StringComparison.Ordinal) ? new[] { line, line.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) } : [line])
            {
                if (text.AsSpan().ContainsAny(all))
                {
                    found.TryAdd(_planted.Keys.First(canary => text.Contains(canary, StringComparison.Ordinal)), text);
                }
            }

            if (Token().Match(line) is { Success: true } token)
            {
                found.TryAdd(token.Value, line);
            }
        }

        return [.. found.Select(pair => $"“{pair.Key}” in: {(pair.Value.Length > 600 ? pair.Value[..600] + "…" : pair.Value)}")];
    }

    // Whatever its value: a signed token, a webhook's secret, a token in a header.
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|whsec_[A-Za-z0-9+/]{20,}|Bearer [A-Za-z0-9._-]{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    private void PlantFrom(JsonNode? node, string called, bool text)
    {
        switch (node)
        {
            case JsonObject item:
                var person = s_besidePersons.Any(item.ContainsKey);
                foreach (var (member, value) in item)
                {
                    PlantFrom(value, member, text || s_personal.Contains(member) || (person && member == "name" && value is JsonValue name && ((string?)name)?.Contains(' ', StringComparison.Ordinal) == true));
                }

                break;
            case JsonArray list:
                foreach (var value in list)
                {
                    PlantFrom(value, called, text);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && (text || s_secrets.Contains(called)):
                Plant((string?)value);
                break;
        }
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null; // sent wrong on purpose
        }
    }
}

using System.Text.Json.Nodes;

namespace ThiDua.Admin;

/// <summary>One request of the administration API, as the command line names it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Under <c>/api/v1</c>.</param>
/// <param name="Body">JSON; null: none.</param>
/// <param name="ReadFirst">What is read before it for its ETag; null: it needs none.</param>
/// <param name="KeepsNoAnswer">The API keeps no answer of it under a key, because the answer holds a secret.</param>
public sealed record AdminCommand(HttpMethod Method, string Path, JsonObject? Body = null, string? ReadFirst = null, bool KeepsNoAnswer = false)
{
    public const string Usage = """
        ./thidua admin COMMAND [--gateway URL] [--data DIR] [--as ACCOUNT] [--reason TEXT]

          errors SERVICE                       what lies in the service's error queue (clusters, scoring, awards, documents)
          retry-errors SERVICE [ID]            puts all of it, or one message, back into the service's queue
          discard-error SERVICE ID             gives one message up for good
          unlock ACCOUNT                       ends a lock after wrong passwords or secrets
          freeze                               says whether the system is read-only
          freeze on|off [REASON]               refuses every change from now on, or takes them again
          resend-webhook ID --since TIME       sends again what a webhook was sent from then on (or --reminder ID: one call)
          extend OBLIGATION DATE [REASON]      moves a deadline; the agency's decision: --as an account with the role appraisal_head
          rotate-client ID [--overlap HOURS]   a new secret for a client, shown once; the old one stays good for 24 hours or as told
          rotate-keys [--at-once]              a new signing key; at once: all tokens and sessions end
          keys                                 the signing keys and whose turn it is

        What changes something needs a reason: --reason TEXT, or as the last words. Secrets are never arguments: admin's is taken from
        THIDUA_ADMIN_SECRET or the data directory, that of --as ACCOUNT from THIDUA_ACCOUNT_SECRET or the first line of standard input.
        """;

    /// <summary>The request that the words ask for; null with what is wrong with them.</summary>
    public static AdminCommand? Read(CommandLine line, out string problem)
    {
        problem = "";
        var words = line.Words;
        var (name, first, second) = (words.ElementAtOrDefault(0), words.ElementAtOrDefault(1), words.ElementAtOrDefault(2));
        string Escaped(string? word) => Uri.EscapeDataString(word ?? "");
        var (needed, command) = name switch
        {
            "errors" => (1, new AdminCommand(HttpMethod.Get, $"failed-messages/{Escaped(first)}")),
            "retry-errors" when Guid.TryParse(second, out var id) => (2, Change($"failed-messages/{Escaped(first)}/{id}/retry", line.Reason(3))),
            "retry-errors" => (1, Change($"failed-messages/{Escaped(first)}/retry", line.Reason(2))),
            "discard-error" => (2, Change($"failed-messages/{Escaped(first)}/{Escaped(second)}/discard", line.Reason(3))),
            "unlock" => (1, Change($"accounts/{Escaped(first)}/unlock", line.Reason(2))),
            "freeze" when first is null => (0, new AdminCommand(HttpMethod.Get, "read-only")),
            "freeze" when first is "on" or "off" => (1, Change("read-only", line.Reason(2), ("read_only", first == "on"))),
            "resend-webhook" => (1, Change($"webhooks/{Escaped(first)}/resend", line.Reason(2), ("since", line.Option("--since")), ("reminder", line.Option("--reminder")))),
            "extend" => (2, Change($"obligations/{Escaped(first)}/extend", line.Reason(3), ("due_on", second)) with { ReadFirst = $"obligations/{Escaped(first)}" }),
            "rotate-client" => (1, Change($"accounts/{Escaped(first)}/rotate-secret", line.Reason(2), ("overlap_hours", Hours(line))) with { KeepsNoAnswer = true }),
            "rotate-keys" => (0, Change("signing-keys/rotate", line.Reason(1), ("at_once", line.Has("--at-once") ? JsonValue.Create(true) : null))),
            "keys" => (0, new AdminCommand(HttpMethod.Get, "signing-keys")),
            _ => (0, null),
        };
        if (command is null)
        {
            problem = name is null ? "no command" : $"'{string.Join(' ', words)}' is not understood";
        }
        else if (words.Count < needed + 1)
        {
            problem = $"{name} needs {(needed == 1 ? "a word" : "two words")} more; see ./thidua admin help";
        }
        else if (command.Body is { } body && !body.ContainsKey("reason"))
        {
            problem = $"{name} needs a reason: --reason TEXT";
        }

        return problem.Length == 0 ? command : null;
    }

    private static JsonValue? Hours(CommandLine line) => line.Option("--overlap") is not { } text ? null : int.TryParse(text, out var hours) ? JsonValue.Create(hours) : JsonValue.Create(text);

    private static AdminCommand Change(string path, string? reason, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var body = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        if (reason is not null)
        {
            body["reason"] = reason;
        }

        return new AdminCommand(HttpMethod.Post, path, body);
    }
}

/// <summary>The words of a command line, and its options.</summary>
public sealed class CommandLine
{
    private static readonly string[] s_flags = ["--at-once"];
    private static readonly string[] s_options = ["--gateway", "--as", "--reason", "--since", "--reminder", "--overlap"];

    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    public IReadOnlyList<string> Words => _words;

    /// <summary>What could not be read; null when all could.</summary>
    public string? Problem { get; private init; }

    public static CommandLine Of(IReadOnlyList<string> arguments)
    {
        string? problem = null;
        var line = new CommandLine();
        for (var index = 0; index < arguments.Count; index++)
        {
            var word = arguments[index];
            if (s_flags.Contains(word))
            {
                line._options[word] = "";
            }
            else if (s_options.Contains(word) && index + 1 < arguments.Count)
            {
                line._options[word] = arguments[++index];
            }
            else if (word.StartsWith("--", StringComparison.Ordinal))
            {
                problem ??= s_options.Contains(word) ? $"{word} needs a value" : $"there is no option {word}";
            }
            else
            {
                line._words.Add(word);
            }
        }

        return problem is null ? line : new CommandLine { Problem = problem };
    }

    public string? Option(string name) => _options.GetValueOrDefault(name);

    public bool Has(string flag) => _options.ContainsKey(flag);

    /// <summary>The option <c>--reason</c>, or the words from this one on.</summary>
    public string? Reason(int from) => Option("--reason") ?? (_words.Count > from ? string.Join(' ', _words.Skip(from)) : null);
}

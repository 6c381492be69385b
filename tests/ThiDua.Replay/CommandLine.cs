namespace ThiDua.Replay;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine(CommandKind Kind, string File, Uri? Gateway, string? Out, string? SeasonCode, string? Expect)
{
    public const string Usage = """
        Usage:
          ThiDua.Replay FILE [--gateway URL] [--out RESULT] [--season-code CODE] [--expect RESULT]
              plays a season file through the gateway, as the real actors would, and writes its result; with
              --expect it compares it, too
          ThiDua.Replay result FILE --gateway URL [--out RESULT] [--season-code CODE] [--expect RESULT]
              reads the result of a season that was played from this file before, and changes nothing
          ThiDua.Replay check FILE
              names everything that is wrong with a season file, and touches nothing
          ThiDua.Replay accounts --gateway URL
              makes the sample accounts of a running system and prints their secrets

        Without --gateway a private system is started for the replay and removed afterwards.
        With --gateway the administrator's secret is read from THIDUA_ADMIN_SECRET.
        Exit status: 0 done, 1 it could not be done or is not as expected, 2 the season file was refused.
        """;

    /// <summary>The command, or what is wrong with it.</summary>
    public static (CommandLine? Command, string? Mistake) Parse(IReadOnlyList<string> arguments)
    {
        List<string> words = [];
        Dictionary<string, string> options = [];
        for (var index = 0; index < arguments.Count; index++)
        {
            var word = arguments[index];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(word);
            }
            else if (word is not ("--gateway" or "--out" or "--season-code" or "--expect"))
            {
                return (null, $"Unknown option {word}.");
            }
            else if (index + 1 == arguments.Count || !options.TryAdd(word, arguments[++index]))
            {
                return (null, $"{word} needs one value.");
            }
        }

        var kind = words.FirstOrDefault() switch { "check" => CommandKind.Check, "accounts" => CommandKind.Accounts, "result" => CommandKind.Result, _ => CommandKind.Play };
        var files = kind == CommandKind.Play ? words : words[1..];
        if (files.Count != (kind == CommandKind.Accounts ? 0 : 1))
        {
            return (null, kind == CommandKind.Accounts ? "accounts takes no file." : "Name one season file.");
        }

        Uri? gateway = null;
        if (options.TryGetValue("--gateway", out var address)
            && (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out gateway) || gateway.Scheme is not ("http" or "https")))
        {
            return (null, $"{address} is not an http address.");
        }

        if (kind is CommandKind.Accounts or CommandKind.Result && gateway is null)
        {
            return (null, $"{words[0]} needs --gateway.");
        }

        return (new CommandLine(kind, files.FirstOrDefault() ?? "", gateway, options.GetValueOrDefault("--out"), options.GetValueOrDefault("--season-code"), options.GetValueOrDefault("--expect")), null);
    }
}

internal enum CommandKind
{
    Play,
    Check,
    Accounts,
    Result,
}

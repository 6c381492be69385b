namespace ThiDua.Recovery;

internal enum CommandKind
{
    BackUp,
    SaveContents,
    List,
    Check,
    Restore,
    Drill,
}

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine(CommandKind Kind, IReadOnlyDictionary<string, string> Options, IReadOnlySet<string> Flags)
{
    public const string Usage = """
        Usage:
          ThiDua.Recovery backup --data DIR [--to REPOSITORY] [--full] [--keep-full N] [--full-every DAYS]
          ThiDua.Recovery contents --data DIR [--every SECONDS]
          ThiDua.Recovery list  (--data DIR | --from REPOSITORY) [--json]
          ThiDua.Recovery check (--data DIR | --from REPOSITORY)
          ThiDua.Recovery restore --from REPOSITORY --data NEWDIR [--at TIME|latest] [--backup ID] [--contents-from DIR]
          ThiDua.Recovery drill --data DIR [--report FILE] [--keep DIR]
        All take --key-file FILE; without it the key is read from THIDUA_BACKUP_KEY_FILE, or from secrets.json of --data.
        Exit status: 0 done, 1 it cannot be done, 2 misused, 3 restored, but some contents are missing.
        """;

    private static readonly string[] s_options = ["--data", "--to", "--from", "--at", "--backup", "--key-file", "--keep-full", "--full-every", "--every", "--contents-from", "--report", "--keep"];
    private static readonly string[] s_flags = ["--full", "--json"];

    /// <summary>The command, or what is wrong with it.</summary>
    public static (CommandLine? Command, string? Mistake) Parse(IReadOnlyList<string> arguments)
    {
        CommandKind? kind = (arguments is [var verb, ..] ? verb : null) switch
        {
            "backup" => CommandKind.BackUp, "contents" => CommandKind.SaveContents, "list" => CommandKind.List, "check" => CommandKind.Check, "restore" => CommandKind.Restore, "drill" => CommandKind.Drill, _ => null,
        };
        if (kind is null)
        {
            return (null, "Name a command.");
        }

        Dictionary<string, string> options = [];
        HashSet<string> flags = [];
        for (var index = 1; index < arguments.Count; index++)
        {
            var word = arguments[index];
            if (s_flags.Contains(word))
            {
                flags.Add(word);
            }
            else if (!s_options.Contains(word))
            {
                return (null, $"Unknown option {word}.");
            }
            else if (index + 1 == arguments.Count || !options.TryAdd(word, arguments[++index]))
            {
                return (null, $"{word} needs one value.");
            }
        }

        string[] needed = kind switch { CommandKind.List or CommandKind.Check => [], CommandKind.Restore => ["--from", "--data"], _ => ["--data"] };
        return needed.FirstOrDefault(option => !options.ContainsKey(option)) is { } missing
            ? (null, $"{arguments[0]} needs {missing}.")
            : kind is CommandKind.List or CommandKind.Check && !options.ContainsKey("--data") && !options.ContainsKey("--from") ? (null, $"{arguments[0]} needs --data or --from.")
            : (new CommandLine(kind.Value, options, flags), null);
    }

    public string? this[string option] => Options.GetValueOrDefault(option);

    /// <exception cref="RecoveryException">It is no number from 1 on.</exception>
    public int Number(string option, int otherwise) => this[option] is not { } text ? otherwise
        : int.TryParse(text, out var number) && number > 0 ? number : throw new RecoveryException($"{option} needs a number from 1 on, not “{text}”.");
}

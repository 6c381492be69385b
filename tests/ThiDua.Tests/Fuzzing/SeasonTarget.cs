using System.Text.Json;
using ThiDua.Replay.SeasonFiles;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Fuzzing;

/// <summary>Season files: everything that is wrong with one is collected; of one that may be played, nothing is lost by writing it again.</summary>
internal static class SeasonTarget
{
    private const int LargestSample = 32 * 1024; // the provinces' seasons hold nothing that the small ones do not, many times

    public static FuzzTarget Make() => new(
        "season", InputShape.Json,
        [
            .. new[] { Repository.PathOf("samples", "season"), Repository.PathOf("samples", "season", "invalid") }
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")).Where(file => !file.EndsWith(".expected.json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(file => file.Length <= LargestSample),
        ],
        ["LEVEL", "PERCENT_BAND", "ABSOLUTE", "RATIO", "COUNT", "CHECKLIST", "TIMELINESS", "DEDUCT_FROM_MAX", "RELATIVE_TO_LEADER", "MANUAL", "RANK_IN_CLUSTER", "SCHOOL_YEAR", "KHOI", "PENDING", "inputs", "points", "max", "bands", "gte", "lt"],
        Read);

    private static ValueTask<bool> Read(byte[] input)
    {
        var (file, errors) = SeasonFileCheck.Check(input);
        if (errors.Count > 0)
        {
            return ValueTask.FromResult(false);
        }

        using var document = JsonDocument.Parse(input.AsMemory()[(input.AsSpan().StartsWith("\ufeff"u8) ? 3 : 0)..]);
        var (again, anew) = SeasonFileCheck.Check(JsonSerializer.SerializeToUtf8Bytes(document.RootElement));
        return anew.Count == 0 && again!.Code == file!.Code && again.Units.Select(unit => (unit.Code, unit.Name, unit.FemaleShare)).SequenceEqual(file.Units.Select(unit => (unit.Code, unit.Name, unit.FemaleShare)))
            ? ValueTask.FromResult(true)
            : throw new FuzzFindingException("written again, it is another season");
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.SeasonFiles;

namespace ThiDua.Replay.Play;

/// <summary>
/// Registers the units of a season as of the season's own time. Levels and categories are dated data: districts ended in 2025, and a
/// season of 2024 must still find them. One that the system does not have for the season at all is added for it.
/// </summary>
public sealed class UnitRegistration(SeasonFile file, Cast cast, GatewayClient gateway, Progress progress, TimeProvider clock)
{
    private const int RowsPerRequest = 2000;
    private const string Basis = "Tệp dữ liệu mùa thi đua";

    private static readonly TimeSpan _vietnam = TimeSpan.FromHours(7);

    /// <param name="firstDay">First day of the season.</param>
    /// <param name="lastDay">Last day of the season.</param>
    public async Task RunAsync(DateOnly firstDay, DateOnly lastDay, CancellationToken ct)
    {
        progress.Phase("units", file.Units.Count);
        var season = new Period(firstDay, lastDay);
        var categories = await TermsAsync("/unit-categories", file.Units.Select(unit => unit.Category), season, NewCategory, ct);
        var levels = await TermsAsync("/levels", file.Units.Select(unit => unit.Level), season, NewLevel, ct);

        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(_vietnam).Date);
        var preferred = today < firstDay ? firstDay : today > lastDay ? lastDay : today;
        var units = file.Units.Select(unit =>
        {
            var json = JsonNode.Parse(unit.At.Element.GetRawText())!.AsObject();
            json["valid_from"] = Text(DayFor(preferred, season, categories[unit.Category], levels[unit.Level]));
            return json;
        });
        foreach (var chunk in units.Chunk(RowsPerRequest))
        {
            await gateway.PostAsync(cast.Appraiser, "/units", new JsonObject { ["units"] = new JsonArray([.. chunk]) }, ct);
        }
    }

    /// <summary>The day on which the season looks at its members, or else the first of its days on which the unit's level and category exist.</summary>
    internal static DateOnly DayFor(DateOnly preferred, Period season, IReadOnlyList<Period> category, IReadOnlyList<Period> level)
    {
        DateOnly[] days = [preferred, season.First, .. category.Concat(level).Select(period => period.First).Where(season.Holds).Order()];
        return Array.Find(days, day => category.Any(period => period.Holds(day)) && level.Any(period => period.Holds(day))) is var found && found == default
            ? preferred
            : found;
    }

    /// <summary>The periods of each term that touch the season.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<Period>>> TermsAsync(
        string path, IEnumerable<string> wanted, Period season, Func<string, Period, JsonObject> make, CancellationToken ct)
    {
        var known = (await gateway.ListAsync(cast.Admin, $"{path}?limit=200", ct)).ToLookup(term => term.GetProperty("code").GetString()!, PeriodOf, StringComparer.Ordinal);
        var found = new Dictionary<string, IReadOnlyList<Period>>(StringComparer.Ordinal);
        foreach (var code in wanted.Distinct(StringComparer.Ordinal))
        {
            found[code] = [.. known[code].Where(period => period.First <= season.Last && period.Last >= season.First)];
            if (found[code].Count == 0)
            {
                progress.Say($"{path} has no {code} in this season: added");
                await gateway.PostAsync(cast.Admin, path, make(code, season), ct);
                found[code] = [season];
            }
        }

        return found;
    }

    private static JsonObject NewCategory(string code, Period season)
    {
        var category = NewTerm(code, season);
        category["season_type"] = "CALENDAR_YEAR";
        return category;
    }

    private static JsonObject NewLevel(string code, Period season)
    {
        var level = NewTerm(code, season);
        level["order"] = 1;
        return level;
    }

    private static JsonObject NewTerm(string code, Period season) => new()
    {
        ["code"] = code,
        ["label"] = code,
        ["valid_from"] = Text(season.First),
        ["valid_to"] = Text(season.Last),
        ["basis"] = Basis,
    };

    private static Period PeriodOf(JsonElement term) => new(
        Day(term, "valid_from") ?? DateOnly.MinValue,
        Day(term, "valid_to") ?? DateOnly.MaxValue);

    private static DateOnly? Day(JsonElement term, string member) =>
        term.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? DateOnly.ParseExact(value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Days from the first to the last, both included.</summary>
    internal readonly record struct Period(DateOnly First, DateOnly Last)
    {
        public bool Holds(DateOnly day) => First <= day && day <= Last;
    }
}

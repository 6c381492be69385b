using System.Text.Json;
using System.Text.Json.Serialization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Quy tắc: a number, a list or a switch of the regulations, in dated periods with the document it rests on. What it says is the
/// JSON of one <see cref="IRuleValue"/>, chosen by <see cref="DatedTerm.Code"/>; no such number stands in the program.
/// </summary>
public sealed class Rule : DatedTerm
{
    public required string Value { get; set; }

    public T Read<T>()
        where T : IRuleValue => RuleValues.Read<T>(Value);
}

/// <summary>What a rule of one code says. A record that implements it is all that a new rule needs, besides its row in <c>seed.json</c>.</summary>
public interface IRuleValue
{
    /// <summary>Code of the rule, UPPER_SNAKE.</summary>
    static abstract string Code { get; }

    /// <summary>What is wrong with it, in Vietnamese; nothing when it can be used.</summary>
    IEnumerable<string> Problems();
}

/// <summary>Giá trị của quy tắc: reads what a rule says, strictly.</summary>
public static class RuleValues
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false) },
    };

    private static readonly Dictionary<string, Func<string, IEnumerable<string>>> s_checks = typeof(RuleValues).Assembly.GetTypes()
        .Where(type => type.IsClass && typeof(IRuleValue).IsAssignableFrom(type))
        .ToDictionary(
            type => (string)type.GetProperty(nameof(IRuleValue.Code))!.GetValue(null)!,
            type => (Func<string, IEnumerable<string>>)(json => ((IRuleValue)JsonSerializer.Deserialize(json, type, s_json)!).Problems()),
            StringComparer.Ordinal);

    /// <summary>The codes that the service knows what to do with.</summary>
    public static IReadOnlyCollection<string> Codes => s_checks.Keys;

    public static T Read<T>(string json)
        where T : IRuleValue => JsonSerializer.Deserialize<T>(json, s_json)!;

    /// <summary>What keeps this JSON from being the value of a rule of that code.</summary>
    public static IEnumerable<string> Problems(string code, string json)
    {
        try
        {
            return [.. s_checks[code](json)];
        }
        catch (JsonException unreadable)
        {
            return [$"Giá trị không đúng dạng của quy tắc {code}{(unreadable.Path is { } path ? $" (tại {path})" : "")}."];
        }
    }

    /// <summary>What the rule says on a day.</summary>
    /// <exception cref="RuleViolationException"><c>no-rule</c>: none is in force then.</exception>
    public static T On<T>(this IEnumerable<Rule> rules, DateOnly day)
        where T : IRuleValue =>
        (rules.On(T.Code, day) ?? throw new RuleViolationException("no-rule", $"Không có quy tắc {T.Code} nào có hiệu lực vào ngày {day:dd/MM/yyyy}.")).Read<T>();
}

/// <summary>Quy mô cụm, khối (F-32): outside of it a composition is remarked on, never refused.</summary>
/// <param name="Min">Fewest members.</param>
/// <param name="Max">Most members.</param>
public sealed record ClusterSizeLimits(int Min, int Max) : IRuleValue
{
    public static string Code => "CLUSTER_SIZE";

    public IEnumerable<string> Problems()
    {
        if (Min < 2 || Max < Min)
        {
            yield return "Quy mô tối thiểu từ 2 trở lên và không lớn hơn quy mô tối đa.";
        }
    }
}

/// <summary>Cách thống nhất: how many of its members a cluster needs to agree.</summary>
/// <param name="By">More than half of all members, or every one of them.</param>
public sealed record ClusterAgreement(AgreementBy By) : IRuleValue
{
    public static string Code => "CLUSTER_AGREEMENT";

    public IEnumerable<string> Problems() => [];
}

/// <summary>Tỷ lệ thống nhất: what “thống nhất” asks for .</summary>
public enum AgreementBy
{
    /// <summary>Đa số thành viên.</summary>
    MajorityOfMembers,

    /// <summary>Tất cả thành viên.</summary>
    Unanimous,
}

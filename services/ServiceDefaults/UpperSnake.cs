using System.Text.Json;

namespace ThiDua.ServiceDefaults;

/// <summary>Names of enumerations as they stand in messages, requests and answers: UPPER_SNAKE form, and no other.</summary>
public static class UpperSnake
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    /// <summary>All names, in the order of their values.</summary>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseUpper.ConvertName);

    public static bool TryParse<T>(string? name, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Of(candidate) == name)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}

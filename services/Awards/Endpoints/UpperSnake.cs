using System.Text.Json;

namespace ThiDua.Awards.Endpoints;

/// <summary>Names of enumerations as they stand in messages and answers.</summary>
internal static class UpperSnake
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}

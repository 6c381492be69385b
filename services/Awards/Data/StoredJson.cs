using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Data;

/// <summary>Facts and derivations are written once and read whole, so they are one jsonb column each.</summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions s_options = Options();

    public static PropertyBuilder<T> StoredAsJson<T>(this PropertyBuilder<T> property) => property
        .HasColumnType("jsonb")
        .HasConversion(
            value => JsonSerializer.Serialize(value, s_options),
            text => JsonSerializer.Deserialize<T>(text, s_options)!,
            new ValueComparer<T>(
                (one, other) => JsonSerializer.Serialize(one, s_options) == JsonSerializer.Serialize(other, s_options),
                value => JsonSerializer.Serialize(value, s_options).GetHashCode(StringComparison.Ordinal),
                value => value));

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions { IgnoreReadOnlyProperties = true };
        ServiceDefaultsExtensions.ConfigureJson(options);
        return options;
    }
}

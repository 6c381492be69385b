using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// Keeps out what is no text before anything works with it: NUL, which PostgreSQL cannot store, and another encoding than UTF-8,
/// in which all JSON travels (RFC 8259).
/// </summary>
internal sealed class RequestTextMiddleware(RequestDelegate next)
{
    private const string Utf8 = "utf-8";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path.Value?.Contains('\0', StringComparison.Ordinal) == true || request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
        {
            return Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "malformed-text", "Địa chỉ có ký tự không hợp lệ.");
        }

        if (request.HasJsonContentType() && MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset is { Length: > 0 } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals(Utf8, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, detail: "JSON phải được gửi bằng UTF-8.");
        }

        return next(context);
    }
}

public static class RequestText
{
    /// <summary>Refuses what is no text, before a body is bound.</summary>
    public static void UseRequestText(this IApplicationBuilder app) => app.UseMiddleware<RequestTextMiddleware>();
}

/// <summary>
/// JSON that is kept as it came. A parser lets bytes that are not UTF-8, halves of surrogate pairs and NUL pass, and every later
/// use of them fails in a way of its own; here they fail once.
/// </summary>
internal sealed class JsonAsSentConverter : JsonConverter<JsonElement>
{
    public override bool HandleNull => true;

    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = JsonElement.ParseValue(ref reader);
        var sent = JsonMarshal.GetRawUtf8Value(value);
        return Utf8.IsValid(sent) && (sent.IndexOf("\\u"u8) < 0 || IsText(value))
            ? value
            : throw new InvalidDataException("The JSON holds what is no text.");
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => IsText(value.GetString()!),
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.Object => value.EnumerateObject().All(member => IsText(member.Name) && IsText(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false; // an escape sequence of half a surrogate pair
        }
    }

    private static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal);
}

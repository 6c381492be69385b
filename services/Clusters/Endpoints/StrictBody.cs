using System.Globalization;
using System.Text.Json;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>A JSON body read as it came, so that everything wrong with it can be named at once, each with its pointer.</summary>
public sealed class StrictBody
{
    private StrictBody(JsonElement json) => Root = new StrictJson(json, "", Errors);

    public List<Violation> Errors { get; } = [];

    public StrictJson Root { get; }

    /// <summary>Bound by the framework into endpoints that take a body of this kind.</summary>
    public static async ValueTask<StrictBody> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        var body = new StrictBody(await context.Request.ReadFromJsonAsync<JsonElement>(context.RequestAborted));
        body.Root.ExpectObject();
        return body;
    }

    /// <summary>A body that did not come as JSON but says the same: rows of a workbook.</summary>
    internal static StrictBody Of(JsonElement json) => new(json);

    public void RefuseIfWrong() => RuleViolationException.ThrowIfAny(Errors);
}

/// <summary>Kinds of values that this service's bodies share.</summary>
internal static class StrictValues
{
    private const int NameLength = 300;
    private const int ReasonLength = 1000;

    /// <summary>A code (<see cref="BusinessCode"/>); violation <c>BAD_CODE</c>.</summary>
    public static string? Code(this StrictJson json, string name)
    {
        if (json.Text(name) is not { } code)
        {
            return null;
        }

        if (!BusinessCode.IsValid(code))
        {
            json.Refuse("BAD_CODE", $"Mã gồm 1 đến {BusinessCode.MaximumLength} chữ cái, chữ số, dấu chấm, gạch nối hoặc gạch dưới, bắt đầu bằng chữ cái hoặc chữ số.", name);
            return null;
        }

        return code;
    }

    /// <summary>A name for people: not empty, at most 300 characters; violations <c>MISSING_PROPERTY</c>, <c>TOO_LONG</c>.</summary>
    public static string? Name(this StrictJson json, string name)
    {
        var text = json.Text(name);
        if (text is { Length: 0 })
        {
            json.Refuse("MISSING_PROPERTY", "Không được để trống.", name);
        }
        else if (text is { Length: > NameLength })
        {
            json.Refuse("TOO_LONG", $"Tối đa {NameLength} ký tự.", name);
        }

        return text;
    }

    /// <summary>Text of at most so many characters; when required, not empty; violations <c>MISSING_PROPERTY</c>, <c>TOO_LONG</c>.</summary>
    public static string? Text(this StrictJson json, string name, int maximum, bool required = true)
    {
        var text = json.Text(name, required);
        if (required && text is { Length: 0 })
        {
            json.Refuse("MISSING_PROPERTY", "Không được để trống.", name);
        }
        else if (text?.Length > maximum)
        {
            json.Refuse("TOO_LONG", $"Tối đa {maximum} ký tự.", name);
        }

        return text;
    }

    /// <summary>Lý do: not empty, at most 1000 characters; violations <c>MISSING_REASON</c>, <c>TOO_LONG</c>.</summary>
    public static string? Reason(this StrictJson json)
    {
        const string Name = "reason";
        var reason = json.Text(Name, ReasonLength, required: false);
        if (!json.Has(Name) || reason is { Length: 0 })
        {
            json.Refuse("MISSING_REASON", "Phải nêu lý do.", Name);
        }

        return reason;
    }

    /// <summary>A day in the form 2025-07-01, and no other.</summary>
    public static DateOnly? Date(this StrictJson json, string name, bool required = true)
    {
        if (json.Text(name, required) is not { } text)
        {
            return null;
        }

        if (IsoDate.TryParse(text, CultureInfo.InvariantCulture, out var date))
        {
            return date.Day;
        }

        json.Refuse("WRONG_TYPE", "Phải là ngày có dạng 2025-07-01.", name);
        return null;
    }
}

using System.Globalization;
using System.Text.Json;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// Reads a JSON value of a published format and collects everything that is wrong with it, each with its JSON pointer,
/// where a serializer would stop at the first. Codes: <c>UNKNOWN_PROPERTY</c>, <c>MISSING_PROPERTY</c>, <c>WRONG_TYPE</c>.
/// </summary>
public sealed class StrictJson(JsonElement element, string path, ICollection<Violation> errors)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public string Path => path;

    public JsonElement Element => element;

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    /// <summary>Adds a violation at this value, or at a member of it.</summary>
    public void Refuse(string code, string message, string? member = null) =>
        errors.Add(new Violation(code, member is null ? path : PathOf(member), message));

    public bool Has(string name) => IsObject && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The member as a value of its own, or null when it is absent; a required absent one is a violation.</summary>
    public StrictJson? Member(string name, bool required = true)
    {
        if (!IsObject)
        {
            return null;
        }

        _read.Add(name);
        if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return new StrictJson(value, PathOf(name), errors);
        }

        if (required)
        {
            Refuse("MISSING_PROPERTY", $"Thiếu thuộc tính “{name}”.", name);
        }

        return null;
    }

    /// <summary>Members that are allowed and kept, but not read: descriptions.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _read.Add(name);
        }
    }

    public bool ExpectObject() => Expect(JsonValueKind.Object, "một đối tượng");

    public string? Text(string name, bool required = true) =>
        Member(name, required) is { } member && member.Expect(JsonValueKind.String, "chuỗi ký tự") ? VietnameseText.Normalize(member.Element.GetString()!) : null;

    public bool? Flag(string name, bool required = true)
    {
        if (Member(name, required) is not { } member)
        {
            return null;
        }

        if (member.Element.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return member.Element.GetBoolean();
        }

        member.Refuse("WRONG_TYPE", "Phải là true hoặc false.");
        return null;
    }

    public decimal? Number(string name, bool required = true) => Member(name, required)?.AsNumber();

    public int? WholeNumber(string name, bool required = true)
    {
        if (Member(name, required) is not { } member || member.AsNumber() is not { } number)
        {
            return null;
        }

        if (decimal.Truncate(number) == number && number is >= int.MinValue and <= int.MaxValue)
        {
            return (int)number;
        }

        member.Refuse("WRONG_TYPE", "Phải là số nguyên.");
        return null;
    }

    /// <summary>One of the names of <typeparamref name="T"/> in UPPER_SNAKE form.</summary>
    public T? Choice<T>(string name, bool required = true)
        where T : struct, Enum
    {
        if (Member(name, required) is not { } member || !member.Expect(JsonValueKind.String, "chuỗi ký tự"))
        {
            return null;
        }

        var given = member.Element.GetString();
        if (UpperSnake.TryParse<T>(given, out var value))
        {
            return value;
        }

        member.Refuse("WRONG_TYPE", $"“{given}” không thuộc các giá trị được phép: {string.Join(", ", UpperSnake.All<T>())}.");
        return null;
    }

    /// <summary>The elements of a list, each a value of its own; empty when absent.</summary>
    public IReadOnlyList<StrictJson> List(string name, bool required = true) =>
        Member(name, required) is { } member && member.Expect(JsonValueKind.Array, "danh sách")
            ? [.. member.Element.EnumerateArray().Select((item, index) => new StrictJson(item, $"{member.Path}/{index}", errors))]
            : [];

    /// <summary>The members of an object whose names are keys, in the order written; empty when absent.</summary>
    public IReadOnlyList<KeyValuePair<string, StrictJson>> Entries(string name, bool required = true) =>
        Member(name, required) is { } member && member.Expect(JsonValueKind.Object, "một đối tượng")
            ? [.. member.Element.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, new StrictJson(entry.Value, member.PathOf(entry.Name), errors)))]
            : [];

    /// <summary>This value as an exact decimal: a JSON number, or a string of the form 12.5 (never 12,5).</summary>
    public decimal? AsNumber()
    {
        var text = element.ValueKind switch
        {
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.String => element.GetString(),
            _ => null,
        };
        if (text is not null && ExactDecimal.TryParse(text, out var number))
        {
            return number;
        }

        Refuse("WRONG_TYPE", "Phải là số thập phân (ví dụ 12.5), tối đa 28 chữ số.");
        return null;
    }

    public string? AsText() => Expect(JsonValueKind.String, "chuỗi ký tự") ? VietnameseText.Normalize(element.GetString()!) : null;

    /// <summary>Names every member that was neither read nor ignored. Call it when the object has been read.</summary>
    public void RefuseUnknown()
    {
        if (!IsObject)
        {
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!_read.Contains(member.Name))
            {
                Refuse("UNKNOWN_PROPERTY", $"Thuộc tính “{member.Name}” không có trong định dạng.", member.Name);
            }
        }
    }

    public string PathOf(string member) => $"{path}/{member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private bool Expect(JsonValueKind kind, string what)
    {
        if (element.ValueKind == kind)
        {
            return true;
        }

        Refuse("WRONG_TYPE", $"Phải là {what}.");
        return false;
    }
}

/// <summary>Decimals as written: never a binary float, never more digits than a decimal holds, never by a culture's guess.</summary>
public static class ExactDecimal
{
    private const int MaximumDigits = 28;

    public static bool TryParse(string text, out decimal number)
    {
        number = 0;
        return HasDigits(text)
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && HasDigits(number.ToString(CultureInfo.InvariantCulture)); // 1e28 is short, but what is written of it must be readable again
    }

    private static bool HasDigits(string text) => text.Count(char.IsAsciiDigit) is > 0 and <= MaximumDigits;
}

using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;

namespace ThiDua.ServiceDefaults;

/// <summary>One page of a list. <paramref name="Next"/> is the cursor of the page after it; null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

public static class Page
{
    /// <summary>Of one item more than was asked for, the last is not shown: it says that there is another page.</summary>
    public static Page<T> Of<T>(List<T> oneMore, int limit, Func<T, string> key) => oneMore.Count > limit
        ? new(oneMore[..limit], Cursor.Encode(key(oneMore[limit - 1])))
        : new(oneMore, null);
}

/// <summary>How much of a list a caller wants, and from where on.</summary>
/// <param name="Limit">Items a page, 1 to 200; 50 when not given.</param>
/// <param name="Cursor">The <c>next</c> of the page before; opaque to the caller.</param>
public sealed record PageQuery([FromQuery(Name = "limit")] int? Limit, [FromQuery(Name = "cursor")] string? Cursor)
{
    private const int Default = 50;
    private const int Maximum = 200;

    public int Size => Limit switch
    {
        null => Default,
        >= 1 and <= Maximum => Limit.Value,
        _ => throw new RuleViolationException("bad-page", "Tham số trang không hợp lệ.", [new Violation("OUT_OF_RANGE", "/limit", $"limit phải từ 1 đến {Maximum}.")]),
    };

    /// <summary>The key after which the page starts; null at the beginning.</summary>
    public string? After => Cursor is null ? null : ServiceDefaults.Cursor.Decode(Cursor);

    /// <summary>The same, where keys are no text. A cursor that no page gave is refused: it must not pass for the beginning.</summary>
    public T? AfterAs<T>()
        where T : struct, IParsable<T> =>
        After is not { } key ? null : T.TryParse(key, CultureInfo.InvariantCulture, out var value) ? value : throw ServiceDefaults.Cursor.Bad();
}

/// <summary>A cursor is the sort key of the last item shown, so that inserts between pages neither repeat nor lose an item.</summary>
public static class Cursor
{
    public static string Encode(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Decode(string cursor)
    {
        var base64 = cursor.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='), bytes, out var length)
            && Utf8.IsValid(bytes.AsSpan(0, length)) && !bytes.AsSpan(0, length).Contains((byte)0)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw Bad();
    }

    /// <summary>The refusal of a cursor that no page gave.</summary>
    public static RuleViolationException Bad() =>
        new("bad-page", "Tham số trang không hợp lệ.", [new Violation("WRONG_TYPE", "/cursor", "cursor không đúng; hãy dùng giá trị next của trang trước.")]);
}

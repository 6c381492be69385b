using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace ThiDua.Gateway.Operations;

/// <summary>The one style sheet, inside the page: nothing else has to be fetched, and its hash is all that the policy allows.</summary>
public static class PageStyle
{
    private static readonly string s_text = Read();

    public static MarkupString Markup { get; } = new(s_text);

    /// <summary>As a source of <c>style-src</c>.</summary>
    public static string Source { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(s_text)))}'";

    private static string Read()
    {
        using var stream = typeof(PageStyle).Assembly.GetManifestResourceStream("operations.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Annotations;

namespace ThiDua.Documents.Papers;

/// <summary>Hình thức chữ ký số: at the top right of the first page, without a picture, 10 point, black, time with its zone.</summary>
internal sealed class SignatureOnPage(string agency, string signer, DateTimeOffset at) : IAnnotationAppearanceHandler
{
    private const int Points = 10;
    private const int LineHeight = 11;
    private const int Width = 230;
    private const int Right = 42; // the right margin of 15 mm
    private const int Top = 8;

    private string[] Lines => [$"Ký bởi: {signer}", $"Cơ quan: {agency}", $"Thời gian ký: {at:yyyy-MM-ddTHH:mm:sszzz}"];

    /// <summary>Above the text, in the margin that the first page leaves free of a page number.</summary>
    public static XRect Place(PdfPage page) => new(page.Width.Point - Right - Width, page.Height.Point - Top - (3 * LineHeight) - 4, Width, (3 * LineHeight) + 4);

    public void DrawAppearance(XGraphics gfx, XRect rect)
    {
        var font = new XFont(SignatureFont.Family, Points);
        foreach (var (line, index) in Lines.Select((line, index) => (line, index)))
        {
            gfx.DrawString(Fitting(gfx, font, line), font, XBrushes.Black, new XRect(0, index * LineHeight, rect.Width, LineHeight), XStringFormats.TopRight);
        }
    }

    // A long name is cut rather than written beyond the page.
    private static string Fitting(XGraphics gfx, XFont font, string line)
    {
        while (line.Length > 1 && gfx.MeasureString(line, font).Width > Width)
        {
            line = line[..^2] + "…";
        }

        return line;
    }
}

/// <summary>The one font that is drawn with. PDFsharp keeps its fonts for the process, so this does too.</summary>
internal sealed class SignatureFont : IFontResolver
{
    public const string Family = "Signature";
    private static readonly Lock s_lock = new();
    private readonly byte[] _file;

    private SignatureFont(string path) => _file = File.ReadAllBytes(path);

    public static void Use(string path)
    {
        lock (s_lock)
        {
            GlobalFontSettings.FontResolver ??= new SignatureFont(path);
        }
    }

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) => new(Family);

    public byte[]? GetFont(string faceName) => _file;
}

using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using QRCoder;
using A = DocumentFormat.OpenXml.Drawing;
using Pic = DocumentFormat.OpenXml.Drawing.Pictures;
using Wp = DocumentFormat.OpenXml.Drawing.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>
/// Puts the mark into the foot of every page, below whatever the template has there: a template cannot forget it. It lies within the bottom
/// margin, so it takes nothing from the text.
/// </summary>
internal static class PaperFooter
{
    public const int Size = 16; // half points: the smallest that papers use
    private const int PixelsPerModule = 8;
    private const uint FromEdge = 227;   // 4 mm: printers reach that far
    private const int Height = 851;      // 15 mm
    private const int CodeWidth = 1021;  // 18 mm: the code and the quiet zone that it needs beside it
    private const long CodeSize = 540000; // 15 mm, in the unit of drawings

    public static void Add(MainDocumentPart main, PaperMark mark)
    {
        var code = Code(mark.VerificationAddress);
        var sections = main.Document!.Body!.Descendants<SectionProperties>().ToList();
        foreach (var section in sections)
        {
            Complete(main, section, isFirst: section == sections[0]);
            if (section.GetFirstChild<PageMargin>() is { } margin && (margin.Footer?.Value ?? uint.MaxValue) > FromEdge)
            {
                margin.Footer = FromEdge; // or the mark would reach into the text
            }
        }

        foreach (var name in sections.SelectMany(section => section.Elements<FooterReference>()).Select(reference => reference.Id!.Value!).Distinct().Order(StringComparer.Ordinal))
        {
            var footer = (FooterPart)main.GetPartById(name);
            var picture = footer.AddImagePart(ImagePartType.Png, "rIdMark");
            picture.FeedData(new MemoryStream(code));
            var width = sections.Where(section => section.Elements<FooterReference>().Any(reference => reference.Id == name)).Min(Formatting.TextWidth);
            Append(footer.Footer!, Table(mark, width));
        }
    }

    /// <summary>The QR code without its quiet zone, which the white paper around it gives.</summary>
    public static byte[] Code(string address)
    {
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.L);
        using var code = new PngByteQRCode(data);
        return code.GetGraphic(PixelsPerModule, drawQuietZones: false);
    }

    // A section without feet of its own takes those of the one before it; the first has to have them.
    private static void Complete(MainDocumentPart main, SectionProperties section, bool isFirst)
    {
        var needed = new List<HeaderFooterValues> { HeaderFooterValues.Default };
        if (section.GetFirstChild<TitlePage>() is { } title && (title.Val?.Value ?? true))
        {
            needed.Add(HeaderFooterValues.First);
        }

        if (main.DocumentSettingsPart?.Settings?.GetFirstChild<EvenAndOddHeaders>() is { } even && (even.Val?.Value ?? true))
        {
            needed.Add(HeaderFooterValues.Even);
        }

        foreach (var kind in needed.Where(kind => !section.Elements<FooterReference>().Any(reference => (reference.Type?.Value ?? HeaderFooterValues.Default) == kind)))
        {
            var isInherited = !isFirst && section.Ancestors<Body>().First().Descendants<SectionProperties>().TakeWhile(before => before != section)
                .SelectMany(before => before.Elements<FooterReference>()).Any(reference => (reference.Type?.Value ?? HeaderFooterValues.Default) == kind);
            if (isInherited)
            {
                continue;
            }

            var id = $"rIdMarkFooter{main.FooterParts.Count() + 1}";
            main.AddNewPart<FooterPart>(id).Footer = new Footer(new Paragraph());
            section.InsertAt(new FooterReference { Type = kind, Id = id }, section.Elements().TakeWhile(element => element is HeaderReference or FooterReference).Count());
        }
    }

    private static void Append(Footer footer, Table table)
    {
        // An empty paragraph would push the mark up into the text.
        foreach (var empty in footer.Elements<Paragraph>().Where(paragraph => paragraph.InnerText.Length == 0 && !paragraph.Descendants<Drawing>().Any()).ToList())
        {
            empty.Remove();
        }

        footer.Append(table, Sliver());
    }

    // A part must end with a paragraph.
    private static Paragraph Sliver() => new(new ParagraphProperties(
        new SpacingBetweenLines { Before = "0", After = "0", Line = "20", LineRule = LineSpacingRuleValues.Exact }, new Indentation { FirstLine = "0" }));

    private static Table Table(PaperMark mark, int width)
    {
        var text = new TableCell(
            new TableCellProperties(
                new TableCellWidth { Width = Twips(width - CodeWidth), Type = TableWidthUnitValues.Dxa },
                new TableCellVerticalAlignment { Val = TableVerticalAlignmentValues.Center }),
            Line($"Mã kiểm chứng: {PaperHash.InBrief(mark.Hash)}", bold: true),
            Line($"SHA-256: {PaperHash.InGroups(mark.Hash)}", bold: false),
            Line($"Kiểm tra văn bản: {Address(mark)}", bold: false));
        var code = new TableCell(
            new TableCellProperties(
                new TableCellWidth { Width = Twips(CodeWidth), Type = TableWidthUnitValues.Dxa },
                new TableCellVerticalAlignment { Val = TableVerticalAlignmentValues.Center }),
            new Paragraph(
                new ParagraphProperties(
                    new SpacingBetweenLines { Before = "0", After = "0", Line = "240", LineRule = LineSpacingRuleValues.Auto },
                    new Indentation { FirstLine = "0" },
                    new Justification { Val = JustificationValues.Right }),
                new Run(Picture())));
        return new Table(
            new TableProperties(
                new TableWidth { Width = Twips(width), Type = TableWidthUnitValues.Dxa },
                new TableLayout { Type = TableLayoutValues.Fixed },
                new TableCellMarginDefault(
                    new TopMargin { Width = "0", Type = TableWidthUnitValues.Dxa },
                    new TableCellLeftMargin { Width = 0, Type = TableWidthValues.Dxa },
                    new BottomMargin { Width = "0", Type = TableWidthUnitValues.Dxa },
                    new TableCellRightMargin { Width = 0, Type = TableWidthValues.Dxa })),
            new TableGrid(new GridColumn { Width = Twips(width - CodeWidth) }, new GridColumn { Width = Twips(CodeWidth) }),
            new TableRow(
                new TableRowProperties(new CantSplit(), new TableRowHeight { Val = Height, HeightType = HeightRuleValues.Exact }),
                text,
                code));
    }

    // The hash stands in the line above; the address without it is short enough to be typed.
    private static string Address(PaperMark mark) =>
        mark.VerificationAddress.EndsWith(mark.Hash, StringComparison.Ordinal) ? mark.VerificationAddress[..^mark.Hash.Length] + "…" : mark.VerificationAddress;

    private static Paragraph Line(string text, bool bold)
    {
        var properties = new RunProperties(new RunFonts { Ascii = PaperStyles.Font, HighAnsi = PaperStyles.Font, ComplexScript = PaperStyles.Font });
        if (bold)
        {
            properties.Append(new Bold());
        }

        properties.Append(new FontSize { Val = Twips(Size) });
        return new Paragraph(
            new ParagraphProperties(
                new SpacingBetweenLines { Before = "0", After = "0", Line = "240", LineRule = LineSpacingRuleValues.Auto },
                new Indentation { FirstLine = "0" },
                new Justification { Val = JustificationValues.Left }),
            new Run(properties, new Text(text) { Space = SpaceProcessingModeValues.Preserve }));
    }

    private static string Twips(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Drawing Picture() => new(
        new Wp.Inline(
            new Wp.Extent { Cx = CodeSize, Cy = CodeSize },
            new Wp.EffectExtent { LeftEdge = 0, TopEdge = 0, RightEdge = 0, BottomEdge = 0 },
            new Wp.DocProperties { Id = 9001, Name = "Mã QR kiểm chứng", Description = "Mã QR dẫn tới trang kiểm tra văn bản" },
            new Wp.NonVisualGraphicFrameDrawingProperties(new A.GraphicFrameLocks { NoChangeAspect = true }),
            new A.Graphic(
                new A.GraphicData(
                    new Pic.Picture(
                        new Pic.NonVisualPictureProperties(new Pic.NonVisualDrawingProperties { Id = 0, Name = "qr.png" }, new Pic.NonVisualPictureDrawingProperties()),
                        new Pic.BlipFill(new A.Blip { Embed = "rIdMark" }, new A.Stretch(new A.FillRectangle())),
                        new Pic.ShapeProperties(
                            new A.Transform2D(new A.Offset { X = 0, Y = 0 }, new A.Extents { Cx = CodeSize, Cy = CodeSize }),
                            new A.PresetGeometry(new A.AdjustValueList()) { Preset = A.ShapeTypeValues.Rectangle })))
                { Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture" }))
        { DistanceFromTop = 0, DistanceFromBottom = 0, DistanceFromLeft = 0, DistanceFromRight = 0 });
}

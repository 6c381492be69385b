using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents.Papers;

public sealed class LayoutCheckerTests
{
    private static readonly byte[] s_submission = SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, SamplePapers.Submission());

    private static readonly byte[] s_annex = new PaperLayout()
        .AnnexTitle("Phụ lục I", "DANH SÁCH TẬP THỂ ĐƯỢC TẶNG CỜ THI ĐUA", "(Kèm theo Tờ trình số 05/TTr-SNV ngày 05 tháng 01 năm 2026 của Sở Nội vụ)")
        .Table(new PaperColumn("STT", 1, "1", IsNumber: true), new("Tên", 5, "Xã A"))
        .Build();

    // What is changed in a good paper, and the rule that has to notice. Others may notice as well.
    private static readonly (int Rule, Action<MainDocumentPart> Break)[] s_breaks =
    [
        (1, main => Section(main).GetFirstChild<PageSize>()!.Height = 15840),
        (2, main =>
        {
            var size = Section(main).GetFirstChild<PageSize>()!;
            (size.Width, size.Height) = (size.Height, size.Width);
            main.Document!.Body!.Elements<Table>().ElementAt(1).Remove();
        }),
        (3, main => Margins(main).Top = 1000),
        (3, main => Margins(main).Bottom = 1500),
        (4, main => Margins(main).Left = 1134),
        (5, main => Margins(main).Right = 1200),
        (6, main => Run(main, "tổng hợp kết quả").Append(new RunFonts { Ascii = "Arial", HighAnsi = "Arial" })),
        (7, main => Run(main, "tổng hợp kết quả").Append(new Color { Val = "FF0000" })),
        (8, main => Letters(main, "tổng hợp kết quả").Text += " Hu\u031Bo\u031B\u0309ng"),
        (8, main => Letters(main, "tổng hợp kết quả").Text += " \uF0A7"),
        (9, main => Header(main).RemoveAllChildren()),
        (9, main => Header(main).Descendants<ParagraphProperties>().First().Append(new Justification { Val = JustificationValues.Right })),
        (10, main => Header(main).Descendants<Run>().ToList().ForEach(run => run.PrependChild(new RunProperties(new FontSize { Val = "20" })))),
        (11, main => Section(main).RemoveAllChildren<TitlePage>()),
        (11, main => Section(main).GetFirstChild<PageNumberType>()!.Start = 2),
        (12, main => Letters(main, PaperLayout.CountryName).Text = "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (12, main => Run(main, PaperLayout.CountryName).Append(new Bold { Val = false })),
        (13, main => Letters(main, PaperLayout.MottoText).Text = "Độc lập – Tự do – Hạnh phúc"),
        (13, main => Run(main, PaperLayout.MottoText).Append(new FontSize { Val = "24" })),
        (14, main => Paragraph(main, PaperLayout.MottoText).NextSibling()!.Remove()),
        (14, main => Indent(Paragraph(main, PaperLayout.MottoText).NextSibling<Paragraph>()!, 2400)),
        (15, main =>
        {
            var cell = Paragraph(main, PaperLayout.CountryName).Ancestors<TableCell>().First();
            var other = cell.PreviousSibling<TableCell>()!;
            other.Remove();
            cell.InsertAfterSelf(other);
        }),
        (16, main => Run(main, "Sở Nội vụ", exactly: true).Append(new Caps { Val = false })),
        (16, main => Run(main, "Sở Nội vụ", exactly: true).Append(new FontSize { Val = "32" })),
        (17, main => Run(main, "Ủy ban nhân dân tỉnh Đồng Nai", exactly: true).Append(new Caps { Val = false })),
        (18, main => Indent(Paragraph(main, "Sở Nội vụ", exactly: true).NextSibling<Paragraph>()!, 0)),
        (19, main => Letters(main, "Số: ", "05/TTr-SNV").Text = "Số: 5/TTr-SNV"),
        (19, main => Paragraph(main, "Số: 05/TTr-SNV").Remove()),
        (20, main => Letters(main, "Số: ", "05/TTr-SNV").Text = "Số: 05/QĐ-SNV"),
        (21, main => Run(main, "Số: ", "05/TTr-SNV").Append(new Bold())),
        (22, main => Letters(main, "Đồng Nai, ngày").Text = "Đồng Nai, ngày 5 tháng 1 năm 2026"),
        (22, main => Letters(main, "Đồng Nai, ngày").Text = "Đồng Nai, ngày 05 tháng 06 năm 2026"),
        (22, main => Letters(main, "Đồng Nai, ngày").Text = "Đồng Nai, ngày 31 tháng 4 năm 2026"),
        (23, main => Run(main, "Đồng Nai, ngày").Append(new Italic { Val = false })),
        (24, main => Run(main, "TỜ TRÌNH").Append(new FontSize { Val = "36" })),
        (24, main => Properties(Paragraph(main, "TỜ TRÌNH")).Append(new Justification { Val = JustificationValues.Left })),
        (25, main => Run(main, "Về việc tặng Cờ").Append(new Bold { Val = false })),
        (26, main => Paragraph(main, "Về việc tặng Cờ").NextSibling()!.Remove()),
        (26, main => Indent(Paragraph(main, "Về việc tặng Cờ").NextSibling<Paragraph>()!, 100)),
        (27, main => Run(main, "Căn cứ Luật").Append(new Italic { Val = false })),
        (27, main => Letters(main, "Căn cứ quy chế").Text = "Căn cứ quy chế thi đua, khen thưởng của tỉnh;"),
        (28, main => Run(main, "tổng hợp kết quả").Append(new FontSize { Val = "22" })),
        (29, main => Properties(Paragraph(main, "tổng hợp kết quả")).Append(new Justification { Val = JustificationValues.Left })),
        (30, main => Properties(Paragraph(main, "tổng hợp kết quả")).Append(new Indentation { FirstLine = "0" })),
        (31, main => Properties(Paragraph(main, "tổng hợp kết quả")).Append(new SpacingBetweenLines { Before = "0" })),
        (32, main => Properties(Paragraph(main, "tổng hợp kết quả")).Append(new SpacingBetweenLines { Before = "120", Line = "480", LineRule = LineSpacingRuleValues.Auto })),
        (32, main => Properties(Paragraph(main, "tổng hợp kết quả")).Append(new SpacingBetweenLines { Before = "120", Line = "240", LineRule = LineSpacingRuleValues.Exact })),
        (33, main => Letters(main, "Điều 1.").Text = "Điều 2."),
        (33, main => Run(main, "Điều 1.").GetFirstChild<Bold>()!.Remove()),
        (34, main => Letters(main, "KT. GIÁM ĐỐC").Text = "K/T. GIÁM ĐỐC"),
        (34, main => Letters(main, "KT. GIÁM ĐỐC").Text = "KT.GIÁM ĐỐC"),
        (34, main => Run(main, "KT. GIÁM ĐỐC").Append(new Bold { Val = false })),
        (35, main => Letters(main, "Nguyễn Thị Ánh Nguyệt").Text = "ThS. Nguyễn Thị Ánh Nguyệt"),
        (35, main => Run(main, "Nguyễn Thị Ánh Nguyệt").Append(new Bold { Val = false })),
        (36, main => Paragraph(main, "Nguyễn Thị Ánh Nguyệt").PreviousSibling()!.Remove()),
        (37, main => Run(main, "Nơi nhận:").Append(new FontSize { Val = "26" })),
        (37, main => Letters(main, "Nơi nhận:").Text = "Nơi nhận"),
        (38, main => Letters(main, "- Lưu: VT").Text = "- Lưu VT"),
        (38, main => Letters(main, "- Như trên;").Text = "Như trên"),
        (39, main => main.Document!.Body!.Descendants<TableHeader>().First().Remove()),
        (39, main => main.Document!.Body!.Elements<Table>().ElementAt(1).Descendants<CantSplit>().Last().Remove()),
        (40, main => Run(main, "Trảng Bom 2").Append(new FontSize { Val = "15" })),
        (41, main => main.FooterParts.First().Footer!.RemoveAllChildren()),
        (42, main => Run(main, "tổng hợp kết quả").Append(new Vanish())),
        (42, main => Paragraph(main, "tổng hợp kết quả").Append(new InsertedRun(new Run(new Text("thêm"))) { Author = "A", Id = "1", Date = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) })),
        (43, main => Letters(main, "tổng hợp kết quả").Text += " {{con_sot}}"),
        (44, main => Run(main, PaperLayout.MottoText).Append(new FontSize { Val = "26" })),
        (45, main => Paragraph(main, "(Kèm theo").Remove()),
        (45, main => Run(main, "(Kèm theo").Append(new Italic { Val = false })),
    ];

    public static TheoryData<int> Breaks => [.. Enumerable.Range(0, s_breaks.Length)];

    [Fact]
    public void A_paper_of_the_builder_breaks_no_rule()
    {
        Nothing.In(Findings(s_submission));
        Nothing.In(Findings(SamplePapers.Fill(SamplePapers.SubmissionDocx(bodyPoints: 13), SamplePapers.SubmissionForm, SamplePapers.Submission(60))));
        Nothing.In(Findings(SamplePapers.Fill(SamplePapers.SummaryDocx(), SamplePapers.SummaryForm, SamplePapers.Summary(16, 60))));

        // The annex has no content, so nothing put its mark there.
        Nothing.In(Findings(s_annex).Where(finding => !finding.StartsWith("41 ", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Breaks))]
    public void A_broken_paper_is_caught_by_its_rule(int index)
    {
        var (rule, breakIt) = s_breaks[index];
        var broken = Broken(rule == 45 ? s_annex : s_submission, breakIt);
        var found = LayoutChecker.Check(new MemoryStream(broken)).Select(finding => finding.Rule.Number).ToHashSet();
        Assert.True(found.Contains(rule), $"Rule {rule} noticed nothing; noticed: {string.Join(", ", found)}.");
    }

    [Fact]
    public void Every_rule_has_a_broken_paper_and_a_source()
    {
        Assert.True(LayoutChecker.Rules.Count >= 25);
        Assert.Equal(Enumerable.Range(1, LayoutChecker.Rules.Count), LayoutChecker.Rules.Select(rule => rule.Number));
        Assert.Equal(LayoutChecker.Rules.Select(rule => rule.Number), s_breaks.Select(broken => broken.Rule).Distinct().Order());
        Assert.All(LayoutChecker.Rules, rule => Assert.True(rule.Name.Length > 0 && rule.Source.Length > 0));
    }

    [Fact]
    public void What_is_no_docx_is_refused()
    {
        Assert.Equal("template-refused", Assert.Throws<RuleViolationException>(() => LayoutChecker.Check(new MemoryStream("PK\u0003\u0004xx"u8.ToArray()))).Code);
    }

    [Fact]
    public void The_rules_in_the_documentation_are_these()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "papers-layout.md"));
        Nothing.In(LayoutChecker.Rules.Select(rule => $"| {rule.Number} | {rule.Name} | {rule.Source} |").Where(row => !page.Contains(row, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Findings(byte[] docx) =>
        LayoutChecker.Check(new MemoryStream(docx)).Select(finding => $"{finding.Rule.Number} {finding.Where}: {finding.Message}");

    private static byte[] Broken(byte[] docx, Action<MainDocumentPart> breakIt)
    {
        using var stream = new MemoryStream();
        stream.Write(docx);
        using (var document = WordprocessingDocument.Open(stream, isEditable: true))
        {
            breakIt(document.MainDocumentPart!);
        }

        return stream.ToArray();
    }

    private static SectionProperties Section(MainDocumentPart main) => main.Document!.Body!.GetFirstChild<SectionProperties>()!;

    private static PageMargin Margins(MainDocumentPart main) => Section(main).GetFirstChild<PageMargin>()!;

    private static Header Header(MainDocumentPart main) => main.HeaderParts.Select(part => part.Header!).First(header => header.Descendants<FieldCode>().Any());

    private static Paragraph Paragraph(MainDocumentPart main, string text, bool exactly = false) =>
        main.Document!.Body!.Descendants<Paragraph>().First(paragraph => exactly ? paragraph.InnerText == text : paragraph.InnerText.Contains(text, StringComparison.Ordinal));

    private static RunProperties Run(MainDocumentPart main, string text, bool exactly = false)
    {
        var run = Paragraph(main, text, exactly).Elements<Run>().First(run => run.InnerText.Contains(text, StringComparison.Ordinal));
        return run.RunProperties ??= new RunProperties();
    }

    private static RunProperties Run(MainDocumentPart main, string begin, string end) => Run(main, begin + end);

    private static Text Letters(MainDocumentPart main, string text) => Paragraph(main, text).Descendants<Text>().First(letters => letters.Text.Contains(text, StringComparison.Ordinal));

    private static Text Letters(MainDocumentPart main, string begin, string end) => Letters(main, begin + end);

    private static ParagraphProperties Properties(Paragraph paragraph)
    {
        paragraph.ParagraphProperties!.RemoveAllChildren<Justification>();
        return paragraph.ParagraphProperties;
    }

    private static void Indent(Paragraph paragraph, int twips)
    {
        var text = twips.ToString(System.Globalization.CultureInfo.InvariantCulture);
        paragraph.ParagraphProperties!.Indentation = new Indentation { Left = text, Right = text };
    }
}

using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents.Papers;

public sealed class PaperTemplateTests
{
    // What somebody does to a template in Word, and what the refusal says.
    private static readonly (string Code, string Where, Action<MainDocumentPart> Change)[] s_refused =
    [
        ("UNKNOWN_FIELD", "/body/paragraphs/", main => Word(main, "{{summary}}").Text = "{{summary}} {{sumary}}"),
        ("UNKNOWN_FIELD", "/body/tables/2/rows/2/cells/2/paragraphs/1", main => Word(main, "{{units.name}}").Text = "{{units.naem}}"),
        ("UNKNOWN_FIELD", "/body/", main => Word(main, "{{summary}}").Text = "{{summary}} {{matrix}}"),
        ("UNKNOWN_FIELD", "/header/paragraphs/", main => main.HeaderParts.Last().Header!.Append(new Paragraph(new Run(new Text("{{secret}}"))))),
        ("MISSING_FIELD", "/fields/summary", main => Word(main, "{{summary}}").Text = "Không có gì"),
        ("MISSING_FIELD", "/lists/recipients", main => Word(main, "{{recipients.name}}").Text = "- Như trên;"),
        ("BROKEN_BRACES", "/body/", main => Word(main, "{{summary}}").Text = "{{summary}} {{subject}"),
        ("BROKEN_BRACES", "/body/", main => Word(main, "{{summary}}").Text = "{{summary}} {subject}"),
        ("BROKEN_BRACES", "/body/", main => Word(main, "{{summary}}").Text = "{{summary}} { {subject}}"),
        ("BROKEN_BRACES", "/body/", main => Word(main, "{{summary}}").Text = "{{summary}} {{tóm tắt}}"),
        ("MIXED_LISTS", "/body/tables/", main => Word(main, "{{units.name}}").Text = "{{units.name}} {{recipients.name}}"),
        ("EMBEDDED_OBJECT", "/word/", main => main.AddEmbeddedObjectPart("application/vnd.openxmlformats-officedocument.oleObject").FeedData(new MemoryStream([1]))),
        ("IMPORTED_CONTENT", "/word/", main => main.AddAlternativeFormatImportPart(AlternativeFormatImportPartType.Html).FeedData(new MemoryStream("<b/>"u8.ToArray()))),
        ("MACRO", "/word/", main => main.AddNewPart<VbaProjectPart>().FeedData(new MemoryStream([1]))),
        ("EXTERNAL_LINK", "/word/document.xml", main => main.AddHyperlinkRelationship(new Uri("https://example.org/x"), isExternal: true)),
        ("EXTERNAL_LINK", "/word/settings.xml", main => main.DocumentSettingsPart!.AddExternalRelationship("http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate", new Uri("file:///C:/a.dotm"))),
        ("TRACKED_CHANGE", "/word/document.xml", main => Word(main, "{{summary}}").Ancestors<Paragraph>().First().Append(new InsertedRun(new Run(new Text("x"))) { Author = "A", Id = "7" })),
        ("TRACKED_CHANGE", "/word/document.xml", main => Word(main, "{{summary}}").Ancestors<Paragraph>().First().Append(new DeletedRun(new Run(new DeletedText("x"))) { Author = "A", Id = "7" })),
        ("FIELD_CODE", "/word/document.xml", main => Word(main, "{{summary}}").Ancestors<Paragraph>().First().Append(new SimpleField { Instruction = " INCLUDETEXT \"c:/x.docx\" " })),
        ("FIELD_CODE", "/word/document.xml", main =>
        {
            var paragraph = Word(main, "{{summary}}").Ancestors<Paragraph>().First();
            paragraph.Append(new Run(new FieldChar { FieldCharType = FieldCharValues.Begin }), new Run(new FieldCode(" DDE")), new Run(new FieldCode("AUTO cmd ")), new Run(new FieldChar { FieldCharType = FieldCharValues.End }));
        }),
        ("COMMENT", "/word/document.xml", main => Word(main, "{{summary}}").Ancestors<Paragraph>().First().Append(new Run(new CommentReference { Id = "1" }))),
        ("DATA_BINDING", "/word/document.xml", main => main.Document!.Body!.PrependChild(new SdtBlock(new SdtProperties(new DataBinding { XPath = "/a", StoreItemId = "{0}" }), new SdtContentBlock(new Paragraph())))),
    ];

    public static TheoryData<int> Refused => [.. Enumerable.Range(0, s_refused.Length)];

    [Fact]
    public void What_is_built_and_what_is_filled_is_valid()
    {
        foreach (var docx in new[]
        {
            SamplePapers.SubmissionDocx(), SamplePapers.SummaryDocx(),
            SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, SamplePapers.Submission()),
            SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, SamplePapers.Submission(0)),
            SamplePapers.Fill(SamplePapers.SummaryDocx(), SamplePapers.SummaryForm, SamplePapers.Summary(16, 60)),
            SamplePapers.Fill(SamplePapers.SummaryDocx(), SamplePapers.SummaryForm, SamplePapers.Summary(20, 12)),
        })
        {
            if (Environment.GetEnvironmentVariable("THIDUA_KEEP_PAPERS") is { Length: > 0 } folder)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(docx))[..8]}.docx"), docx);
            }

            using var document = WordprocessingDocument.Open(new MemoryStream(docx), false);
            Nothing.In(new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document, TestContext.Current.CancellationToken).Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}"));
        }
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        Assert.Equal(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionDocx());
        var template = PaperTemplate.Read(new MemoryStream(SamplePapers.SubmissionDocx()), SamplePapers.SubmissionForm);
        var content = SamplePapers.Submission();
        var mark = SamplePapers.Mark(content, template);
        Assert.Equal(template.Fill(content, mark), template.Fill(content, mark));

        // The order in which a dictionary was filled says nothing.
        var reversed = content with { Fields = content.Fields.Reverse().ToDictionary(field => field.Key, field => field.Value) };
        Assert.Equal(mark.Hash, PaperHash.Of(reversed, template.Sha256));
        Assert.Equal(template.Fill(content, mark), template.Fill(reversed, mark));
        foreach (var other in new[]
        {
            content with { Kind = PaperKind.DraftDecision }, SamplePapers.Submission(4),
            content with { Fields = new Dictionary<string, string>(content.Fields) { ["signer"] = "Nguyễn Thị Ánh Nguyệt " } },
        })
        {
            Assert.NotEqual(mark.Hash, PaperHash.Of(other, template.Sha256));
        }

        Assert.NotEqual(mark.Hash, PaperHash.Of(content, new string('0', 64)));
        var decomposed = content with { Fields = content.Fields.ToDictionary(field => field.Key, field => field.Value.Normalize(NormalizationForm.FormD)) };
        Assert.Equal(mark.Hash, PaperHash.Of(decomposed, template.Sha256));
    }

    /// <summary>Word cuts a text anywhere; what is found is what a reader sees, and it looks as its first letter did.</summary>
    [Fact]
    public void A_name_is_found_however_Word_cut_it()
    {
        const string Whole = "Trước {{summary}} giữa {{remark}} sau";
        for (var seed = 1; seed < 200; seed++)
        {
            var random = new Random(seed);
            var template = Changed(SamplePapers.SubmissionDocx(), main =>
            {
                var paragraph = Word(main, "{{summary}}").Ancestors<Paragraph>().First();
                paragraph.RemoveAllChildren<Run>();
                for (var at = 0; at < Whole.Length;)
                {
                    var length = Math.Min(random.Next(1, 9), Whole.Length - at);
                    paragraph.Append(
                        new Run(new RunProperties(at == 0 ? [new Italic()] : []), new Text(Whole[at..(at + length)]) { Space = SpaceProcessingModeValues.Preserve }),
                        new ProofError { Type = ProofingErrorValues.SpellStart },
                        new BookmarkStart { Name = $"b{at}", Id = at.ToString(System.Globalization.CultureInfo.InvariantCulture) },
                        new BookmarkEnd { Id = at.ToString(System.Globalization.CultureInfo.InvariantCulture) });
                    at += length;
                }

                Word(main, "{{remark}}", from: paragraph.NextSibling()!).Text = "Hết";
            });
            var content = SamplePapers.Submission();
            content = content with { Fields = new Dictionary<string, string>(content.Fields) { ["summary"] = "một\nhai", ["remark"] = "{{summary}} & <b>" } };
            using var paper = WordprocessingDocument.Open(new MemoryStream(SamplePapers.Fill(template, SamplePapers.SubmissionForm, content)), false);
            var filled = paper.MainDocumentPart!.Document!.Body!.Descendants<Paragraph>().Single(paragraph => paragraph.InnerText.StartsWith("Trước", StringComparison.Ordinal));
            Assert.Equal("Trước một|hai giữa {{summary}} & <b> sau", string.Concat(filled.Descendants().Select(element => element switch { Text text => text.Text, Break => "|", _ => string.Empty })));
        }
    }

    [Fact]
    public void Lists_repeat_rows_and_paragraphs_and_an_empty_one_says_so()
    {
        using var many = WordprocessingDocument.Open(new MemoryStream(SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, SamplePapers.Submission(30))), false);
        var body = many.MainDocumentPart!.Document!.Body!;
        var rows = body.Elements<Table>().ElementAt(1).Elements<TableRow>().Select(row => string.Join('|', row.Elements<TableCell>().Select(cell => cell.InnerText))).ToList();
        Assert.Equal(31, rows.Count);
        Assert.Equal("30|Ủy ban nhân dân phường Trảng Bom 30|930,25", rows[^1]);
        Assert.Equal(["Nơi nhận:", "- Như trên;", "- Ban Thi đua - Khen thưởng;", "- Văn phòng Sở;", "- Lưu: VT, BTĐKT."], body.Elements<Table>().Last().Descendants<TableCell>().First().Elements<Paragraph>().Select(paragraph => paragraph.InnerText));

        var nobody = SamplePapers.Submission(0);
        nobody = nobody with { Lists = new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string>>>(nobody.Lists) { ["recipients"] = [] } };
        using var empty = WordprocessingDocument.Open(new MemoryStream(SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, nobody)), false);
        body = empty.MainDocumentPart!.Document!.Body!;
        Assert.Equal(["STTTên tập thểĐiểm", "Không có"], body.Elements<Table>().ElementAt(1).Elements<TableRow>().Select(row => row.InnerText));
        Assert.Equal(["Nơi nhận:", "- Như trên;", "- Lưu: VT, BTĐKT."], body.Elements<Table>().Last().Descendants<TableCell>().First().Elements<Paragraph>().Select(paragraph => paragraph.InnerText));
    }

    [Theory, MemberData(nameof(Refused))]
    public void A_template_is_refused_before_anything_is_made(int index)
    {
        var (code, where, change) = s_refused[index];
        var refused = Assert.Throws<RuleViolationException>(() => PaperTemplate.Read(new MemoryStream(Changed(SamplePapers.SubmissionDocx(), change)), SamplePapers.SubmissionForm));
        Assert.Equal("template-refused", refused.Code);
        Assert.Contains(refused.Errors, error => error.Code == code && error.Path.StartsWith(where, StringComparison.Ordinal));
    }

    [Fact]
    public void All_that_is_wrong_is_named_at_once()
    {
        var refused = Assert.Throws<RuleViolationException>(() => PaperTemplate.Read(new MemoryStream(new PaperLayout().Paragraph("{{a}} {{b.c}} {{matrix}} {{d}").Build()), SamplePapers.SummaryForm));
        Assert.Equal(["BROKEN_BRACES", "MATRIX_NOT_ALONE", "MISSING_FIELD", "UNKNOWN_FIELD"], refused.Errors.Select(error => error.Code).Distinct().Order());
        Assert.Equal(7, refused.Errors.Count(error => error.Code is "UNKNOWN_FIELD" or "MISSING_FIELD") + 1);
    }

    [Fact]
    public void What_is_no_template_is_refused()
    {
        var bomb = new MemoryStream();
        using (var zip = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("word/document.xml").Open();
            var zeros = new byte[1 << 20];
            for (var megabyte = 0; megabyte < 40; megabyte++)
            {
                entry.Write(zeros);
            }
        }

        var good = SamplePapers.SubmissionDocx();
        (string Code, byte[] File)[] files =
        [
            ("TEMPLATE_TOO_LARGE", bomb.ToArray()), ("TEMPLATE_TOO_LARGE", new byte[9 << 20]),
            ("TEMPLATE_UNREADABLE", []), ("TEMPLATE_UNREADABLE", "xin chào"u8.ToArray()), ("TEMPLATE_UNREADABLE", good[..(good.Length / 2)]),
        ];
        foreach (var (code, file) in files)
        {
            Assert.Equal(code, Assert.Single(Assert.Throws<RuleViolationException>(() => PaperTemplate.Read(new MemoryStream(file), SamplePapers.SubmissionForm)).Errors).Code);
        }

        // A file with any byte changed is read, or refused; never something else.
        for (var at = 0; at < good.Length; at += 7)
        {
            var changed = good.ToArray();
            changed[at] ^= 0x55;
            try
            {
                PaperTemplate.Read(new MemoryStream(changed), SamplePapers.SubmissionForm);
            }
            catch (RuleViolationException)
            {
                // as it should
            }
        }
    }

    [Fact]
    public void There_is_no_paper_with_a_gap()
    {
        var template = PaperTemplate.Read(new MemoryStream(SamplePapers.SubmissionDocx()), SamplePapers.SubmissionForm);
        var good = SamplePapers.Submission();
        var mark = SamplePapers.Mark(good, template);
        PaperContent With(string name, string? value)
        {
            var fields = new Dictionary<string, string>(good.Fields);
            if (value is null)
            {
                fields.Remove(name);
            }
            else
            {
                fields[name] = value;
            }

            return good with { Fields = fields };
        }

        (string Path, PaperContent Content)[] wrong =
        [
            ("/fields/remark", With("remark", null)), ("/fields/extra", With("extra", "1")), ("/fields/signer", With("signer", "A\u0007")), ("/fields/signer", With("signer", "A\uD800")),
            ("/kind", good with { Kind = PaperKind.DraftDecision }), ("/lists/units", good with { Lists = new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string>>> { ["recipients"] = [] } }),
            ("/lists/units/0/points", good with { Lists = new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string>>>(good.Lists) { ["units"] = [new Dictionary<string, string> { ["order"] = "1", ["name"] = "A" }] } }),
            ("/matrix", good with { Matrix = SamplePapers.Summary(1, 1).Matrix }),
        ];
        foreach (var (path, content) in wrong)
        {
            var refused = Assert.Throws<RuleViolationException>(() => template.Fill(content, mark));
            Assert.Equal("content-refused", refused.Code);
            Assert.Contains(refused.Errors, error => error.Path == path);
        }
    }

    private static byte[] Changed(byte[] docx, Action<MainDocumentPart> change)
    {
        using var stream = new MemoryStream();
        stream.Write(docx);
        using (var document = WordprocessingDocument.Open(stream, isEditable: true))
        {
            change(document.MainDocumentPart!);
        }

        return stream.ToArray();
    }

    private static Text Word(MainDocumentPart main, string text) => main.Document!.Body!.Descendants<Text>().First(word => word.Text.Contains(text, StringComparison.Ordinal));

    private static Text Word(MainDocumentPart main, string text, OpenXmlElement from) =>
        from.ElementsAfter().Prepend(from).SelectMany(element => element.Descendants<Text>()).First(word => word.Text.Contains(text, StringComparison.Ordinal));
}

using System.Net.Http.Headers;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>Templates as data: downloaded, edited in Word, sent back.</summary>
public sealed class PaperTemplateEndpointTests(PaperHost host) : IClassFixture<PaperHost>
{
    private const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    public static TheoryData<PaperKind> Kinds => [.. Enum.GetValues<PaperKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_template_that_the_product_comes_with_passes_its_own_check(PaperKind kind)
    {
        using var head = host.As(Roles.AppraisalHead);
        var name = UpperSnake.Of(kind);
        var docx = await head.GetByteArrayAsync(new Uri($"paper-templates/{name}/docx?version=0", UriKind.Relative), TestContext.Current.CancellationToken);

        var check = (await head.CallAsync(HttpMethod.Post, $"paper-templates/{name}/check", Body(docx))).Expect(200);

        Assert.True((bool)check["accepted"]!, check.Text);
    }

    [Fact]
    public async Task An_edited_template_is_used_from_then_on_and_a_draft_keeps_its_own()
    {
        var season = await host.DecidedAsync("T1");
        using var head = host.As(Roles.AppraisalHead);
        var before = (await host.DraftAsync(season, "CERTIFICATE_SUBMISSION")).Expect(201);
        var current = (await head.GetJson("paper-templates/CERTIFICATE_SUBMISSION")).Expect(200);
        Assert.Equal(0, (int)current["version"]!);
        var edited = await EditedAsync(head, "CERTIFICATE_SUBMISSION", "TỜ TRÌNH", "TỜ TRÌNH ĐÃ SỬA");

        (await head.CallAsync(HttpMethod.Put, "paper-templates/CERTIFICATE_SUBMISSION", Body(edited))).Expect(428);
        var stored = (await head.CallAsync(HttpMethod.Put, "paper-templates/CERTIFICATE_SUBMISSION", Body(edited), current.ETag)).Expect(200);
        (await head.CallAsync(HttpMethod.Put, "paper-templates/CERTIFICATE_SUBMISSION", Body(edited), current.ETag)).Expect(412);

        Assert.Equal(1, (int)stored["version"]!);
        var after = (await host.DraftAsync(season, "CERTIFICATE_SUBMISSION")).Expect(201);
        Assert.Equal((0, 1), ((int)before["template_version"]!, (int)after["template_version"]!));
        Assert.Contains("ĐÃ SỬA", await TextAsync(head, $"papers/{after["id"]}/docx"), StringComparison.Ordinal);
        var issued = (await host.IssueAsync(before)).Expect(200);
        Assert.DoesNotContain("ĐÃ SỬA", await TextAsync(head, $"papers/{issued["id"]}/docx"), StringComparison.Ordinal); // as it was looked at
        Assert.DoesNotContain("ĐÃ SỬA", await TextAsync(head, "paper-templates/CERTIFICATE_SUBMISSION/docx?version=0"), StringComparison.Ordinal);
        (await head.GetJson("paper-templates/CERTIFICATE_SUBMISSION/docx?version=7")).Expect(404);
    }

    [Fact]
    public async Task A_template_with_a_wrong_field_or_a_wrong_layout_is_refused_and_nothing_is_kept()
    {
        using var head = host.As(Roles.AppraisalHead);
        var current = (await head.GetJson("paper-templates/UNIT_NOTICE")).Expect(200);
        var unknown = await EditedAsync(head, "UNIT_NOTICE", "{{trich_yeu}}", "{{trich_yeu}} {{khong_co}}");
        var narrow = await EditedAsync(head, "UNIT_NOTICE", edit: document => document.MainDocumentPart!.Document!.Body!.Descendants<PageMargin>().First().Left = 300);

        Assert.Contains(
            (await head.CallAsync(HttpMethod.Put, "paper-templates/UNIT_NOTICE", Body(unknown), current.ETag)).Expect(422, "template-refused").Errors,
            error => error.Code == "UNKNOWN_FIELD");
        Assert.All((await head.CallAsync(HttpMethod.Put, "paper-templates/UNIT_NOTICE", Body(narrow), current.ETag)).Expect(422, "layout-refused").Errors, error => Assert.Equal("LAYOUT", error.Code));
        (await head.CallAsync(HttpMethod.Put, "paper-templates/UNIT_NOTICE", Body("no docx at all"u8.ToArray()), current.ETag)).Expect(422, "template-refused");
        (await head.CallAsync(HttpMethod.Put, "paper-templates/UNIT_NOTICE", "{}", current.ETag)).Expect(415);
        var check = (await head.CallAsync(HttpMethod.Post, "paper-templates/UNIT_NOTICE/check", Body(narrow))).Expect(200);
        Assert.False((bool)check["accepted"]!);
        Assert.Equal(0, await host.WithDatabaseAsync(db => db.Templates.CountAsync(template => template.Kind == PaperKind.UnitNotice)));
        (await head.GetJson("paper-templates/KHONG_CO")).Expect(404);
        using var appraiser = host.As(Roles.Appraiser);
        (await appraiser.CallAsync(HttpMethod.Put, "paper-templates/UNIT_NOTICE", Body(unknown), current.ETag)).Expect(403);
    }

    [Fact]
    public async Task The_fields_of_every_template_are_described()
    {
        using var appraiser = host.As(Roles.Appraiser);
        var templates = (await appraiser.GetJson("paper-templates")).Expect(200)["items"].AsArray();

        Assert.Equal(Enum.GetValues<PaperKind>().Length, templates.Count);
        Assert.All(templates.SelectMany(template => template!["fields"]!.AsArray()), field => Assert.NotEmpty((string)field!["description"]!));
    }

    private static ByteArrayContent Body(byte[] docx)
    {
        var body = new ByteArrayContent(docx);
        body.Headers.ContentType = new MediaTypeHeaderValue(Word);
        return body;
    }

    private static async Task<byte[]> EditedAsync(HttpClient client, string kind, string? text = null, string? with = null, Action<WordprocessingDocument>? edit = null)
    {
        using var stream = new MemoryStream();
        await stream.WriteAsync(await client.GetByteArrayAsync(new Uri($"paper-templates/{kind}/docx", UriKind.Relative), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        using (var document = WordprocessingDocument.Open(stream, isEditable: true))
        {
            edit?.Invoke(document);
            if (text is not null)
            {
                var found = document.MainDocumentPart!.Document!.Descendants<Text>().First(run => run.Text.Contains(text, StringComparison.Ordinal));
                found.Text = found.Text.Replace(text, with, StringComparison.Ordinal);
            }
        }

        return stream.ToArray();
    }

    private static async Task<string> TextAsync(HttpClient client, string path)
    {
        using var stream = new MemoryStream(await client.GetByteArrayAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));
        using var document = WordprocessingDocument.Open(stream, isEditable: false);
        return document.MainDocumentPart!.Document!.InnerText;
    }
}

using System.Security.Cryptography;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

public static class DefaultTemplates
{
    public static Stream Open(PaperKind kind)
    {
        var form = PaperForms.Of(kind);
        var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var main = document.AddMainDocumentPart();
            var body = new Body();
            main.Document = new Document(body);
            foreach (var text in form.Fields.Keys.Select(f => "{{" + f + "}}").Concat(form.Lists.Select(l => "{{" + l.Key + "." + l.Value.Keys.First() + "}}")).Concat(form.HasMatrix ? ["{{matrix}}"] : []))
            {
                body.Append(new Paragraph(new Run(new Text(text))));
            }

            body.Append(new SectionProperties(new PageSize { Width = 11906, Height = 16838 }));
        }

        stream.Position = 0;
        return stream;
    }
}

public sealed class PdfConverter
{
    public async Task<byte[]> ConvertAsync(Stream docx, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await copy.CopyToAsync(copy, ct);
        return [.. "%PDF-1.7\n"u8, .. SHA256.HashData(copy.ToArray())];
    }
}

public sealed class PaperSigner;

internal static class TemplateTrial
{
    public static IReadOnlyList<ThiDua.ServiceDefaults.Violation> Of(byte[] content, PaperKind kind)
    {
        using var stream = new MemoryStream(content);
        PaperTemplate.Read(stream, PaperForms.Of(kind));
        return [];
    }
}

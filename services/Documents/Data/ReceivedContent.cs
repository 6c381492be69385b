using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Data;

/// <summary>The checks of a content that is complete, and what its text says of the paper that it is.</summary>
internal static class ReceivedContent
{
    public static PaperReference Check(Stream content, FileKind kind)
    {
        kind.RequireContent(content);
        return kind.Name == "docx" ? PaperReferenceReader.InText(DocumentText.OfDocument(content)) : PaperReference.None;
    }
}

using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ThiDua.Documents.Domain;

/// <summary>Phần đầu văn bản: the beginning of a Word document's text, where a paper says its number and day.</summary>
internal static class DocumentText
{
    private const int Enough = 6000;
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    /// <summary>Empty when it cannot be read: it is a proposal's source and no more.</summary>
    /// <param name="document">Checked as a <see cref="FileKind"/> before.</param>
    public static string OfDocument(Stream document)
    {
        var text = new StringBuilder();
        try
        {
            document.Position = 0;
            using var archive = new ZipArchive(document, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.GetEntry("word/document.xml") is not { } entry)
            {
                return "";
            }

            using var part = entry.Open();
            using var xml = XmlReader.Create(part, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true });
            while (text.Length < Enough && xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Text && xml.Depth > 0)
                {
                    text.Append(xml.Value);
                }
                else if (xml.NodeType == XmlNodeType.EndElement && xml.NamespaceURI == Word && xml.LocalName is "p" or "tc")
                {
                    text.Append('\n');
                }
            }
        }
        catch (Exception unreadable) when (unreadable is XmlException or ArgumentOutOfRangeException || FileEnd.IsDamage(unreadable))
        {
            return "";
        }

        return text.ToString();
    }
}

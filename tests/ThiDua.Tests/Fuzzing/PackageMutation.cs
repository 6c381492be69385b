using System.IO.Compression;
using System.Text;

namespace ThiDua.Tests.Fuzzing;

/// <summary>Changes within a ZIP of XML: it is packed again with right checksums, so that what changed is reached; and now and then it is not.</summary>
internal sealed class PackageMutation(Random random, ByteMutation bytes)
{
    private const int MostParts = 200;
    private const long LargestPart = 1 << 20;

    public byte[] Change(byte[] input, byte[] other)
    {
        if (random.Next(5) == 0 || Open(input) is not { Count: > 0 } parts)
        {
            return bytes.Change(input, other);
        }

        for (var steps = 1 << random.Next(3); steps > 0; steps--)
        {
            Step(parts, other);
        }

        var packed = Pack(parts);
        return random.Next(10) == 0 ? bytes.Change(packed, other) : packed;
    }

    private static List<(string Name, byte[] Content)>? Open(byte[] package)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(package), ZipArchiveMode.Read);
            if (zip.Entries.Count > MostParts)
            {
                return null;
            }

            var parts = new List<(string, byte[])>();
            foreach (var entry in zip.Entries.Where(entry => entry.Length <= LargestPart))
            {
                using var content = new MemoryStream();
                using var part = entry.Open();
                part.CopyTo(content);
                parts.Add((entry.FullName, content.ToArray()));
            }

            return parts;
        }
        catch (Exception reason) when (reason is InvalidDataException or IOException or NotSupportedException)
        {
            return null;
        }
    }

    private byte[] Pack(List<(string Name, byte[] Content)> parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name, random.Next(4) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
                part.Write(content);
            }
        }

        return file.ToArray();
    }

    private void Step(List<(string Name, byte[] Content)> parts, byte[] other)
    {
        if (parts.Count == 0)
        {
            return;
        }

        var at = random.Next(parts.Count);
        var (name, content) = parts[at];
        switch (random.Next(14))
        {
            case 0:
                parts.RemoveAt(at);
                break;
            case 1:
                parts.Insert(random.Next(parts.Count + 1), (name, content));
                break;
            case 2:
                parts[at] = (random.Next(2) == 0 ? name + bytes.Word() : bytes.Word(), content);
                break;
            case 3 when Open(other) is { Count: > 0 } strangers:
                var stranger = strangers[random.Next(strangers.Count)];
                parts[at] = (random.Next(2) == 0 ? name : stranger.Name, stranger.Content);
                break;
            case 4:
                parts[at] = (name, bytes.Change(content, other));
                break;
            default:
                parts[at] = (name, content.AsSpan().Contains((byte)'<') ? Xml(content) : bytes.Change(content, other));
                break;
        }
    }

    /// <summary>Values of attributes and texts change, elements go, come twice or stand within themselves very often.</summary>
    private byte[] Xml(byte[] content)
    {
        var text = Encoding.UTF8.GetString(content);
        for (var steps = 1 << random.Next(3); steps > 0; steps--)
        {
            text = random.Next(6) switch
            {
                0 or 1 => Between(text, '"', '"'),
                2 => Between(text, '>', '<'),
                3 => Element(text, element => random.Next(2) == 0 ? string.Empty : element + element),
                4 => Element(text, element => random.Next(20) == 0 ? Deep(element) : element),
                _ => Swap(text),
            };
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private string Between(string text, char first, char last)
    {
        var from = text.IndexOf(first, random.Next(text.Length + 1));
        var to = from < 0 ? -1 : text.IndexOf(last, from + 1);
        if (to < 0)
        {
            return text;
        }

        var value = text[(from + 1)..to];
        var changed = random.Next(5) switch
        {
            0 => bytes.Word(),
            1 => value + bytes.Word(),
            2 => new string(value.Reverse().ToArray()),
            3 => random.Next(-2, 20).ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => Encoding.UTF8.GetString(bytes.Change(Encoding.UTF8.GetBytes(value), [])),
        };
        return text[..(from + 1)] + (random.Next(10) == 0 ? changed : System.Security.SecurityElement.Escape(changed)) + text[to..];
    }

    /// <summary>An element with all that is in it, found by its name.</summary>
    private string Element(string text, Func<string, string> change)
    {
        var from = text.IndexOf('<', random.Next(text.Length + 1));
        var open = from < 0 ? -1 : text.IndexOfAny([' ', '>', '/'], from + 1);
        if (open <= from + 1)
        {
            return text;
        }

        var end = text.IndexOf('>', open);
        if (end < 0)
        {
            return text;
        }

        if (text[end - 1] != '/')
        {
            var close = $"</{text[(from + 1)..open]}>";
            end = text.IndexOf(close, end, StringComparison.Ordinal);
            end = end < 0 ? -1 : end + close.Length - 1;
        }

        return end < 0 ? text : text[..from] + change(text[from..(end + 1)]) + text[(end + 1)..];
    }

    private string Deep(string element)
    {
        var open = element.IndexOf('>', StringComparison.Ordinal);
        if (element[open - 1] == '/' || element.LastIndexOf('<') is not (> 0 and var close))
        {
            return element;
        }

        var depth = 1 << random.Next(4, 17);
        return new StringBuilder().Insert(0, element[..(open + 1)], depth).Append(element[(open + 1)..close]).Insert(0, string.Empty).Append(string.Concat(Enumerable.Repeat(element[close..], depth))).ToString();
    }

    private string Swap(string text)
    {
        var word = bytes.Word();
        var at = random.Next(text.Length + 1);
        return text.Insert(at, random.Next(2) == 0 ? word : System.Security.SecurityElement.Escape(word));
    }
}

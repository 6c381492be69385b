using System.Buffers;
using System.Buffers.Binary;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Ảnh PNG, JPEG: whether the picture is whole, and of a size that a reader's machine can hold.</summary>
internal static class ImageContent
{
    private const long MostPixels = 400_000_000;
    private const int Block = 64 * 1024;

    /// <summary>Pieces of a picture, and bytes that only fill: real ones have thousands. One of pieces alone would cost a minute.</summary>
    private const int MostPieces = 1_000_000;

    public static void Require(Stream content, bool isPng)
    {
        var buffered = new BufferedStream(content, Block); // pieces are small, and the file reads every one by itself; it is not ours to close
        if (isPng)
        {
            RequirePng(buffered);
        }
        else
        {
            RequireJpeg(buffered);
        }

        FileEnd.RefuseHiddenArchive(content);
    }

    /// <summary>A chain of chunks: length, type, data, checksum; IHDR first and IEND last.</summary>
    private static void RequirePng(Stream content)
    {
        var header = new byte[8];
        content.Position = 8;
        for (var pieces = 0; ; pieces++)
        {
            RequireFew(pieces);
            if (content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            {
                throw Cut();
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(header);
            var type = header.AsSpan(4);
            if (pieces == 0)
            {
                RequireSize(content, type, length);
            }

            if (content.Position + length + 4 > content.Length)
            {
                throw Cut();
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return;
            }

            content.Position += length + 4;
        }
    }

    private static void RequireSize(Stream content, ReadOnlySpan<byte> type, uint length)
    {
        var size = new byte[8];
        if (!type.SequenceEqual("IHDR"u8) || length != 13)
        {
            throw FileKind.Refused("CONTENT_MISMATCH", "", "Nội dung không phải là tệp png.");
        }

        if (content.ReadAtLeast(size, size.Length, throwOnEndOfStream: false) < size.Length)
        {
            throw Cut();
        }

        content.Position -= size.Length;
        RequireFewPixels(BinaryPrimitives.ReadUInt32BigEndian(size), BinaryPrimitives.ReadUInt32BigEndian(size.AsSpan(4)));
    }

    private static void RequireFewPixels(uint width, uint height)
    {
        if ((long)width * height > MostPixels)
        {
            throw FileKind.Refused("IMAGE_BOMB", "", $"Ảnh quá {MostPixels / 1_000_000} triệu điểm.");
        }
    }

    /// <summary>Segments with their lengths up to the picture itself, which ends with a marker of its own; a thumbnail within a segment does not count.</summary>
    private static void RequireJpeg(Stream content)
    {
        var header = new byte[4];
        content.Position = 2;
        for (var pieces = 0; ; pieces++)
        {
            RequireFew(pieces);
            if (content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            {
                throw Cut();
            }

            if (header[0] != 0xFF)
            {
                throw FileKind.Refused("CONTENT_MISMATCH", "", "Nội dung không phải là tệp jpg.");
            }

            if (header[1] == 0xFF)
            {
                content.Position -= 3; // filled up with further bytes of the same
                continue;
            }

            var end = content.Position + BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)) - 2;
            if (header[1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                RequireFrame(content);
            }

            content.Position = end;
            if (header[1] == 0xDA)
            {
                RequireEndOfImage(content);
                return;
            }
        }
    }

    /// <summary>The head of a frame: bits of a sample, height, width.</summary>
    private static void RequireFrame(Stream content)
    {
        var frame = new byte[5];
        if (content.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) < frame.Length)
        {
            throw Cut();
        }

        RequireFewPixels(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(3)), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1)));
    }

    private static void RequireEndOfImage(Stream content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            var before = 0;
            for (var read = content.Read(buffer, 0, Block); read > 0; read = content.Read(buffer, 0, Block))
            {
                if ((before == 0xFF && buffer[0] == 0xD9) || buffer.AsSpan(0, read).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0)
                {
                    return;
                }

                before = buffer[read - 1];
            }

            throw Cut();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void RequireFew(int pieces)
    {
        if (pieces > MostPieces)
        {
            throw FileKind.Refused("IMAGE_BOMB", "", $"Ảnh có hơn {MostPieces / 1_000_000} triệu đoạn.");
        }
    }

    private static RuleViolationException Cut() => FileKind.Refused("TRUNCATED", "", "Ảnh bị cắt, thiếu phần cuối.");
}

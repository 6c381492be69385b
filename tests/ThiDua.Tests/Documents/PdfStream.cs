namespace ThiDua.Tests.Documents;

/// <summary>A PDF of this many bytes that is made as it is read; another seed, other bytes.</summary>
public sealed class PdfStream(long size, int seed = 31) : Stream
{
    private static readonly byte[] s_begin = "%PDF-1.7\n"u8.ToArray();
    private static readonly byte[] s_end = "\n%%EOF\n"u8.ToArray();
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get => _position; set => _position = value; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = (int)Math.Min(buffer.Length, size - _position);
        for (var i = 0; i < read; i++)
        {
            var at = _position + i;
            buffer[i] = at < s_begin.Length ? s_begin[at]
                : at >= size - s_end.Length ? s_end[at - (size - s_end.Length)]
                : (byte)(at * seed >> 3);
        }

        _position += read;
        return read;
    }

    /// <summary>Some of it, from anywhere on.</summary>
    public byte[] Part(long from, long length)
    {
        var part = new byte[length];
        _position = from;
        ReadExactly(part);
        return part;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => size + offset };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System.Buffers.Binary;
using System.Text;

namespace ThiDua.Tests.Fuzzing;

/// <summary>Changes that know nothing of what the bytes mean.</summary>
internal sealed class ByteMutation(Random random, IReadOnlyList<string> words)
{
    private static readonly string[] s_words =
    [
        "\0", "\r\n", "\ufeff", "\u202e", "ệ", "e\u0302\u0323", "😀", "\ud83d", "NaN", "Infinity", "-0", "1e309", "1e-400", "0x10", "79228162514264337593543950336",
        "9223372036854775808", "-9223372036854775809", "4294967296", "2147483648", "0001", "1.000.000,5", "..", "../../", "%00", "\\", "\"", "'", "<", "&", "]]>", "${jndi:x}", "=1+1", "null",
    ];

    public byte[] Change(byte[] input, byte[] other)
    {
        var changed = new List<byte>(input);
        for (var steps = 1 << random.Next(4); steps > 0; steps--)
        {
            Step(changed, other);
        }

        return [.. changed];
    }

    /// <summary>A text that means something to somebody.</summary>
    public string Word() => random.Next(2) == 0 && words.Count > 0 ? words[random.Next(words.Count)] : s_words[random.Next(s_words.Length)];

    private void Step(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, 1 + random.Next(1 << random.Next(1, 9)));
        switch (random.Next(10))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), 1 + random.Next(64)));
                break;
            case 5:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Word()));
                break;
            case 6 when other.Length > 0:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 1 + random.Next(256))]);
                break;
            case 7 when at + 4 <= bytes.Count:
                Number(bytes, at);
                break;
            case 8:
                Digits(bytes, at);
                break;
            case 9:
                bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 0);
                break;
        }
    }

    private void Number(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[4];
        var value = random.Next(6) switch { 0 => 0, 1 => -1, 2 => int.MaxValue, 3 => int.MinValue, 4 => random.Next(-16, 16), _ => random.Next() };
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
        }

        for (var i = 0; i < (random.Next(2) + 1) * 2; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    /// <summary>A written number becomes another one.</summary>
    private void Digits(List<byte> bytes, int at)
    {
        var from = bytes.FindIndex(at, value => value is >= (byte)'0' and <= (byte)'9');
        if (from < 0)
        {
            return;
        }

        var to = from;
        while (to < bytes.Count && bytes[to] is >= (byte)'0' and <= (byte)'9')
        {
            to++;
        }

        bytes.RemoveRange(from, to - from);
        bytes.InsertRange(from, Encoding.ASCII.GetBytes(random.Next(5) switch { 0 => "0", 1 => "-1", 2 => new string('9', random.Next(1, 40)), 3 => "0." + new string('0', random.Next(30)) + "1", _ => random.Next(1000).ToString(System.Globalization.CultureInfo.InvariantCulture) }));
    }
}

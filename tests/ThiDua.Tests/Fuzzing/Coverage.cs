using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace ThiDua.Tests.Fuzzing;

/// <summary>
/// Which branches of instrumented assemblies ran, as AFL counts them: a byte for each pair of branches that followed each other. Assemblies
/// are instrumented in the copy that a long run makes; elsewhere nothing writes here, and every input looks like the last.
/// </summary>
internal static unsafe class Coverage
{
    private const int Size = 1 << 16;
    private static readonly byte* s_map = (byte*)NativeMemory.AllocZeroed(Size);
    private static readonly byte[] s_seen = new byte[Size];

    /// <summary>Branches seen so far.</summary>
    public static int Edges { get; private set; }

    public static void Reset()
    {
        new Span<byte>(s_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the input since <see cref="Reset"/> went where none went, or more often than any.</summary>
    public static bool HasNews()
    {
        var news = false;
        var map = new Span<byte>(s_map, Size);
        for (var at = map.IndexOfAnyExcept((byte)0); at >= 0;)
        {
            var times = Bucket(map[at]);
            if ((s_seen[at] & times) == 0)
            {
                Edges += s_seen[at] == 0 ? 1 : 0;
                s_seen[at] |= times;
                news = true;
            }

            var next = map[(at + 1)..].IndexOfAnyExcept((byte)0);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return news;
    }

    // Before anything of an instrumented assembly runs: without memory it would end the process.
    [ModuleInitializer]
    internal static void Begin() => Trace.SharedMem = s_map;

    private static byte Bucket(byte times) => times switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 };
}

using System.Globalization;

namespace ThiDua.Bench;

/// <summary>How much of the machine others use: what the kernel counted for all processes, less what our own tree used.</summary>
internal sealed class CpuWatch
{
    private const int Utime = 11; // after the name: fields 14 to 17 of proc(5), user and system time, own and of waited-for children
    private const int Cstime = 14;

    private readonly Times _before = Times.Read();

    /// <summary>Share of the machine, 0 to 1, since this was made.</summary>
    public double Foreign()
    {
        var now = Times.Read();
        var all = now.Total - _before.Total;
        var others = now.Busy - _before.Busy - (now.Own - _before.Own);
        return all <= 0 ? 0 : Math.Clamp(others / (double)all, 0, 1);
    }

    /// <param name="Busy">Ticks of all processes, and those that the machine below took. Interrupts are not counted: they are mostly our own packets.</param>
    /// <param name="Total">Ticks that passed on all cores.</param>
    /// <param name="Own">Ticks of this process and all below it.</param>
    private readonly record struct Times(long Busy, long Total, long Own)
    {
        public static Times Read()
        {
            // cpu user nice system idle iowait irq softirq steal
            var all = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
                .Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToList();
            return new Times(all[0] + all[1] + all[2] + all[7], all.Sum(), OwnTicks());
        }

        private static long OwnTicks() => Processes.Below(Environment.ProcessId).Sum(process => Processes.StatOf(process) is { Length: > Cstime } stat
            ? stat[Utime..(Cstime + 1)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture))
            : 0);
    }
}

namespace ThiDua.Clusters.Domain;

/// <summary>Cách tính tham dự: whether an excused absence counts among what a unit was called to.</summary>
/// <param name="ExcusedCounts">False: n of N leaves excused absences out of N.</param>
public sealed record AttendanceCount(bool ExcusedCounts) : IRuleValue
{
    public static string Code => "ATTENDANCE_COUNT";

    public IEnumerable<string> Problems() => [];
}

/// <summary>Số lần tham dự trên số lần được mời, của một đơn vị trong một kỳ thi đua.</summary>
/// <param name="Attended">n: how often it came.</param>
/// <param name="Called">N: how often it was called to what was held.</param>
public readonly record struct Attendance(int Attended, int Called)
{
    /// <summary>One unit's attendance of everything that was held.</summary>
    /// <param name="unit">Its code.</param>
    /// <param name="held">Each list with the rule of the day on which it was held.</param>
    public static Attendance Of(string unit, IEnumerable<(IReadOnlyDictionary<string, Presence> Entries, AttendanceCount Rule)> held)
    {
        var (attended, called) = (0, 0);
        foreach (var (entries, rule) in held)
        {
            if (!entries.TryGetValue(unit, out var presence))
            {
                continue;
            }

            attended += presence == Presence.Present ? 1 : 0;
            called += presence != Presence.Excused || rule.ExcusedCounts ? 1 : 0;
        }

        return new Attendance(attended, called);
    }
}

/// <summary>Số liệu tham dự chính thức: what was last told of a unit's attendance in a season.</summary>
public sealed class AttendanceRecord
{
    public required string Season { get; init; }

    public required string Unit { get; init; }

    public int Attended { get; private set; }

    public int Called { get; private set; }

    /// <summary>0 before anything was told; grows with what changes.</summary>
    public int Version { get; private set; }

    /// <returns>Whether it is news: it changed, or was never told.</returns>
    public bool Take(Attendance attendance)
    {
        if (Version > 0 && attendance == new Attendance(Attended, Called))
        {
            return false;
        }

        (Attended, Called) = attendance;
        Version++;
        return true;
    }
}

namespace ThiDua.ServiceDefaults;

/// <summary>Days are those of Việt Nam, wherever the server stands.</summary>
public static class VietnamDate
{
    private static readonly TimeSpan s_offset = TimeSpan.FromHours(7); // one zone, no daylight saving

    public static DateOnly Of(DateTimeOffset moment) => DateOnly.FromDateTime(moment.ToVietnam().DateTime);

    public static DateOnly Today(this TimeProvider clock) => Of(clock.GetUtcNow());

    /// <summary>The same moment, as the clocks of Việt Nam show it.</summary>
    public static DateTimeOffset ToVietnam(this DateTimeOffset moment) => moment.ToOffset(s_offset);
}

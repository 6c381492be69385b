using System.Globalization;

namespace ThiDua.Recovery;

/// <summary>How far a restore goes.</summary>
/// <param name="Start">The entry whose database it begins with.</param>
/// <param name="Contents">The entry whose contents it takes first: that of the target, or the first after it, or the newest.</param>
/// <param name="Point">By name: the entry's own point.</param>
/// <param name="Time">Or by time: everything that was committed until then, nothing after.</param>
internal sealed record RestoreTarget(CatalogueEntry Start, CatalogueEntry Contents, RestorePoint? Point, DateTimeOffset? Time)
{
    public const string Latest = "latest";

    /// <summary>Neither a point nor a time: to the end of the log.</summary>
    public bool IsLatest => Point is null && Time is null;

    /// <summary>Whether all of the log that is needed is in the catalogue.</summary>
    public bool IsWithinCatalogue => Point is not null || Time <= Contents.Point.Time;

    public IReadOnlyList<string> Arguments => Point is { } point ? ["--type=name", $"--target={point.Name}"]
        : Time is { } time ? ["--type=time", $"--target={time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00"]
        : ["--type=default"];

    public override string ToString() => Point is { } point ? $"the point of {Contents.Id} ({point.Time:yyyy-MM-dd HH:mm:ss}Z)" : Time is { } time ? $"{time:yyyy-MM-dd HH:mm:ss.fffzzz}" : "the end of the archived log";

    /// <param name="entries">The catalogue, oldest first.</param>
    /// <param name="id">A certain entry; null takes what suits.</param>
    /// <param name="at">A time with its offset, or <see cref="Latest"/>; null: the point of the entry, or of the newest.</param>
    public static RestoreTarget Choose(IReadOnlyList<CatalogueEntry> entries, string? id, string? at)
    {
        if (entries.Count == 0)
        {
            throw new RecoveryException("The catalogue has no backup.");
        }

        var named = id is null ? null : entries.FirstOrDefault(entry => entry.Id == id) ?? throw new RecoveryException($"The catalogue has no backup {id}; ./thidua backup list names those it has.");
        CatalogueEntry BaseOf(CatalogueEntry entry) => entries.FirstOrDefault(one => one.Id == entry.Base && one.Database is not null)
            ?? throw new RecoveryException($"The catalogue does not fit: {entry.Id} builds upon {entry.Base}, of which there is no entry.");
        switch (at)
        {
            case null:
                var wanted = named ?? entries[^1];
                return new RestoreTarget(BaseOf(wanted), wanted, wanted.Point, null);
            case Latest:
                return new RestoreTarget(BaseOf(named ?? entries[^1]), entries[^1], null, null);
        }

        if (!DateTimeOffset.TryParseExact(at, ["yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFzzz", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-ddTHH:mmzzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && !DateTimeOffset.TryParseExact(at, ["yyyy-MM-ddTHH:mm:ss'Z'", "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'", "yyyy-MM-ddTHH:mm'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time))
        {
            throw new RecoveryException($"“{at}” is no time with its offset; write 2026-11-25T14:05:00+07:00, or {Latest}.");
        }

        // A database can be taken forward by its log, never back.
        var start = named is null ? entries.LastOrDefault(entry => entry.Database is not null && entry.Point.Time <= time) : BaseOf(named);
        return start is null || start.Point.Time > time
            ? throw new RecoveryException($"No backup is as old as {at}: the first ends at {entries[0].Point.Time:yyyy-MM-dd'T'HH:mm:ss'Z'}.")
            : new RestoreTarget(start, entries.FirstOrDefault(entry => entry.Point.Time >= time) ?? entries[^1], null, time);
    }
}

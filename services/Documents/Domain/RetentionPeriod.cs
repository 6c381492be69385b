using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Thời hạn bảo quản: how long a kind of record is kept, by which text, and from when to when that is so.</summary>
public sealed class RetentionPeriod
{
    /// <summary>What evidence is: hồ sơ của phong trào thi đua.</summary>
    public const string Movement = "MOVEMENT_FILE";

    public required string Code { get; init; }

    /// <summary>Kind of record, for people.</summary>
    public required string Title { get; init; }

    /// <summary>Full years after the end of the season; null is for ever.</summary>
    public required int? Years { get; init; }

    /// <summary>The text that says so.</summary>
    public required string Basis { get; init; }

    /// <summary>What is not certain about it; null: nothing.</summary>
    public string? Doubt { get; init; }

    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null as long as none is known.</summary>
    public DateOnly? ValidTo { get; private set; }

    public uint RowVersion { get; private init; }

    public bool HoldsOn(DateOnly day) => day >= ValidFrom && (ValidTo is null || day <= ValidTo);

    /// <summary>The last day on which a record of a season with this last day is kept; null is for ever.</summary>
    public DateOnly? Until(DateOnly seasonEnd) => Years is { } years ? new DateOnly(seasonEnd.Year + years, 12, 31) : null;

    /// <summary>A newer version begins on a day.</summary>
    /// <exception cref="RuleViolationException"><c>validation-failed</c>: the newer one begins no later than this one.</exception>
    public void EndBefore(DateOnly next)
    {
        if (next <= ValidFrom)
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("PERIOD_OVERLAPS", "/valid_from", $"Phải sau ngày {ValidFrom:dd/MM/yyyy}, là ngày bắt đầu của thời hạn hiện có.")]);
        }

        ValidTo = next.AddDays(-1);
    }
}

/// <summary>Hạn bảo quản của một minh chứng, computed when it is asked for.</summary>
/// <param name="Until">Last day on which it is kept; null: for ever, or not known.</param>
/// <param name="IsKnown">Whether the season's last day and a period that holds on it are known; what is not known is kept.</param>
/// <param name="Basis">The text that says so.</param>
public sealed record Retention(DateOnly? Until, bool IsKnown, string? Basis)
{
    public static Retention Of(IEnumerable<RetentionPeriod> periods, SeasonDays? season)
    {
        var period = season is null ? null : periods.SingleOrDefault(period => period.Code == RetentionPeriod.Movement && period.HoldsOn(season.Last));
        return period is null ? new Retention(null, false, null) : new Retention(period.Until(season!.Last), true, period.Basis);
    }

    public bool IsOver(DateOnly today) => Until is { } last && today > last;
}

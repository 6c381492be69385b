using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// A word of the administration that holds from one date to another: a level, a category, a type of season.
/// The words and their dates are data (F-35): a reform adds rows and changes no program.
/// </summary>
public abstract class DatedTerm
{
    public required string Code { get; init; }

    /// <summary>Vietnamese, for people.</summary>
    public required string Label { get; set; }

    /// <summary>First day on which the term holds.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day on which the term holds; null as long as no end is known.</summary>
    public DateOnly? ValidTo { get; set; }

    /// <summary>Căn cứ: the document that the term and its dates rest on.</summary>
    public required string Basis { get; set; }

    public bool HoldsOn(DateOnly day) => ValidFrom <= day && (ValidTo is null || day <= ValidTo);

    /// <summary>Whether the term holds on at least one day of the period.</summary>
    public bool HoldsWithin(DateOnly first, DateOnly? last) => (last is null || ValidFrom <= last) && (ValidTo is null || first <= ValidTo);
}

/// <summary>Cấp (F-35): a level of the state's organisation: TW, TINH, HUYEN until 30 June 2025, XA.</summary>
public sealed class OrgLevel : DatedTerm
{
    /// <summary>1 is the highest. A level may move up when one above it is abolished, in a row of its own.</summary>
    public required int Order { get; set; }
}

/// <summary>Loại đơn vị: what kind of organisation a unit is: HC, DD, GD, DN, TW.</summary>
public sealed class UnitCategory : DatedTerm
{
    /// <summary>Code of the <see cref="SeasonType"/> in which units of the category usually compete.</summary>
    public required string SeasonType { get; set; }

    /// <summary>Names of the attributes by which units of the category are described and compared .</summary>
    public IReadOnlyList<string> Attributes { get; set; } = [];
}

/// <summary>Loại kỳ thi đua: CALENDAR_YEAR, or SCHOOL_YEAR (năm học); a season takes one year from its first day on.</summary>
public sealed class SeasonType : DatedTerm
{
    public required int FirstMonth { get; init; }

    public required int FirstDay { get; init; }

    /// <summary>First and last day of the season that begins in <paramref name="year"/>.</summary>
    public (DateOnly First, DateOnly Last) Period(int year)
    {
        var first = new DateOnly(year, FirstMonth, FirstDay);
        return (first, first.AddYears(1).AddDays(-1));
    }
}

/// <summary>The terms of one kind, in all their periods.</summary>
public static class DatedTerms
{
    public static T? On<T>(this IEnumerable<T> terms, string code, DateOnly day)
        where T : DatedTerm =>
        terms.SingleOrDefault(term => term.Code == code && term.HoldsOn(day));

    /// <summary>The latest period of the term that touches the days given.</summary>
    public static T? Within<T>(this IEnumerable<T> terms, string code, DateOnly first, DateOnly last)
        where T : DatedTerm =>
        terms.Where(term => term.Code == code && term.HoldsWithin(first, last)).MaxBy(term => term.ValidFrom);

    /// <summary>Two periods of one term never share a day, or a date would have two answers.</summary>
    /// <param name="period">The period as it shall be.</param>
    /// <param name="isNew">Whether it is added; otherwise it stands in the place of the one that begins on the same day.</param>
    /// <param name="periods">The periods of the same term as they are.</param>
    /// <exception cref="RuleViolationException"><c>PERIODS_OVERLAP</c>, <c>CLOSES_BEFORE_OPENS</c> among its errors.</exception>
    public static void RequireOwnPeriod<T>(T period, bool isNew, IEnumerable<T> periods)
        where T : DatedTerm
    {
        var errors = new List<Violation>();
        if (period.ValidTo < period.ValidFrom)
        {
            errors.Add(new Violation("CLOSES_BEFORE_OPENS", "/valid_to", $"Ngày kết thúc {period.ValidTo:dd/MM/yyyy} trước ngày bắt đầu {period.ValidFrom:dd/MM/yyyy}."));
        }

        var others = periods.Where(other => isNew || other.ValidFrom != period.ValidFrom);
        if (others.FirstOrDefault(other => other.HoldsWithin(period.ValidFrom, period.ValidTo)) is { } overlapping)
        {
            errors.Add(new Violation("PERIODS_OVERLAP", isNew ? "/valid_from" : "/valid_to", $"{period.Code} đã có thời kỳ từ {overlapping.ValidFrom:dd/MM/yyyy}{(overlapping.ValidTo is { } to ? $" đến {to:dd/MM/yyyy}" : "")}."));
        }

        RuleViolationException.ThrowIfAny(errors);
    }
}

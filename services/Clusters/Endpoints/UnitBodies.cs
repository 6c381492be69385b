using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Reads units out of request bodies, against the levels and categories of the day from which they are to hold.</summary>
internal sealed class UnitBodies(IReadOnlyList<OrgLevel> levels, IReadOnlyList<UnitCategory> categories, DateOnly today)
{
    private const decimal WholePercent = 100;

    public static async Task<UnitBodies> LoadAsync(ClustersDbContext db, DateOnly today, CancellationToken ct) =>
        new(await db.Levels.AsNoTracking().ToListAsync(ct), await db.Categories.AsNoTracking().ToListAsync(ct), today);

    /// <param name="Path">JSON pointer to it.</param>
    /// <param name="Code">Mã.</param>
    /// <param name="Details">What is to be true of it.</param>
    /// <param name="ValidFrom">From which day on.</param>
    public sealed record UnitBody(string Path, string Code, UnitDetails Details, DateOnly ValidFrom);

    /// <summary>All units of a body that can be read; what is wrong with the others is among the body's errors.</summary>
    public List<UnitBody> ReadAll(StrictBody body, int maximum)
    {
        var units = body.Root.List("units");
        body.Root.RefuseUnknown();
        if (units.Count > maximum)
        {
            body.Root.Refuse("TOO_MANY", $"Tối đa {maximum} đơn vị mỗi lần.", "units");
            return [];
        }

        var read = new List<UnitBody>(units.Count);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var unit in units.Where(unit => unit.ExpectObject()))
        {
            var code = unit.Code("code");
            if (code is not null && !codes.Add(code))
            {
                unit.Refuse("DUPLICATE_CODE", $"Mã đơn vị {code} được ghi hai lần.", "code");
            }

            var (details, validFrom) = Details(unit);
            unit.RefuseUnknown();
            if (code is not null && details is not null)
            {
                read.Add(new UnitBody(unit.Path, code, details, validFrom));
            }
        }

        return read;
    }

    /// <summary>
    /// What is to be true of a unit, and from when on; null when something is missing. Violations: <c>UNKNOWN_LEVEL</c> and
    /// <c>UNKNOWN_CATEGORY</c> for what does not hold on that day, <c>OUT_OF_RANGE</c>, <c>UNKNOWN_PROPERTY</c> for an attribute that the category does not have.
    /// </summary>
    /// <param name="unit">The object that holds it.</param>
    /// <param name="closesOn">Last day of the unit, if it has one: nothing begins after it, unless that was asked for.</param>
    public (UnitDetails? Details, DateOnly ValidFrom) Details(StrictJson unit, DateOnly? closesOn = null)
    {
        var validFrom = unit.Date("valid_from", required: false) ?? (closesOn < today ? closesOn.Value : today);
        return (DetailsOn(unit, validFrom), validFrom);
    }

    /// <summary>What is to be true of a unit from a day that stands elsewhere; the same violations.</summary>
    public UnitDetails? DetailsOn(StrictJson unit, DateOnly validFrom)
    {
        var name = unit.Name("name");
        var category = unit.Text("category") is { } categoryCode
            ? Held(categories, categoryCode, validFrom, unit, "UNKNOWN_CATEGORY", "category", "Loại đơn vị")
            : null;
        var level = unit.Text("level") is { } levelCode
            ? Held(levels, levelCode, validFrom, unit, "UNKNOWN_LEVEL", "level", "Cấp")
            : null;
        var (femaleShare, attributes) = Attributes(unit, category);
        return name is null || category is null || level is null
            ? null
            : new UnitDetails(name, category.Code, level.Code, femaleShare, attributes);
    }

    /// <summary>The attributes as callers see them; the share of women among them.</summary>
    public static IReadOnlyDictionary<string, string> Shown(UnitVersion version)
    {
        var shown = new SortedDictionary<string, string>(version.Attributes.ToDictionary(), StringComparer.Ordinal);
        if (version.FemaleShare is { } share)
        {
            shown[UnitEndpoints.FemaleShare] = share.ToString(CultureInfo.InvariantCulture);
        }

        return shown;
    }

    private static T? Held<T>(IReadOnlyList<T> terms, string code, DateOnly day, StrictJson unit, string violation, string member, string label)
        where T : DatedTerm
    {
        if (terms.On(code, day) is { } term)
        {
            return term;
        }

        var message = terms.Any(other => other.Code == code)
            ? $"{label} {code} không tồn tại vào ngày {day:dd/MM/yyyy}."
            : $"Không có {label.ToLower(CultureInfo.InvariantCulture)} {code}.";
        unit.Refuse(violation, message, member);
        return null;
    }

    private static (decimal? FemaleShare, Dictionary<string, string> Attributes) Attributes(StrictJson unit, UnitCategory? category)
    {
        decimal? femaleShare = null;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in unit.Entries("attributes", required: false))
        {
            if (name == UnitEndpoints.FemaleShare)
            {
                femaleShare = value.AsNumber();
                if (femaleShare is < 0 or > WholePercent)
                {
                    value.Refuse("OUT_OF_RANGE", "Tỷ lệ nữ phải từ 0 đến 100 (phần trăm).");
                }
            }
            else if (category?.Attributes.Contains(name) == false)
            {
                value.Refuse("UNKNOWN_PROPERTY", $"Thuộc tính “{name}” không có ở loại đơn vị {category.Code}.");
            }
            else if (value.AsText() is { } text)
            {
                attributes[name] = text;
            }
        }

        return (femaleShare, attributes);
    }
}

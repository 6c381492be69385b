using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Đơn vị: an organisation that can be a member of a cluster. Its code stays the same for good; its name, category, level
/// and attributes are dated versions, so that a decision of 2024 still reads as it was signed after a merger in 2025.
/// </summary>
public sealed class Unit
{
    private readonly List<UnitVersion> _versions = [];

    private Unit() { }

    public string Code { get; private init; } = "";

    /// <summary>Last day of the unit; null while it exists. The code of a closed unit is never given to another.</summary>
    public DateOnly? ClosesOn { get; private set; }

    /// <summary>Number of the version recorded last; it only grows.</summary>
    public int Version { get; private set; }

    public uint RowVersion { get; private set; }

    /// <summary>In the order in which they were recorded. None is ever removed.</summary>
    public IReadOnlyList<UnitVersion> Versions => _versions;

    /// <summary>Ngày bắt đầu hoạt động.</summary>
    public DateOnly BeginsOn => _versions.Min(version => version.ValidFrom);

    public static Unit Register(string code, UnitDetails details, DateOnly validFrom, DateTimeOffset now)
    {
        var unit = new Unit { Code = code };
        unit.Record(details, validFrom, now);
        return unit;
    }

    /// <summary>
    /// What is true of the unit from <paramref name="validFrom"/> on, up to the next change known.
    /// A second version from the same day corrects the first, which is kept and marked as superseded.
    /// </summary>
    /// <returns>False when this is what was already known of that day: nothing is recorded then.</returns>
    /// <exception cref="RuleViolationException"><c>unit-closed</c>: the day is after the unit's last.</exception>
    public bool Change(UnitDetails details, DateOnly validFrom, DateTimeOffset now)
    {
        if (ClosesOn < validFrom)
        {
            throw new RuleViolationException("unit-closed", $"Đơn vị {Code} đã kết thúc hoạt động ngày {ClosesOn:dd/MM/yyyy}; mã của đơn vị không được dùng lại.");
        }

        if (On(validFrom)?.Details.Equals(details) == true)
        {
            return false;
        }

        Record(details, validFrom, now);
        return true;
    }

    /// <summary>Ends the unit after <paramref name="lastDay"/>, or takes the end back with null.</summary>
    /// <exception cref="RuleViolationException"><c>closes-before-it-begins</c>.</exception>
    public void Close(DateOnly? lastDay)
    {
        if (lastDay < BeginsOn)
        {
            throw new RuleViolationException("closes-before-it-begins", $"Đơn vị {Code} không thể kết thúc trước ngày bắt đầu hoạt động.");
        }

        if (ClosesOn != lastDay)
        {
            ClosesOn = lastDay;
            Version++;
        }
    }

    /// <summary>What is true of the unit on a day; null before its first day and after its last.</summary>
    public UnitVersion? On(DateOnly day) => ClosesOn < day ? null : _versions.SingleOrDefault(version => version.HoldsOn(day));

    private void Record(UnitDetails details, DateOnly validFrom, DateTimeOffset now)
    {
        var current = _versions.Where(version => !version.Superseded).ToList();
        var corrected = current.SingleOrDefault(version => version.ValidFrom == validFrom);
        var before = current.Where(version => version.ValidFrom < validFrom).MaxBy(version => version.ValidFrom);
        var after = current.Where(version => version.ValidFrom > validFrom).MinBy(version => version.ValidFrom);

        corrected?.Supersede();
        before?.EndOn(validFrom.AddDays(-1));
        _versions.Add(new UnitVersion(Code, ++Version, details, validFrom, after?.ValidFrom.AddDays(-1), now));
    }
}

/// <summary>What is true of a unit for a time.</summary>
/// <param name="Name">Tên đơn vị.</param>
/// <param name="Category">Code of a <see cref="UnitCategory"/>.</param>
/// <param name="Level">Code of an <see cref="OrgLevel"/>.</param>
/// <param name="FemaleShare">Tỷ lệ nữ: share of women in the collective, in per cent; null is unknown.</param>
/// <param name="Attributes">What its category is compared by, such as the sector of an agency.</param>
public sealed record UnitDetails(string Name, string Category, string Level, decimal? FemaleShare, IReadOnlyDictionary<string, string> Attributes)
{
    public bool Equals(UnitDetails? other) =>
        other is not null
        && Name == other.Name
        && Category == other.Category
        && Level == other.Level
        && FemaleShare == other.FemaleShare
        && Attributes.Count == other.Attributes.Count
        && Attributes.All(attribute => other.Attributes.TryGetValue(attribute.Key, out var value) && value == attribute.Value);

    public override int GetHashCode() => HashCode.Combine(Name, Category, Level, FemaleShare, Attributes.Count);
}

/// <summary>One dated version of a <see cref="Unit"/>.</summary>
public sealed class UnitVersion
{
    private UnitVersion() { }

    internal UnitVersion(string unitCode, int number, UnitDetails details, DateOnly validFrom, DateOnly? validTo, DateTimeOffset recordedAt)
    {
        UnitCode = unitCode;
        Number = number;
        Name = details.Name;
        Category = details.Category;
        Level = details.Level;
        FemaleShare = details.FemaleShare;
        Attributes = details.Attributes;
        ValidFrom = validFrom;
        ValidTo = validTo;
        RecordedAt = recordedAt;
        SearchText = VietnameseText.Fold($"{unitCode} {details.Name}");
    }

    public string UnitCode { get; private init; } = "";
    public int Number { get; private init; }
    public string Name { get; private init; } = "";
    public string Category { get; private init; } = "";
    public string Level { get; private init; } = "";
    public decimal? FemaleShare { get; private init; }
    public IReadOnlyDictionary<string, string> Attributes { get; private init; } = new Dictionary<string, string>();
    public DateOnly ValidFrom { get; private init; }

    /// <summary>The day before the next version begins; null for the latest.</summary>
    public DateOnly? ValidTo { get; private set; }

    /// <summary>A later version corrected this one for the same days; it is kept for the record only.</summary>
    public bool Superseded { get; private set; }

    public DateTimeOffset RecordedAt { get; private init; }

    /// <summary>Code and name without diacritics, for search.</summary>
    public string SearchText { get; private init; } = "";

    public UnitDetails Details => new(Name, Category, Level, FemaleShare, Attributes);

    public bool HoldsOn(DateOnly day) => !Superseded && ValidFrom <= day && (ValidTo is null || day <= ValidTo);

    internal void Supersede() => Superseded = true;

    internal void EndOn(DateOnly lastDay) => ValidTo = lastDay;
}

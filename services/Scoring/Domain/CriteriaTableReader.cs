using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// Reads a criteria table of the published format strictly: everything wrong is collected with its pointer. The answer is null when
/// something essential is missing; a table with a stray property is still read, so that the linter can add what it finds.
/// </summary>
public static class CriteriaTableReader
{
    public static CriteriaTable? Read(StrictJson json)
    {
        if (!json.ExpectObject())
        {
            return null;
        }

        json.Ignore("provenance", "applies_to", "complete");
        var id = json.Text("id");
        var title = json.Text("title");
        var totalMax = json.Points("total_max");
        var rounding = ReadRounding(json.Member("rounding", required: false));
        var groupElements = json.List("groups");
        var groups = IsList(json, "groups") ? ReadAll(groupElements, ReadGroup) : null;
        var bonus = ReadBonus(json.Member("bonus", required: false));
        var deductions = ReadDeductions(json.Member("deductions", required: false));
        var basis = Description(json, "basis");
        json.RefuseUnknown();
        RefuseNegative(json, totalMax, "total_max");
        if (groups is not null)
        {
            RefuseDuplicates(groupElements, groups.Select(group => group.Code), "code");
            RefuseDuplicates(
                [.. groupElements.SelectMany(group => group.List("criteria"))],
                groups.SelectMany(group => group.Criteria).Select(criterion => criterion.Code), "code");
        }

        return id is null || title is null || totalMax is null || groups is null || rounding is null || bonus is null || deductions is null
            ? null
            : new CriteriaTable(id, title, totalMax.Value, rounding, groups, bonus, deductions, basis);
    }

    /// <summary>Every element read, or null when one of them could not be.</summary>
    internal static IReadOnlyList<T>? ReadAll<T>(IReadOnlyList<StrictJson> elements, Func<StrictJson, T?> read)
        where T : class
    {
        List<T?> items = [.. elements.Select(element => element.ExpectObject() ? read(element) : null)];
        return items.Contains(null) ? null : items.ConvertAll(item => item!);
    }

    internal static void RefuseDuplicates(IReadOnlyList<StrictJson> elements, IEnumerable<string> keys, string member)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (element, key) in elements.Zip(keys))
        {
            if (!seen.Add(key))
            {
                element.Refuse("DUPLICATE_CODE", $"Mã “{key}” đã có ở trên.", member);
            }
        }
    }

    internal static void RefuseNegative(StrictJson json, decimal? value, string member)
    {
        if (value < 0)
        {
            json.Refuse("NEGATIVE", "Không được âm.", member);
        }
    }

    internal static bool IsList(StrictJson json, string name) =>
        json.Element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array;

    /// <summary>A description is kept where it is text; it decides nothing, so it refuses nothing.</summary>
    internal static string? Description(StrictJson json, string name)
    {
        json.Ignore(name);
        return json.Element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? VietnameseText.Normalize(value.GetString()!) : null;
    }

    private static CriteriaGroup? ReadGroup(StrictJson json)
    {
        var code = json.Text("code");
        var title = json.Text("title");
        var tag = json.Choice<GroupTag>("tag");
        var max = json.Points("max");
        var criteria = ReadAll(json.List("criteria"), CriterionReader.Read);
        json.RefuseUnknown();
        RefuseNegative(json, max, "max");
        return code is null || title is null || tag is null || max is null || criteria is null || !IsList(json, "criteria")
            ? null
            : new CriteriaGroup(code, title, tag.Value, max.Value, criteria);
    }

    private static Rounding? ReadRounding(StrictJson? json)
    {
        if (json is null)
        {
            return Rounding.Default;
        }

        if (!json.ExpectObject())
        {
            return null;
        }

        var decimals = json.WholeNumber("decimals", required: false) ?? Rounding.Default.Decimals;
        var mode = json.Choice<RoundingMode>("mode", required: false) ?? Rounding.Default.Mode;
        json.RefuseUnknown();
        if (decimals is >= 0 and <= 2)
        {
            return new Rounding(decimals, mode);
        }

        json.Refuse("WRONG_TYPE", "Số chữ số thập phân là 0, 1 hoặc 2.", "decimals");
        return null;
    }

    private static Bonus? ReadBonus(StrictJson? json)
    {
        if (json is null)
        {
            return new Bonus(null, []);
        }

        if (!json.ExpectObject())
        {
            return null;
        }

        var cap = json.Points("cap", required: false);
        var elements = json.List("items");
        var items = ReadAll(elements, ReadBonusItem);
        json.RefuseUnknown();
        RefuseNegative(json, cap, "cap");
        if (items is null || !IsList(json, "items"))
        {
            return null;
        }

        RefuseDuplicates(elements, items.Select(item => item.Key), "key");
        return new Bonus(cap, items);
    }

    private static BonusItem? ReadBonusItem(StrictJson json)
    {
        var (key, label, points, maxCount) = (json.Text("key"), json.Text("label"), json.Points("points"), json.ItemCount("max_count"));
        json.RefuseUnknown();
        RefuseNegative(json, points, "points");
        RefuseNegative(json, maxCount, "max_count");
        return key is null || label is null || points is null || maxCount is null ? null : new BonusItem(key, label, points.Value, maxCount.Value);
    }

    private static Deductions? ReadDeductions(StrictJson? json)
    {
        if (json is null)
        {
            return new Deductions([]);
        }

        if (!json.ExpectObject())
        {
            return null;
        }

        var elements = json.List("items");
        var items = ReadAll(elements, ReadDeductionItem);
        json.RefuseUnknown();
        if (items is null || !IsList(json, "items"))
        {
            return null;
        }

        RefuseDuplicates(elements, items.Select(item => item.Key), "key");
        return new Deductions(items);
    }

    private static DeductionItem? ReadDeductionItem(StrictJson json)
    {
        var (key, label, minus, maxCount) = (json.Text("key"), json.Text("label"), json.Points("minus"), json.ItemCount("max_count"));
        json.RefuseUnknown();
        RefuseNegative(json, minus, "minus");
        RefuseNegative(json, maxCount, "max_count");
        return key is null || label is null || minus is null || maxCount is null ? null : new DeductionItem(key, label, minus.Value, maxCount.Value);
    }
}

using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Reads one criterion by its kind; see <see cref="CriteriaTableReader"/>.</summary>
internal static class CriterionReader
{
    /// <summary>What every kind has.</summary>
    private sealed record Common(string Code, string Title, decimal Max, string? Evidence, string? UnitOfMeasure, string? Basis);

    /// <summary>Who gives the value: the competent authority, once for everybody, or the unit.</summary>
    private enum ValueSource
    {
        Published,
        Declared,
    }

    public static Criterion? Read(StrictJson json)
    {
        var code = json.Text("code");
        var title = json.Text("title");
        var max = json.Points("max");
        var kind = json.Choice<CriterionKind>("kind");
        var evidence = CriteriaTableReader.Description(json, "evidence");
        var unitOfMeasure = CriteriaTableReader.Description(json, "unit_of_measure");
        var basis = CriteriaTableReader.Description(json, "basis");
        CriteriaTableReader.RefuseNegative(json, max, "max");
        if (kind is null)
        {
            return null; // which further properties belong here is not known
        }

        var common = new Common(code ?? string.Empty, title ?? string.Empty, max ?? 0, evidence, unitOfMeasure, basis);
        var source = json.Choice<ValueSource>("value_source", required: false);
        Criterion? criterion = kind.Value switch
        {
            CriterionKind.Level => ReadLevel(json, common, source == ValueSource.Published),
            CriterionKind.RankInCluster => ReadRank(json, common),
            CriterionKind.PercentBand => ReadPercentBand(json, common),
            CriterionKind.Ratio => ReadRatio(json, common),
            CriterionKind.Count => ReadCount(json, common),
            CriterionKind.Checklist => ReadChecklist(json, common),
            CriterionKind.Timeliness => ReadTimeliness(json, common),
            CriterionKind.DeductFromMax => ReadDeduct(json, common),
            CriterionKind.RelativeToLeader => ReadRelative(json, common),
            CriterionKind.Manual => new ManualCriterion(
                common.Code, common.Title, common.Max, evidence, unitOfMeasure, basis, json.Points("step", required: false)),
            _ => null,
        };
        var clause = CriteriaTableReader.Description(json, "covenant_clause");
        RefuseWrongSource(json, kind.Value, source);
        json.RefuseUnknown();
        return code is null || title is null || max is null || criterion is null ? null : criterion with { CovenantClause = clause };
    }

    private static void RefuseWrongSource(StrictJson json, CriterionKind kind, ValueSource? source)
    {
        if (kind == CriterionKind.RankInCluster && source == ValueSource.Declared)
        {
            json.Refuse("WRONG_TYPE", "Tiêu chí thứ hạng luôn lấy kết quả được công bố (PUBLISHED).", "value_source");
        }
        else if (kind is not (CriterionKind.RankInCluster or CriterionKind.Level) && source == ValueSource.Published)
        {
            json.Refuse("WRONG_TYPE", "Loại tiêu chí này lấy số liệu do đơn vị khai (DECLARED).", "value_source");
        }
    }

    private static LevelCriterion? ReadLevel(StrictJson json, Common common, bool published)
    {
        var elements = json.List("levels");
        var levels = CriteriaTableReader.ReadAll(elements, ReadLevelRow);
        var index = json.Text("index", required: published);
        if (levels is null || !CriteriaTableReader.IsList(json, "levels") || (published && index is null))
        {
            return null;
        }

        CriteriaTableReader.RefuseDuplicates(elements, levels.Select(level => level.Key), "key");
        return new LevelCriterion(common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis, levels, published ? index : null);
    }

    private static Level? ReadLevelRow(StrictJson json)
    {
        var (key, label, points) = (json.Text("key"), json.Text("label"), json.Points("points"));
        json.RefuseUnknown();
        return key is null || label is null || points is null ? null : new Level(key, label, points.Value);
    }

    private static RankCriterion? ReadRank(StrictJson json, Common common)
    {
        var index = json.Text("index");
        var order = json.Choice<RankOrder>("order");
        List<decimal?> points = [.. json.List("points_by_rank").Select(element => element.AsPoints())];
        var ties = json.Choice<Ties>("ties", required: false) ?? Ties.Competition;
        var beyond = json.Choice<BeyondScale>("beyond_scale", required: false) ?? BeyondScale.Error;
        return index is null || order is null || !CriteriaTableReader.IsList(json, "points_by_rank") || points.Contains(null)
            ? null
            : new RankCriterion(
                common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis,
                index, order.Value, [.. points.Select(value => value!.Value)], ties, beyond);
    }

    private static PercentBandCriterion? ReadPercentBand(StrictJson json, Common common)
    {
        // A missing baseline is a finding of the linter (L-05), not of the format.
        var baseline = json.Choice<Baseline>("baseline", required: false);
        var bands = CriteriaTableReader.ReadAll(json.List("bands"), ReadBand);
        var overTop = json.Choice<OverTop>("over_top", required: false) ?? OverTop.TopBand;
        var direction = json.Choice<Direction>("direction", required: false) ?? Direction.HigherIsBetter;
        return bands is null || !CriteriaTableReader.IsList(json, "bands")
            ? null
            : new PercentBandCriterion(
                common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis, baseline, bands, overTop, direction);
    }

    private static Band? ReadBand(StrictJson json)
    {
        var band = (
            Gte: json.Number("gte", required: false), Gt: json.Number("gt", required: false),
            Lte: json.Number("lte", required: false), Lt: json.Number("lt", required: false));
        var points = json.Points("points");
        var text = CriteriaTableReader.Description(json, "text");
        json.RefuseUnknown();
        return points is null ? null : new Band(band.Gte, band.Gt, band.Lte, band.Lt, points.Value, text);
    }

    private static RatioCriterion? ReadRatio(StrictJson json, Common common)
    {
        var i = json.Points("i");
        var fact = ReadOfficialFact(json, OfficialFact.Attendance);

        // Nobody can be asked later what holds for a unit that was called to nothing, so the table says it.
        var nothing = fact is null ? null : json.Choice<NothingAssigned>("nothing_assigned");
        return i is null || (fact is not null && nothing is null)
            ? null
            : new RatioCriterion(common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis, i.Value) { OfficialFact = fact, NothingAssigned = nothing };
    }

    /// <summary>The official fact that fills the criterion, the only one that its kind can be filled from.</summary>
    private static string? ReadOfficialFact(StrictJson json, string expected)
    {
        var fact = json.Text("official_fact", required: false);
        if (fact is not null && fact != expected)
        {
            json.Refuse("WRONG_TYPE", $"Loại tiêu chí này chỉ lấy số liệu chính thức {expected}.", "official_fact");
        }

        return fact;
    }

    private static CountCriterion? ReadCount(StrictJson json, Common common)
    {
        var (perItem, cap) = (json.Points("per_item"), json.Points("cap"));
        return perItem is null || cap is null
            ? null
            : new CountCriterion(common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis, perItem.Value, cap.Value);
    }

    private static ChecklistCriterion? ReadChecklist(StrictJson json, Common common)
    {
        var elements = json.List("items");
        var items = CriteriaTableReader.ReadAll(elements, ReadChecklistItem);
        if (items is null || !CriteriaTableReader.IsList(json, "items"))
        {
            return null;
        }

        CriteriaTableReader.RefuseDuplicates(elements, items.Select(item => item.Key), "key");
        return new ChecklistCriterion(common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis, items);
    }

    private static ChecklistItem? ReadChecklistItem(StrictJson json)
    {
        var (key, label, points) = (json.Text("key"), json.Text("label"), json.Points("points"));
        json.RefuseUnknown();
        return key is null || label is null || points is null ? null : new ChecklistItem(key, label, points.Value);
    }

    private static TimelinessCriterion? ReadTimeliness(StrictJson json, Common common)
    {
        List<string?> obligations = [.. json.List("obligations").Select(element => element.AsText())];
        var scale = CriteriaTableReader.ReadAll(json.List("scale"), ReadTimelinessRow);
        var fact = ReadOfficialFact(json, OfficialFact.Reports);
        return scale is null || !CriteriaTableReader.IsList(json, "scale") || !CriteriaTableReader.IsList(json, "obligations") || obligations.Contains(null)
            ? null
            : new TimelinessCriterion(
                common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis,
                [.. obligations.Select(obligation => obligation!).Distinct(StringComparer.Ordinal)], scale) { OfficialFact = fact };
    }

    private static TimelinessRow? ReadTimelinessRow(StrictJson json)
    {
        var (days, points) = (json.Number("late_wd_lte", required: false), json.Points("points"));
        json.RefuseUnknown();
        return points is null ? null : new TimelinessRow(days, points.Value);
    }

    private static DeductCriterion? ReadDeduct(StrictJson json, Common common)
    {
        var elements = json.List("per_unit");
        var perUnit = CriteriaTableReader.ReadAll(elements, ReadDeductUnit);
        var floor = json.Points("floor", required: false) ?? 0;
        if (perUnit is null || !CriteriaTableReader.IsList(json, "per_unit"))
        {
            return null;
        }

        CriteriaTableReader.RefuseDuplicates(elements, perUnit.Select(unit => unit.Key), "key");
        return new DeductCriterion(common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis, perUnit, floor);
    }

    private static DeductUnit? ReadDeductUnit(StrictJson json)
    {
        var (key, label, minus) = (json.Text("key"), json.Text("label"), json.Points("minus"));
        json.RefuseUnknown();
        CriteriaTableReader.RefuseNegative(json, minus, "minus");
        return key is null || label is null || minus is null ? null : new DeductUnit(key, label, minus.Value);
    }

    private static RelativeCriterion ReadRelative(StrictJson json, Common common) =>
        new(
            common.Code, common.Title, common.Max, common.Evidence, common.UnitOfMeasure, common.Basis,
            json.Choice<RankOrder>("order", required: false) ?? RankOrder.Desc);
}

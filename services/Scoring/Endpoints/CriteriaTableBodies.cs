using System.ComponentModel;
using System.Text.Json;
using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Endpoints;

// Bodies as the API document describes them. They are read by CriteriaTableReader, which names everything that is wrong
// at once; an amount may be a JSON number or a decimal string.

/// <summary>Bảng tiêu chí as it is sent.</summary>
public sealed record TableBody(
    [property: Description("Mã bảng, duy nhất trong năm.")] string Id,
    string Title,
    [property: Description("Tổng điểm tối đa: tổng của các nhóm (L-01).")] decimal TotalMax,
    IReadOnlyList<GroupBody> Groups,
    [property: Description("Cách làm tròn từng tiêu chí; mặc định 2 chữ số thập phân, HALF_UP.")] RoundingBody? Rounding = null,
    BonusBody? Bonus = null,
    DeductionsBody? Deductions = null,
    [property: Description("Văn bản làm căn cứ.")] string? Basis = null,
    [property: Description("Mô tả; được giữ, không được tính.")] JsonElement? Provenance = null,
    [property: Description("Mô tả; được giữ, không được tính.")] JsonElement? AppliesTo = null,
    [property: Description("Mô tả; được giữ, không được tính.")] JsonElement? Complete = null);

public sealed record RoundingBody([property: Description("0, 1 hoặc 2.")] int? Decimals = null, RoundingMode? Mode = null);

public sealed record GroupBody(string Code, string Title, GroupTag Tag, decimal Max, IReadOnlyList<CriterionBody> Criteria);

/// <summary>Tiêu chí: what it needs beside code, title, maximum and kind depends on the kind.</summary>
public sealed record CriterionBody(
    string Code,
    string Title,
    decimal Max,
    CriterionKind Kind,
    [property: Description("LEVEL: các mức và điểm của từng mức.")] IReadOnlyList<ChoiceBody>? Levels = null,
    [property: Description("PUBLISHED: chỉ lấy kết quả được công bố (index); DECLARED: đơn vị tự khai. RANK_IN_CLUSTER luôn là PUBLISHED.")] string? ValueSource = null,
    [property: Description("Mã chỉ số được công bố, ví dụ PAR.")] string? Index = null,
    [property: Description("RANK_IN_CLUSTER, RELATIVE_TO_LEADER: DESC hoặc ASC.")] string? Order = null,
    [property: Description("RANK_IN_CLUSTER: điểm theo hạng, từ hạng 1.")] IReadOnlyList<decimal>? PointsByRank = null,
    [property: Description("RANK_IN_CLUSTER: COMPETITION (mặc định), DENSE hoặc AVERAGE.")] string? Ties = null,
    [property: Description("RANK_IN_CLUSTER: ERROR (mặc định), CONTINUE_STEP, LAST_VALUE hoặc ZERO.")] string? BeyondScale = null,
    [property: Description("PERCENT_BAND: PLAN, SAME_PERIOD hoặc ABSOLUTE.")] string? Baseline = null,
    [property: Description("PERCENT_BAND: các khoảng, không chồng lấn, không hở (L-02).")] IReadOnlyList<BandBody>? Bands = null,
    [property: Description("PERCENT_BAND: TOP_BAND (mặc định) hoặc ERROR.")] string? OverTop = null,
    [property: Description("PERCENT_BAND: HIGHER_IS_BETTER (mặc định) hoặc LOWER_IS_BETTER.")] string? Direction = null,
    [property: Description("RATIO: điểm khi đạt toàn bộ, bằng max (L-07).")] decimal? I = null,
    [property: Description("COUNT: điểm của mỗi việc.")] decimal? PerItem = null,
    [property: Description("COUNT: tổng điểm không vượt quá.")] decimal? Cap = null,
    [property: Description("CHECKLIST: các việc và điểm của từng việc.")] IReadOnlyList<ChoiceBody>? Items = null,
    [property: Description("TIMELINESS: các nghĩa vụ, báo cáo.")] IReadOnlyList<string>? Obligations = null,
    [property: Description("TIMELINESS: điểm theo số ngày làm việc chậm; dòng cuối không có late_wd_lte.")] IReadOnlyList<LatenessBody>? Scale = null,
    [property: Description("DEDUCT_FROM_MAX: điểm trừ cho mỗi lần.")] IReadOnlyList<MinusBody>? PerUnit = null,
    [property: Description("DEDUCT_FROM_MAX: không trừ xuống dưới mức này.")] decimal? Floor = null,
    [property: Description("MANUAL: bội số của điểm được cho.")] decimal? Step = null,
    [property: Description("Minh chứng cần có.")] string? Evidence = null,
    string? UnitOfMeasure = null,
    string? Basis = null,
    [property: Description("Số điều của giao ước thi đua mà tiêu chí định tính dựa vào (R-22); không ảnh hưởng đến điểm.")] string? CovenantClause = null,
    [property: Description("RATIO: ATTENDANCE, TIMELINESS: REPORTS; số liệu do hệ thống ghi nhận, đơn vị không tự nhập.")] string? OfficialFact = null,
    [property: Description("RATIO có official_fact: FULL hoặc ZERO khi N = 0.")] string? NothingAssigned = null);

public sealed record ChoiceBody(string Key, string Label, decimal Points);

public sealed record BandBody(decimal Points, decimal? Gte = null, decimal? Gt = null, decimal? Lte = null, decimal? Lt = null, string? Text = null);

public sealed record LatenessBody(decimal Points, [property: Description("Chậm không quá số ngày làm việc này.")] int? LateWdLte = null);

public sealed record MinusBody(string Key, string Label, decimal Minus);

public sealed record BonusBody(
    [property: Description("Tổng điểm thưởng không vượt quá; null là không giới hạn.")] decimal? Cap, IReadOnlyList<BonusItemBody> Items);

public sealed record BonusItemBody(string Key, string Label, decimal Points, decimal MaxCount);

public sealed record DeductionsBody(IReadOnlyList<DeductionItemBody> Items);

public sealed record DeductionItemBody(string Key, string Label, decimal Minus, decimal MaxCount);

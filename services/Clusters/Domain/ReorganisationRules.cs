using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Điều kiện của việc tổ chức lại (F-34): names everything that is wrong with a plan at once. Knows the units that the plan names,
/// all reorganisations recorded so far, and which of its codes are identifiers of other units.
/// </summary>
public sealed class ReorganisationRules(IReadOnlyDictionary<string, Unit> units, IReadOnlyList<Reorganisation> recorded, IReadOnlySet<string> identifiersOfOthers)
{
    private readonly Lineage _lineage = new(recorded);

    /// <summary>
    /// Codes: <c>WRONG_COUNT</c>, <c>DUPLICATE_CODE</c>, <c>UNKNOWN_UNIT</c>, <c>UNIT_CLOSED</c>, <c>BEGINS_LATER</c>,
    /// <c>ALREADY_REORGANISED</c>, <c>CODE_REUSED</c>, <c>MISSING_PROPERTY</c>, <c>NOTHING_CHANGES</c>, <c>OWN_ANCESTOR</c>,
    /// <c>SHARES_NOT_WHOLE</c>.
    /// </summary>
    public void Check(ReorganisationPlan plan, ICollection<Violation> errors)
    {
        CheckCounts(plan, errors);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, code) in plan.Predecessors.Index())
        {
            if (!named.Add(code))
            {
                errors.Add(new Violation("DUPLICATE_CODE", $"/predecessors/{index}", $"Đơn vị {code} được ghi hai lần."));
            }
            else
            {
                CheckPredecessor(plan, code, $"/predecessors/{index}", errors);
            }
        }

        named.Clear();
        foreach (var (index, successor) in plan.Successors.Index())
        {
            if (!named.Add(successor.Code))
            {
                errors.Add(new Violation("DUPLICATE_CODE", $"/successors/{index}/code", $"Đơn vị {successor.Code} được ghi hai lần."));
            }
            else
            {
                CheckSuccessor(plan, successor, $"/successors/{index}", errors);
            }
        }

        CheckShares(plan, errors);
    }

    private void CheckCounts(ReorganisationPlan plan, ICollection<Violation> errors)
    {
        void Expect(bool isRight, string path, string text)
        {
            if (!isRight)
            {
                errors.Add(new Violation("WRONG_COUNT", path, $"{plan.Kind.Label()}: {text}."));
            }
        }

        var (before, after) = (plan.Predecessors.Count, plan.Successors.Count);
        switch (plan.Kind)
        {
            case ReorganisationKind.Merge:
                Expect(after == 1, "/successors", "cần đúng một đơn vị kế thừa");
                Expect(before > 1 || (before == 1 && plan.Closing.Any() && plan.Successors.All(successor => units.ContainsKey(successor.Code))), "/predecessors", "cần từ hai đơn vị trở lên, hoặc một đơn vị nhập vào một đơn vị đang hoạt động");
                break;
            case ReorganisationKind.Split:
                Expect(before == 1, "/predecessors", "cần đúng một đơn vị tiền thân");
                Expect(after > 1, "/successors", "cần từ hai đơn vị kế thừa trở lên");
                break;
            case ReorganisationKind.Rename or ReorganisationKind.LevelChange:
                Expect(before == 1, "/predecessors", "cần đúng một đơn vị");
                Expect(after == 1, "/successors", "cần đúng một đơn vị");
                break;
            default:
                Expect(before > 0, "/predecessors", "cần ít nhất một đơn vị");
                Expect(after == 0, "/successors", "không có đơn vị kế thừa");
                break;
        }
    }

    private void CheckPredecessor(ReorganisationPlan plan, string code, string path, ICollection<Violation> errors)
    {
        if (!units.TryGetValue(code, out var unit))
        {
            errors.Add(new Violation("UNKNOWN_UNIT", path, $"Không có đơn vị {code}."));
            return;
        }

        if (unit.BeginsOn >= plan.EffectiveOn)
        {
            errors.Add(new Violation("BEGINS_LATER", path, $"Đơn vị {code} bắt đầu hoạt động ngày {unit.BeginsOn:dd/MM/yyyy}, không trước ngày tổ chức lại {plan.EffectiveOn:dd/MM/yyyy}."));
        }

        // A unit is divided by one decision a day, and one that ends has nothing left for another of that day or later.
        var closes = plan.Closing.Contains(code);
        if (recorded.FirstOrDefault(other => closes
            ? other.EffectiveOn >= plan.EffectiveOn && other.Units.Any(part => part.Unit == code)
            : other.EffectiveOn == plan.EffectiveOn && other.Predecessors.Contains(code)) is { } already)
        {
            errors.Add(new Violation("ALREADY_REORGANISED", path, $"Đơn vị {code} đã được tổ chức lại từ ngày {already.EffectiveOn:dd/MM/yyyy} theo {already.Document}."));
        }
        else if (unit.ClosesOn < plan.EffectiveOn)
        {
            errors.Add(new Violation("UNIT_CLOSED", path, $"Đơn vị {code} đã kết thúc hoạt động ngày {unit.ClosesOn:dd/MM/yyyy}."));
        }
    }

    private void CheckSuccessor(ReorganisationPlan plan, SuccessorPlan successor, string path, ICollection<Violation> errors)
    {
        var code = successor.Code;
        var continues = plan.Predecessors.Contains(code);
        if (!units.TryGetValue(code, out var unit))
        {
            if (identifiersOfOthers.Contains(code))
            {
                errors.Add(new Violation("CODE_REUSED", $"{path}/code", $"{code} là mã định danh của đơn vị khác; không được dùng lại."));
            }

            if (successor is { Details: null, IsIncomplete: false })
            {
                errors.Add(new Violation("MISSING_PROPERTY", $"{path}/name", $"Chưa có đơn vị {code}: cần tên, loại và cấp của đơn vị kế thừa."));
            }
        }
        else if (!continues && unit.ClosesOn < plan.EffectiveOn)
        {
            errors.Add(new Violation("CODE_REUSED", $"{path}/code", $"Mã {code} là của đơn vị đã kết thúc hoạt động ngày {unit.ClosesOn:dd/MM/yyyy}; không được dùng lại."));
        }
        else if (!continues && IsSameUnit(plan.Kind))
        {
            errors.Add(new Violation("CODE_REUSED", $"{path}/code", $"Mã {code} đang là của đơn vị khác."));
        }
        else if (!continues && unit.BeginsOn > plan.EffectiveOn)
        {
            errors.Add(new Violation("BEGINS_LATER", $"{path}/code", $"Đơn vị {code} bắt đầu hoạt động sau ngày tổ chức lại {plan.EffectiveOn:dd/MM/yyyy}."));
        }

        if (IsSameUnit(plan.Kind) && !successor.IsIncomplete && plan.Predecessors is [var predecessor] && units.TryGetValue(predecessor, out var renamed) && renamed.On(plan.EffectiveOn.AddDays(-1)) is { } before && !Changes(plan.Kind, before, successor, predecessor))
        {
            errors.Add(new Violation("NOTHING_CHANGES", path, plan.Kind == ReorganisationKind.Rename ? "Đổi tên phải có tên mới hoặc mã mới." : "Đổi cấp, đổi loại phải có cấp mới hoặc loại mới."));
        }

        if (plan.Predecessors.FirstOrDefault(other => other != code && _lineage.IsAncestor(code, of: other)) is { } descendant)
        {
            errors.Add(new Violation("OWN_ANCESTOR", $"{path}/code", $"Đơn vị {code} là tiền thân của {descendant}, nên không thể kế thừa {descendant}; hãy dùng mã mới cho đơn vị sau khi tổ chức lại."));
        }
    }

    private static bool IsSameUnit(ReorganisationKind kind) => kind is ReorganisationKind.Rename or ReorganisationKind.LevelChange;

    private static bool Changes(ReorganisationKind kind, UnitVersion before, SuccessorPlan successor, string predecessor) => kind == ReorganisationKind.Rename
        ? successor.Code != predecessor || (successor.Details is { } named && named.Name != before.Name)
        : successor.Details is { } details && (details.Level, details.Category) != (before.Level, before.Category);

    private static void CheckShares(ReorganisationPlan plan, ICollection<Violation> errors)
    {
        var shares = plan.Successors.Select(successor => successor.Share).OfType<Fraction>().ToList();
        if (shares.Count == 0)
        {
            return;
        }

        if (plan.Kind != ReorganisationKind.Split)
        {
            errors.Add(new Violation("SHARES_NOT_WHOLE", "/successors", "Chỉ khi chia, tách mới ghi phần kế thừa."));
        }
        else if (shares.Count < plan.Successors.Count || shares.Exists(share => share <= Fraction.Zero) || Fraction.Sum(shares) != Fraction.One)
        {
            errors.Add(new Violation("SHARES_NOT_WHOLE", "/successors", "Phần kế thừa phải lớn hơn 0, được ghi cho mọi đơn vị kế thừa và có tổng đúng bằng 1."));
        }
    }
}

using System.Globalization;

namespace ThiDua.Awards.Domain;

/// <summary>Đề nghị khen thưởng: who may be proposed for what in one cluster. Being proposed is not being awarded (R-26).</summary>
public static class Nominations
{
    /// <summary>
    /// Draws up the nominations of a cluster: position 1 for the provincial flag (R-26), those of R-28 for the
    /// Chairman's certificate. A position that no eligible unit reaches has no nomination.
    /// </summary>
    /// <param name="result">The decided result.</param>
    /// <param name="exclusions">Those in force; of units of other clusters too, if that is handier.</param>
    /// <param name="policy">The policy of the season.</param>
    public static NominationDrawing DrawUp(ClusterResult result, IReadOnlyCollection<Exclusion> exclusions, AwardPolicy policy)
    {
        if (!result.IsComplete)
        {
            var missing = result.Standings.Where(standing => standing.Total is null).Select(standing => standing.Label).Order(StringComparer.Ordinal);
            return new NominationDrawing([], null, new Derivation("R-25", $"{ClusterLabel(result)} chưa có đủ kết quả thẩm định nên chưa đề nghị khen thưởng đơn vị nào. Chưa có điểm chính thức: {string.Join(", ", missing)}."));
        }

        var deciding = exclusions.GroupBy(exclusion => exclusion.Unit).ToDictionary(unit => unit.Key, unit => Exclusion.Deciding(unit)!, StringComparer.Ordinal);
        var promotes = policy.Switches.DefinitivePolicy is DefinitivePolicy.PromoteNext;
        bool LeavesOrder(Standing standing) => promotes && deciding.GetValueOrDefault(standing.Unit)?.Status is ExclusionStatus.Definitive;

        var order = AwardOrder.Of(result.Standings.Where(standing => !LeavesOrder(standing)), policy.Switches.TieChain, policy.Thresholds);
        var context = new Context(result, policy, order, deciding, [.. result.Standings.Where(LeavesOrder)]);

        List<DrawnNomination> drawn = [];
        Draw(AwardKind.ProvincialFlag, 1);
        foreach (var position in policy.Switches.MeritPositions(result.Size))
        {
            Draw(AwardKind.ChairmanMerit, position);
        }

        var first = order.At(1);
        return new NominationDrawing(drawn, first.Count == 1 ? first[0].Unit : null, context.OrderStep());

        void Draw(AwardKind award, int position)
        {
            if (order.At(position) is { Count: > 0 } holders)
            {
                drawn.Add(context.Nominate(award, position, holders));
            }
        }
    }

    private static string ClusterLabel(ClusterResult result) => $"{result.Name} ({result.Code})";

    private sealed class Context(ClusterResult result, AwardPolicy policy, AwardOrder order, Dictionary<string, Exclusion> deciding, List<Standing> left)
    {
        public DrawnNomination Nominate(AwardKind award, int position, IReadOnlyList<Standing> holders)
        {
            var title = award is AwardKind.ProvincialFlag ? "Cờ thi đua của UBND tỉnh" : "Bằng khen của Chủ tịch UBND tỉnh";
            var (status, reason, last) = holders.Count == 1 ? Single(holders[0], title) : Tied(holders, position, title);
            var rule = award is AwardKind.ProvincialFlag ? "R-26" : "R-28";
            return new DrawnNomination
            {
                Award = award,
                Position = position,
                Unit = holders.Count == 1 ? holders[0].Unit : null,
                Status = status,
                Tied = holders.Count == 1 ? [] : [.. holders.Select(holder => holder.Unit)],
                Reason = reason,
                Derivation = new Derivation(rule, reason)
                {
                    Facts =
                    [
                        new Fact("Cụm, khối thi đua", ClusterLabel(result), $"kết quả chấm điểm phiên bản {result.Version}"),
                        new Fact("Quy định xét khen thưởng", $"phiên bản {policy.Version}", policy.Basis),
                    ],
                    Steps = [PositionStep(award, position, title), ExclusionStep(), .. ComparisonSteps(holders), last],
                },
            };
        }

        /// <summary>The award order from the first down, as a step that all nominations of the cluster share.</summary>
        public Derivation OrderStep()
        {
            var places = order.Steps.Select(step => string.Join(" = ", step.Select(standing => $"{standing.Label} {TieKey.Points(standing.Total!.Value)} điểm")));
            return new Derivation("F-12", $"Thứ tự xét khen thưởng của {ClusterLabel(result)}: {string.Join("; ", places)}.") { Steps = [ExclusionStep()] };
        }

        private (NominationStatus Status, string Reason, Derivation Step) Single(Standing unit, string title)
        {
            var exclusion = deciding.GetValueOrDefault(unit.Unit);
            if (exclusion is null)
            {
                var reason = $"{unit.Label} được xem xét đề nghị tặng {title}.";
                return (NominationStatus.Candidate, reason, new Derivation("R-30", $"{unit.Label} không thuộc trường hợp chưa hoặc không đề nghị khen thưởng. Được xem xét không phải là được tặng."));
            }

            var facts = new[] { FactOf(exclusion, unit) };
            return exclusion.Status is ExclusionStatus.Pending
                ? (NominationStatus.Hold,
                    $"Chưa đề nghị tặng {title} cho {unit.Label}: đang chờ kết luận theo {exclusion.Document}.",
                    new Derivation("R-31", "Đơn vị giữ vị trí trong khi chờ kết luận; đơn vị xếp sau không được đưa lên thay.") { Facts = facts })
                : (NominationStatus.Vacant,
                    $"Không đề nghị tặng {title} cho {unit.Label} theo {exclusion.Document}; vị trí để trống.",
                    new Derivation("R-30", "Quy định của mùa thi đua để trống vị trí của đơn vị không được đề nghị khen thưởng (LEAVE_VACANT).") { Facts = facts });
        }

        private (NominationStatus Status, string Reason, Derivation Step) Tied(IReadOnlyList<Standing> holders, int position, string title)
        {
            var names = string.Join(", ", holders.Select(holder => holder.Label));
            var reason = $"Chưa xác định được đơn vị ở vị trí thứ {position} để đề nghị tặng {title}: {names} bằng nhau sau mọi tiêu chí phụ.";
            var concerned = holders.Where(holder => deciding.ContainsKey(holder.Unit)).Select(holder => FactOf(deciding[holder.Unit], holder));
            return (NominationStatus.Unresolved, reason, new Derivation("F-12", "Cơ quan thường trực xem xét, quyết định và ghi rõ lý do; hệ thống không chọn theo mã hay tên đơn vị.") { Facts = [.. concerned] });
        }

        private Derivation PositionStep(AwardKind award, int position, string title)
        {
            if (award is AwardKind.ProvincialFlag)
            {
                return new Derivation("R-26", $"Đơn vị ở vị trí thứ nhất của thứ tự xét khen thưởng được xem xét tặng {title}.");
            }

            var positions = string.Join(", ", policy.Switches.MeritPositions(result.Size).Select(rank => rank.ToString(CultureInfo.InvariantCulture)));
            return new Derivation("R-28", $"Cụm, khối có {result.Size} đơn vị thành viên nên xét {title} cho vị trí: {positions}; đây là vị trí thứ {position}.")
            {
                Facts = [new Fact("Số đơn vị thành viên chính thức", result.Size.ToString(CultureInfo.InvariantCulture), "quyết định thành lập cụm, khối; tính cả đơn vị không được đề nghị khen thưởng")],
            };
        }

        private Derivation ExclusionStep() => left.Count == 0
            ? new Derivation("R-30", "Không đơn vị nào bị đưa ra khỏi thứ tự xét khen thưởng.")
            : new Derivation("R-30", $"Không xét khen thưởng, đơn vị xếp sau được đưa lên (PROMOTE_NEXT): {string.Join(", ", left.Select(unit => unit.Label))}. Điểm và thứ hạng của các đơn vị này không thay đổi.")
            {
                Facts = [.. left.Select(unit => FactOf(deciding[unit.Unit], unit))],
            };

        private IEnumerable<Derivation> ComparisonSteps(IReadOnlyList<Standing> holders)
        {
            var step = order.Steps.Select((units, index) => (units, index)).First(entry => ReferenceEquals(entry.units, holders)).index;
            if (step > 0)
            {
                yield return order.Explain(order.Steps[step - 1][^1], holders[0]);
            }

            for (var tied = 1; tied < holders.Count; tied++)
            {
                yield return order.Explain(holders[0], holders[tied]);
            }

            if (step + 1 < order.Steps.Count)
            {
                yield return order.Explain(holders[^1], order.Steps[step + 1][0]);
            }
        }

        private static Fact FactOf(Exclusion exclusion, Standing unit)
        {
            var status = exclusion.Status is ExclusionStatus.Pending ? "đang chờ kết luận" : "đã có kết luận";
            return new Fact(unit.Label, $"{exclusion.Type}, {status}", exclusion.Document);
        }
    }
}

/// <summary>What was drawn up for one cluster.</summary>
/// <param name="Positions">The nominations: the flag, then the certificates by position.</param>
/// <param name="First">The unit at position 1 if it is a single one, whatever its status: this season's winner for the rotation signals.</param>
/// <param name="Derivation">Why, for the cluster as a whole.</param>
public sealed record NominationDrawing(IReadOnlyList<DrawnNomination> Positions, string? First, Derivation Derivation);

/// <summary>One award position of a cluster.</summary>
public sealed record DrawnNomination
{
    public required AwardKind Award { get; init; }

    /// <summary>Position in the award order, from 1.</summary>
    public required int Position { get; init; }

    /// <summary>Null when more than one unit may hold the position.</summary>
    public required string? Unit { get; init; }

    public required NominationStatus Status { get; init; }

    /// <summary>The units that may hold it when that is unresolved, in code order; else empty.</summary>
    public required IReadOnlyList<string> Tied { get; init; }

    /// <summary>In one Vietnamese sentence.</summary>
    public required string Reason { get; init; }

    public required Derivation Derivation { get; init; }
}

/// <summary>Hình thức khen thưởng, danh hiệu thi đua that the rules know.</summary>
public enum AwardKind
{
    /// <summary>Cờ thi đua của UBND tỉnh.</summary>
    ProvincialFlag,

    /// <summary>Bằng khen của Chủ tịch UBND tỉnh.</summary>
    ChairmanMerit,

    /// <summary>Cờ thi đua của Chính phủ.</summary>
    GovernmentFlag,
}

/// <summary>Tình trạng of a nomination (C.3).</summary>
public enum NominationStatus
{
    /// <summary>Được xem xét.</summary>
    Candidate,

    /// <summary>Chưa khen thưởng: a pending exclusion keeps the slot.</summary>
    Hold,

    /// <summary>Để trống: a definitive exclusion, and the policy leaves its slot empty.</summary>
    Vacant,

    /// <summary>More than one unit may hold the position after the whole tie chain.</summary>
    Unresolved,

    /// <summary>The council passed it.</summary>
    Passed,

    /// <summary>The council did not pass it.</summary>
    Failed,

    /// <summary>Đã hủy bỏ quyết định khen thưởng (F-29).</summary>
    Revoked,
}

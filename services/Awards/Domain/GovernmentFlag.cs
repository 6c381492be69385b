using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Đề nghị tặng Cờ thi đua của Chính phủ (R-27). Raw points of different clusters are never compared: only votes are.</summary>
public static class GovernmentFlag
{
    /// <summary>
    /// Of the units that the council passed for the provincial flag and gave enough votes for the Government flag,
    /// those with the most votes, within the quota. A tie at the cut leaves all the tied ones out.
    /// </summary>
    /// <param name="passed">Units with a passed provincial flag, with the vote on the Government flag if there was one.</param>
    /// <param name="decidedClusters">Clusters of the season with a decided result.</param>
    /// <param name="policy">The policy of the season.</param>
    public static GovernmentFlagProposal Propose(IReadOnlyCollection<FlagHolder> passed, int decidedClusters, AwardPolicy policy)
    {
        var share = policy.Switches.GovFlag;
        var basis = share.Base is GovernmentFlagBase.Awarded ? passed.Count : decidedClusters;
        var quota = Fraction.Percent(share.Percent).FloorOf(basis);
        List<ProposedUnit> candidates =
        [
            .. passed.Where(holder => holder.Vote is { Passed: true })
                .Select(holder => new ProposedUnit(holder.Cluster, holder.Unit, holder.Vote!.Yes))
                .OrderByDescending(unit => unit.Yes)
                .ThenBy(unit => unit.Cluster, StringComparer.Ordinal),
        ];

        List<ProposedUnit> unresolved = [];
        var proposed = candidates.Take(quota).ToList();
        if (quota > 0 && candidates.Count > quota && candidates[quota].Yes == candidates[quota - 1].Yes)
        {
            var cut = candidates[quota].Yes;
            unresolved = candidates.FindAll(unit => unit.Yes == cut);
            proposed.RemoveAll(unit => unit.Yes == cut);
        }

        return new GovernmentFlagProposal(basis, quota, proposed, unresolved, Explain());

        Derivation Explain()
        {
            var what = share.Base is GovernmentFlagBase.Awarded ? "số đơn vị được thông qua Cờ thi đua của UBND tỉnh" : "số cụm, khối thi đua đã có kết quả";
            var percent = share.Percent.ToString("0.##", CultureInfo.GetCultureInfo("vi-VN"));
            List<Derivation> steps =
            [
                new("R-27", $"Không quá {percent}% {what}: ⌊{basis} × {percent} / 100⌋ = {quota}, làm tròn xuống.")
                {
                    Facts = [new Fact("Cơ số", basis.ToString(CultureInfo.InvariantCulture), $"gov_flag.base = {share.Base.ToString().ToUpperInvariant()}"), new Fact("Quy định xét khen thưởng", $"phiên bản {policy.Version}", policy.Basis)],
                },
                new("F-20", $"{candidates.Count} đơn vị có đủ phiếu đồng ý của tổng số thành viên Hội đồng.")
                {
                    Facts = [.. candidates.Select(unit => new Fact($"{unit.Unit} ({unit.Cluster})", $"{unit.Yes} phiếu", "biên bản họp Hội đồng"))],
                },
            ];
            if (unresolved.Count > 0)
            {
                steps.Add(new Derivation("R-27", $"{unresolved.Count} đơn vị bằng phiếu ({unresolved[0].Yes}) ở ranh giới chỉ tiêu nên chưa đề nghị đơn vị nào trong số đó; Hội đồng cần biểu quyết lại. Không so sánh điểm giữa các cụm, khối khác nhau."));
            }

            return new Derivation("R-27", $"Đề nghị tặng Cờ thi đua của Chính phủ cho {proposed.Count} đơn vị trong chỉ tiêu {quota}.") { Steps = steps };
        }
    }
}

/// <summary>A unit whose provincial flag the council passed.</summary>
/// <param name="Cluster">Code of the cluster that it leads.</param>
/// <param name="Unit">Code.</param>
/// <param name="Vote">The council's vote on its Government flag; null: none was held.</param>
public sealed record FlagHolder(string Cluster, string Unit, CouncilVote? Vote);

/// <summary>Đề nghị tặng Cờ thi đua của Chính phủ of a season (R-27).</summary>
/// <param name="Base">What the quota is a share of.</param>
/// <param name="Quota">How many may be proposed.</param>
/// <param name="Proposed">By votes, then cluster.</param>
/// <param name="Unresolved">Those tied at the cut; empty when there is no such tie.</param>
/// <param name="Derivation">Why.</param>
public sealed record GovernmentFlagProposal(
    int Base,
    int Quota,
    IReadOnlyList<ProposedUnit> Proposed,
    IReadOnlyList<ProposedUnit> Unresolved,
    Derivation Derivation);

/// <summary>A unit in the proposal, or tied at its cut.</summary>
/// <param name="Cluster">Code of the cluster.</param>
/// <param name="Unit">Code of the unit.</param>
/// <param name="Yes">Votes in favour.</param>
public sealed record ProposedUnit(string Cluster, string Unit, int Yes);

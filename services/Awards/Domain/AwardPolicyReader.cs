using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Reads the policy of a season file or of a request strictly; what is wrong is added to the value's violations.</summary>
public static class AwardPolicyReader
{
    private const string WrongType = "WRONG_TYPE";

    private static readonly string[] s_further = ["jump_years", "jump_at_least", "moved_years", "moved_at_least", "province_years", "province_least_years", "province_least_clusters"];

    /// <summary>The switches of <paramref name="policy"/>; a missing switch has the default's value.</summary>
    /// <returns>Null when something is wrong; the violations then say what.</returns>
    public static AwardSwitches? Read(StrictJson? policy) =>
        policy is null ? AwardPolicy.Default.Switches : ReadSwitches(policy, AwardPolicy.Default.Switches);

    /// <summary>The same for a list of switches in which, without <paramref name="otherwise"/>, none may be missing.</summary>
    internal static AwardSwitches? ReadSwitches(StrictJson policy, AwardSwitches? otherwise)
    {
        if (!policy.ExpectObject())
        {
            return null;
        }

        var required = otherwise is null;
        var meritRanks = policy.Member("merit_ranks", required) is null ? otherwise?.MeritRanks : MeritRanksOf(policy);
        var share = policy.Member("gov_flag", required) is { } govFlag ? GovernmentFlagOf(govFlag, otherwise?.GovFlag) : otherwise?.GovFlag;
        var definitive = policy.Has("definitive_policy") || required ? policy.Choice<DefinitivePolicy>("definitive_policy") : otherwise!.DefinitivePolicy;
        var chain = policy.Member("tie_chain", required) is null ? otherwise?.TieChain : TieChainOf(policy);
        var threshold = policy.Has("vote_threshold_percent") || required ? PercentOf(policy, "vote_threshold_percent") : otherwise!.VoteThresholdPercent;
        policy.Ignore("definitive_policy", "vote_threshold_percent"); // present but null is absent, not unknown
        policy.RefuseUnknown();

        return meritRanks is null || share is null || definitive is null || chain is null || threshold is null
            ? null
            : new AwardSwitches
            {
                MeritRanks = meritRanks,
                GovFlag = share,
                DefinitivePolicy = definitive.Value,
                TieChain = chain,
                VoteThresholdPercent = threshold.Value,
            };
    }

    /// <summary>The numbers beside the switches; all of them are named.</summary>
    internal static AwardThresholds? ReadThresholds(StrictJson thresholds)
    {
        if (!thresholds.ExpectObject())
        {
            return null;
        }

        var female = PercentOf(thresholds, "female_share_percent");
        var rotation = thresholds.Member("rotation") is { } member ? RotationOf(member) : null;
        thresholds.RefuseUnknown();
        return female is null || rotation is null ? null : new AwardThresholds { FemaleSharePercent = female.Value, Rotation = rotation };
    }

    private static List<MeritRanks>? MeritRanksOf(StrictJson policy)
    {
        List<MeritRanks> rows = [];
        var sound = policy.Member("merit_ranks")!.Element.ValueKind == System.Text.Json.JsonValueKind.Array;
        foreach (var row in policy.List("merit_ranks"))
        {
            if (!row.ExpectObject())
            {
                sound = false;
                continue;
            }

            var minimum = SizeOf(row, "min_size", ref sound);
            var maximum = SizeOf(row, "max_size", ref sound);
            List<int> ranks = [];
            sound &= row.Has("ranks");
            foreach (var item in row.List("ranks"))
            {
                var rank = item.AsNumber();
                if (rank is >= 2 and <= int.MaxValue && decimal.Truncate(rank.Value) == rank)
                {
                    ranks.Add((int)rank);
                    continue;
                }

                sound = false;
                if (rank is not null)
                {
                    item.Refuse(WrongType, "Thứ hạng được xét Bằng khen phải là số nguyên từ 2 trở lên (vị trí thứ nhất là của Cờ thi đua).");
                }
            }

            row.RefuseUnknown();
            rows.Add(new MeritRanks(minimum, maximum, ranks));
        }

        return sound ? rows : null;
    }

    private static int? SizeOf(StrictJson row, string name, ref bool sound)
    {
        var size = row.WholeNumber(name, required: false);
        sound &= size is not null || !row.Has(name);
        return size;
    }

    private static GovernmentFlagShare? GovernmentFlagOf(StrictJson member, GovernmentFlagShare? otherwise)
    {
        if (!member.ExpectObject())
        {
            return null;
        }

        var percent = member.Has("percent") || otherwise is null ? PercentOf(member, "percent") : otherwise.Percent;
        var basis = member.Has("base") || otherwise is null ? member.Choice<GovernmentFlagBase>("base") : otherwise.Base;
        member.Ignore("percent", "base");
        member.RefuseUnknown();
        return percent is null || basis is null ? null : new GovernmentFlagShare(percent.Value, basis.Value);
    }

    private static List<string>? TieChainOf(StrictJson policy)
    {
        List<string> chain = [];
        var sound = policy.Member("tie_chain")!.Element.ValueKind == System.Text.Json.JsonValueKind.Array;
        foreach (var item in policy.List("tie_chain"))
        {
            if (item.AsText() is not { } key)
            {
                sound = false;
            }
            else if (TieKey.TryParse(key) is null)
            {
                sound = false;
                item.Refuse(WrongType, $"“{key}” không phải tiêu chí phụ. Các giá trị được phép: {string.Join(", ", TieKey.All.Select(known => known.Code))}.");
            }
            else
            {
                chain.Add(key);
            }
        }

        return sound ? chain : null;
    }

    private static decimal? PercentOf(StrictJson parent, string name)
    {
        if (parent.Number(name) is not { } percent)
        {
            return null;
        }

        if (percent is >= 0 and <= 100)
        {
            return percent;
        }

        parent.Refuse(WrongType, "Tỷ lệ phần trăm phải từ 0 đến 100.", name);
        return null;
    }

    private static RotationThresholds? RotationOf(StrictJson rotation)
    {
        if (!rotation.ExpectObject())
        {
            return null;
        }

        var leastWinners = rotation.WholeNumber("least_winners");
        var leastCycle = rotation.WholeNumber("least_cycle");
        var leastRun = rotation.WholeNumber("least_run");
        var watchBelow = rotation.Number("watch_below");
        var alertBelow = rotation.Number("alert_below");
        var chairYears = rotation.WholeNumber("chair_years");
        var chairAtLeast = rotation.WholeNumber("chair_at_least");
        var further = rotation.Member("further") is { } member ? FurtherOf(member) : null;
        rotation.RefuseUnknown();
        if (leastWinners is null || leastCycle is null || leastRun is null || watchBelow is null || alertBelow is null || chairYears is null || chairAtLeast is null || further is null)
        {
            return null;
        }

        return new RotationThresholds
        {
            LeastWinners = leastWinners.Value,
            LeastCycle = leastCycle.Value,
            LeastRun = leastRun.Value,
            WatchBelow = watchBelow.Value,
            AlertBelow = alertBelow.Value,
            ChairYears = chairYears.Value,
            ChairAtLeast = chairAtLeast.Value,
            Further = further,
        };
    }

    private static FurtherThresholds? FurtherOf(StrictJson further)
    {
        if (!further.ExpectObject())
        {
            return null;
        }

        int?[] whole = [.. s_further.Select(name => further.WholeNumber(name))];
        var handOver = PercentOf(further, "hand_over_percent");
        var handOverYears = PercentOf(further, "hand_over_years_percent");
        var watchBelow = further.Number("province_watch_below");
        var alertBelow = further.Number("province_alert_below");
        further.RefuseUnknown();
        return whole.Contains(null) || handOver is null || handOverYears is null || watchBelow is null || alertBelow is null
            ? null
            : new FurtherThresholds
            {
                JumpYears = whole[0]!.Value,
                JumpAtLeast = whole[1]!.Value,
                MovedYears = whole[2]!.Value,
                MovedAtLeast = whole[3]!.Value,
                ProvinceYears = whole[4]!.Value,
                ProvinceLeastYears = whole[5]!.Value,
                ProvinceLeastClusters = whole[6]!.Value,
                HandOverPercent = handOver.Value,
                HandOverYearsPercent = handOverYears.Value,
                ProvinceWatchBelow = watchBelow.Value,
                ProvinceAlertBelow = alertBelow.Value,
            };
    }
}

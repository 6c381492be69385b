using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Reads the switches of sessions, consultations and revocations; what is left out has the value of <c>otherwise</c>.</summary>
internal static class CouncilSwitchesReader
{
    private const string WrongType = "WRONG_TYPE";
    private const int LongestCode = 60;

    public static CouncilSwitches? Council(StrictJson policy, CouncilSwitches? otherwise)
    {
        if (policy.Member("council", required: otherwise is null) is not { } member)
        {
            return otherwise;
        }

        if (!member.ExpectObject())
        {
            return null;
        }

        var quorum = ShareOf(member, "quorum", otherwise?.Quorum);
        var award = ShareOf(member, "quorum_award", otherwise?.QuorumAward);
        var written = member.Has("quorum_counts_written_opinions") || otherwise is null ? member.Flag("quorum_counts_written_opinions") : otherwise.QuorumCountsWrittenOpinions;
        var recused = member.Has("recused_count") || otherwise is null ? member.Choice<RecusedMembers>("recused_count") : otherwise.RecusedCount;
        member.Ignore("quorum_counts_written_opinions", "recused_count");
        member.RefuseUnknown();
        return quorum is null || award is null || written is null || recused is null
            ? null
            : new CouncilSwitches { Quorum = quorum, QuorumAward = award, QuorumCountsWrittenOpinions = written.Value, RecusedCount = recused.Value };
    }

    public static ConsultationSwitches? Consultation(StrictJson policy, ConsultationSwitches? otherwise)
    {
        if (policy.Member("consultation", required: otherwise is null) is not { } member)
        {
            return otherwise;
        }

        if (!member.ExpectObject())
        {
            return null;
        }

        var awards = member.Has("required_for") || otherwise is null ? AwardsOf(member) : otherwise.RequiredFor;
        var days = member.Has("working_days") || otherwise is null ? member.WholeNumber("working_days") : otherwise.WorkingDays;
        if (days is < 1 or > Domain.Consultation.MostWorkingDays)
        {
            member.Refuse(WrongType, $"Thời hạn phải từ 1 đến {Domain.Consultation.MostWorkingDays} ngày làm việc.", "working_days");
            days = null;
        }

        var basis = member.Has("basis") || otherwise is null ? member.Text("basis") : otherwise.Basis;
        member.Ignore("required_for", "working_days", "basis");
        member.RefuseUnknown();
        return awards is null || days is null || basis is null ? null : new ConsultationSwitches { RequiredFor = awards, WorkingDays = days.Value, Basis = basis };
    }

    public static RevocationSwitches? Revocation(StrictJson policy, RevocationSwitches? otherwise)
    {
        if (policy.Member("revocation", required: otherwise is null) is not { } member)
        {
            return otherwise;
        }

        if (!member.ExpectObject())
        {
            return null;
        }

        var grounds = member.Has("grounds") || otherwise is null ? GroundsOf(member) : otherwise.Grounds;
        var basis = member.Has("basis") || otherwise is null ? member.Text("basis") : otherwise.Basis;
        member.Ignore("grounds", "basis");
        member.RefuseUnknown();
        return grounds is null || basis is null ? null : new RevocationSwitches { Grounds = grounds, Basis = basis };
    }

    private static QuorumShare? ShareOf(StrictJson parent, string name, QuorumShare? otherwise)
    {
        if (parent.Member(name, required: otherwise is null) is not { } member)
        {
            return otherwise;
        }

        if (!member.ExpectObject())
        {
            return null;
        }

        var (numerator, denominator) = (member.WholeNumber("numerator"), member.WholeNumber("denominator"));
        member.RefuseUnknown();
        if (numerator is null || denominator is null)
        {
            return null;
        }

        if (numerator >= 1 && denominator >= numerator)
        {
            return new QuorumShare(numerator.Value, denominator.Value);
        }

        member.Refuse(WrongType, "Phân số phải lớn hơn 0 và không quá 1.");
        return null;
    }

    private static List<AwardKind>? AwardsOf(StrictJson member)
    {
        List<AwardKind> awards = [];
        var sound = member.Has("required_for");
        foreach (var item in member.List("required_for"))
        {
            AwardKind? award = item.AsText() switch
            {
                null => null,
                "PROVINCIAL_FLAG" => AwardKind.ProvincialFlag,
                "GOVERNMENT_FLAG" => AwardKind.GovernmentFlag,
                var other => Refuse(item, other),
            };
            sound &= award is not null;
            awards.Add(award ?? default);
        }

        return sound && member.Member("required_for")!.Element.ValueKind is System.Text.Json.JsonValueKind.Array ? awards : null;

        static AwardKind? Refuse(StrictJson item, string given)
        {
            item.Refuse(WrongType, $"“{given}” không thuộc các giá trị được phép: PROVINCIAL_FLAG, GOVERNMENT_FLAG.");
            return null;
        }
    }

    private static List<RevocationGround>? GroundsOf(StrictJson member)
    {
        List<RevocationGround> grounds = [];
        var sound = member.Has("grounds") && member.Member("grounds")!.Element.ValueKind is System.Text.Json.JsonValueKind.Array;
        foreach (var item in member.List("grounds"))
        {
            if (!item.ExpectObject())
            {
                sound = false;
                continue;
            }

            var (code, label) = (item.Text("code"), item.Text("label"));
            item.RefuseUnknown();
            if (code is { Length: 0 or > LongestCode })
            {
                item.Refuse(WrongType, $"Mã phải có từ 1 đến {LongestCode} ký tự.", "code");
                code = null;
            }

            if (code is null || label is null)
            {
                sound = false;
                continue;
            }

            grounds.Add(new RevocationGround(code, label));
        }

        return sound ? grounds : null;
    }
}

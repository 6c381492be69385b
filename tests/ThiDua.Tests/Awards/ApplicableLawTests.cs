using CsCheck;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

/// <summary>
/// “Hồ sơ đã tiếp nhận để thẩm định trước ngày luật mới có hiệu lực tiếp tục theo quy định cũ; quy định mới có lợi hơn thì áp dụng quy
/// định mới.” (I13)
/// </summary>
public sealed class ApplicableLawTests
{
    private const string Law = "EMULATION_LAW";
    private const string Decree = "EMULATION_DECREE";
    private const string Circular = "EMULATION_CIRCULAR";

    private static readonly IReadOnlyList<Instrument> s_shipped = [.. InitialRegister.Read<LegalInstrumentRegistered>().Select(KnownInstrument.ToInstrument)];
    private static readonly DateOnly s_decided = new(2026, 11, 20);

    [Theory]
    [InlineData("2023-12-31", "LUAT-TDKT-2003", "ND-91-2017", "")]
    [InlineData("2024-01-01", "LUAT-06-2022-QH15", "ND-98-2023", "TT-01-2024-BNV")]
    [InlineData("2025-06-30", "LUAT-06-2022-QH15", "ND-98-2023", "TT-01-2024-BNV")]
    [InlineData("2025-07-01", "LUAT-06-2022-QH15", "ND-152-2025", "TT-01-2024-BNV")]
    [InlineData("2025-08-04", "LUAT-06-2022-QH15", "ND-152-2025", "TT-01-2024-BNV")]
    [InlineData("2025-08-05", "LUAT-06-2022-QH15", "ND-152-2025", "TT-15-2025-BNV")]
    [InlineData("2026-09-28", "LUAT-06-2022-QH15", "ND-152-2025", "TT-15-2025-BNV")]
    [InlineData("2026-09-30", "LUAT-06-2022-QH15", "ND-152-2025", "TT-15-2025-BNV")]
    [InlineData("2026-10-01", "LUAT-06-2022-QH15 LUAT-06-2026-QH16", "ND-152-2025", "TT-15-2025-BNV")]
    [InlineData("2026-10-03", "LUAT-06-2022-QH15 LUAT-06-2026-QH16", "ND-152-2025", "TT-15-2025-BNV")]
    public void The_law_is_that_of_the_day_of_receipt(string receivedOn, string law, string decree, string circular)
    {
        var day = Day(receivedOn);
        Assert.Equal((law, decree, circular), (Codes(Choose(Law, day)), Codes(Choose(Decree, day)), Codes(Choose(Circular, day))));

        // Whether it is decided on that day or long after.
        Assert.Equal(law, Codes(ApplicableLaw.Choose(s_shipped, Law, day)));
        Assert.Equal(law, Codes(ApplicableLaw.Choose(s_shipped, Law, day, new DateOnly(2027, 12, 31))));
    }

    [Theory]
    [InlineData("2023-12-31", Law, false, "LUAT-TDKT-2003")]
    [InlineData("2024-01-01", Law, true, "LUAT-06-2022-QH15 LUAT-06-2026-QH16")]
    [InlineData("2025-06-30", Law, true, "LUAT-06-2022-QH15 LUAT-06-2026-QH16")]
    [InlineData("2026-09-28", Law, true, "LUAT-06-2022-QH15 LUAT-06-2026-QH16")]
    [InlineData("2026-09-30", Law, true, "LUAT-06-2022-QH15 LUAT-06-2026-QH16")]
    [InlineData("2026-10-01", Law, false, "LUAT-06-2022-QH15 LUAT-06-2026-QH16")]
    [InlineData("2026-10-03", Law, false, "LUAT-06-2022-QH15 LUAT-06-2026-QH16")]
    [InlineData("2025-06-30", Decree, false, "ND-98-2023")]
    [InlineData("2025-07-01", Decree, false, "ND-152-2025")]
    [InlineData("2025-08-04", Circular, false, "TT-01-2024-BNV")]
    public void The_more_favourable_law_is_taken_only_where_its_transition_rule_lets_it(string receivedOn, string family, bool taken, string codes)
    {
        var choice = ApplicableLaw.Choose(s_shipped, family, Day(receivedOn), s_decided, moreFavourable: true);
        Assert.Equal((taken, codes), (choice.IsMoreFavourable, Codes(choice)));
        Assert.Equal(taken, Choose(family, Day(receivedOn)).AllowsMoreFavourable);
    }

    [Fact]
    public void Before_the_new_law_is_in_force_nothing_can_be_more_favourable()
    {
        var choice = ApplicableLaw.Choose(s_shipped, Law, Day("2026-09-28"), Day("2026-09-30"), moreFavourable: true);
        Assert.Equal((false, false, "LUAT-06-2022-QH15"), (choice.IsMoreFavourable, choice.AllowsMoreFavourable, Codes(choice)));
        Assert.True(ApplicableLaw.Choose(s_shipped, Law, Day("2026-09-28"), Day("2026-10-01")).AllowsMoreFavourable);
    }

    [Fact]
    public void The_derivation_says_why_and_what_is_not_certain()
    {
        var choice = Choose(Law, Day("2026-09-30"));
        Assert.Equal("Hồ sơ tiếp nhận ngày 30/09/2026 áp dụng 06/2022/QH15.", choice.Derivation.Statement);
        Assert.Contains("tiếp nhận trước ngày 01/10/2026 tiếp tục theo văn bản cũ, trừ khi quy định mới có lợi hơn", choice.Derivation.Steps[^1].Statement, StringComparison.Ordinal);
        Assert.Equal("chưa kiểm chứng", choice.Derivation.Steps[^1].Facts[0].Source);
        Assert.Contains("ngày hiệu lực chưa kiểm chứng", choice.Derivation.Facts[0].Value, StringComparison.Ordinal);
        Assert.Contains("có nguồn ghi hết hiệu lực 01/03/2027, chưa kiểm chứng", Choose(Decree, Day("2026-09-30")).Derivation.Facts[0].Value, StringComparison.Ordinal);
        Assert.Contains("không ghi quy định chuyển tiếp", Choose(Decree, Day("2025-06-30")).Derivation.Steps[^1].Statement, StringComparison.Ordinal);
        Assert.Equal("Sổ văn bản không có văn bản nào của dòng EMULATION_CIRCULAR áp dụng cho hồ sơ tiếp nhận ngày 31/12/2023.", Choose(Circular, Day("2023-12-31")).Derivation.Statement);
    }

    [Fact]
    public void A_transition_day_after_the_day_in_force_keeps_the_old_law_until_then()
    {
        Instrument[] line =
        [
            Of("OLD", "2020-01-01", "2025-12-31", replacedBy: "NEW"),
            Of("NEW", "2026-01-01", null, keepsBefore: "2026-03-01", exception: true),
        ];
        Assert.Equal("OLD", Codes(ApplicableLaw.Choose(line, "L", Day("2026-02-28"))));
        Assert.Equal("NEW", Codes(ApplicableLaw.Choose(line, "L", Day("2026-03-01"))));
        Assert.Equal("NEW", Codes(ApplicableLaw.Choose(line, "L", Day("2026-02-28"), moreFavourable: true)));
    }

    [Fact]
    public void Two_instruments_on_one_day_are_named_and_none_is_chosen()
    {
        var choice = ApplicableLaw.Choose([Of("A", "2020-01-01", "2025-12-31"), Of("B", "2025-12-31", null)], "L", Day("2025-12-31"));
        Assert.Equal((LawChoiceState.Overlap, ""), (choice.State, Codes(choice)));
        Assert.Contains("A có hiệu lực từ 01/01/2020 đến 31/12/2025; B có hiệu lực từ 31/12/2025", choice.Derivation.Statement, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Law, "2003-01-01")]
    [InlineData(Decree, "2017-01-01")]
    [InlineData(Circular, "2024-01-01")]
    public void The_shipped_register_has_one_instrument_of_each_line_for_every_day(string family, string from)
    {
        for (var day = Day(from); day.Year < 2031; day = day.AddDays(1))
        {
            Assert.Equal(LawChoiceState.Chosen, ApplicableLaw.Choose(s_shipped, family, day, s_decided).State);
        }
    }

    [Fact] // a line whose periods touch has exactly one instrument a day; where they leave a day or share one, that is what is said
    public void Intervals_decide_how_many_instruments_a_day_has() =>
        Gen.Select(Gen.Int[1, 400].Array[1, 6], Gen.Int[-2, 2], Gen.Int[-30, 2500]).Sample(
            (lengths, shift, offset) =>
            {
                var (start, line) = (Day("2020-01-01"), new List<Instrument>());
                foreach (var (length, index) in lengths.Select((length, index) => (length, index)))
                {
                    var isLast = index == lengths.Length - 1;
                    line.Add(Of($"V{index}", $"{start:yyyy-MM-dd}", isLast ? null : $"{start.AddDays(length + Math.Max(0, -shift)):yyyy-MM-dd}", replacedBy: isLast ? null : $"V{index + 1}"));
                    start = start.AddDays(length + 1 + Math.Max(0, shift));
                }

                var day = Day("2020-01-01").AddDays(offset);
                var inForce = line.Where(instrument => instrument.IsInForceOn(day)).Select(instrument => instrument.Code).ToList();
                var choice = ApplicableLaw.Choose(line, "L", day, day.AddDays(lengths[0]));
                return inForce.Count switch
                {
                    0 => choice.State == LawChoiceState.Gap,
                    1 => choice.State == LawChoiceState.Chosen && Codes(choice) == inForce[0],
                    _ => choice.State == LawChoiceState.Overlap && inForce.TrueForAll(code => choice.Derivation.Statement.Contains(code, StringComparison.Ordinal)),
                };
            },
            iter: 10_000);

    [Fact] // without the exception the day of decision changes nothing; with it, only what the transition rule opens
    public void Only_a_recorded_exception_lets_later_law_in() =>
        Gen.Select(Gen.Int[0, 800], Gen.Int[0, 800], Gen.Bool, Gen.Bool).Sample(
            (received, later, allowed, recorded) =>
            {
                Instrument[] line =
                [
                    Of("LAW", "2024-01-01", null),
                    Of("AMENDMENT", "2025-01-01", null, keepsBefore: "2025-01-01", exception: allowed) with { Amends = ["LAW"] },
                ];
                var (receivedOn, decidedOn) = (Day("2024-01-01").AddDays(received), Day("2024-01-01").AddDays(received + later));
                var (amendedAtReceipt, amendedNow) = (receivedOn >= Day("2025-01-01"), decidedOn >= Day("2025-01-01"));
                var choice = ApplicableLaw.Choose(line, "L", receivedOn, decidedOn, recorded);
                return choice.AllowsMoreFavourable == (allowed && !amendedAtReceipt && amendedNow)
                    && choice.IsMoreFavourable == (recorded && choice.AllowsMoreFavourable)
                    && Codes(choice) == (amendedAtReceipt || choice.IsMoreFavourable ? "LAW AMENDMENT" : "LAW");
            },
            iter: 10_000);

    private static LawChoice Choose(string family, DateOnly receivedOn) => ApplicableLaw.Choose(s_shipped, family, receivedOn, s_decided);

    private static string Codes(LawChoice choice) => string.Join(' ', choice.Instruments.Select(instrument => instrument.Code));

    private static Instrument Of(string code, string from, string? to, string? replacedBy = null, string? keepsBefore = null, bool exception = false) => new(
        code, code, "L", Day(from), to is null ? null : Day(to), null, true, null, replacedBy is null ? [] : [replacedBy], [],
        keepsBefore is null ? [] : [new Transition(Day(keepsBefore), exception, "Hồ sơ đã tiếp nhận", true)], 1);

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd");
}

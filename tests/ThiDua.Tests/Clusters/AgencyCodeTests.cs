using System.Globalization;
using CsCheck;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

/// <summary>
/// “Mã định danh gồm các nhóm A–Z, 0–9 cách nhau bằng dấu chấm, tối đa 35 ký tự; cấp 1 là một chữ cái và hai chữ số; dạng cũ
/// 000.00.00.H42 vẫn được nhận; mã đã đóng không dùng lại.”
/// </summary>
public sealed class AgencyCodeTests
{
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "10000", CultureInfo.InvariantCulture);
    private static readonly AgencyCodeFormat s_format = new(35, 1, 2, [3, 2, 2]);

    private static readonly Gen<string> s_groups = Gen.OneOf(Gen.Char['A', 'Z'], Gen.Char['0', '9']).Array[1, 6].Select(characters => new string(characters));
    private static readonly Gen<string> s_levelOne = Gen.Select(Gen.Char['A', 'Z'], Gen.Int[0, 99]).Select((letter, number) => $"{letter}{number:00}");

    [Theory]
    [InlineData("H42", "H42")]
    [InlineData("H42.15", "H42.15")]
    [InlineData("h42.15", "H42.15")]
    [InlineData("H42.15.XA01", "H42.15.XA01")]
    [InlineData("000.00.00.H42", "H42")]
    [InlineData("000.00.15.H42", "H42.15")]
    [InlineData("000.01.15.H42", "H42.15.01")]
    [InlineData("003.01.15.H42", "H42.15.01.003")]
    [InlineData("000.01.00.H42", null)] // cấp dưới của một cấp không có
    [InlineData("00.00.00.H42", null)]
    [InlineData("H4", null)]
    [InlineData("H423", null)]
    [InlineData("42H", null)]
    [InlineData("H42.", null)]
    [InlineData("H42..15", null)]
    [InlineData("H42-15", null)]
    [InlineData("H42.Đ1", null)]
    [InlineData("", null)]
    [InlineData("H42.1234567890.1234567890.123456789", "H42.1234567890.1234567890.123456789")] // 35 ký tự
    [InlineData("H42.1234567890.1234567890.1234567890", null)] // 36
    public void A_code_is_read_in_either_form(string code, string? expected) => Assert.Equal(expected, s_format.Normalize(code));

    [Fact]
    public void Every_code_of_the_present_form_is_itself_and_no_other_is_taken() =>
        Gen.Select(s_levelOne, s_groups.Array[0, 6]).Sample(
            (first, rest) =>
            {
                var code = string.Join('.', rest.Prepend(first));
                Assert.Equal(code.Length <= 35, s_format.IsValid(code));
                Assert.Equal(code.Length <= 35 ? code : null, s_format.Normalize(code));
                Assert.False(s_format.IsValid(code + "."));
                Assert.False(s_format.IsValid(code.Insert(1, "x")));
            },
            iter: Cases);

    [Fact]
    public void The_old_form_and_the_present_one_say_the_same() =>
        Gen.Select(s_levelOne, Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 999]).Sample(
            (first, second, third, fourth) =>
            {
                var legacy = string.Create(CultureInfo.InvariantCulture, $"{fourth:000}.{third:00}.{second:00}.{first}");
                var isGapless = (fourth == 0 || third > 0) && (third == 0 || second > 0);
                var present = s_format.Normalize(legacy);

                Assert.Equal(isGapless, present is not null);
                Assert.True(present is null || s_format.Legacy(present) == legacy, $"{legacy} → {present} → {(present is null ? null : s_format.Legacy(present))}");
            },
            iter: Cases);

    [Fact]
    public void A_unit_has_one_identifier_a_day_and_the_former_ends_when_the_next_begins()
    {
        var first = UnitIdentifier.Give("A", "H42.15", Day("2020-01-01"), null, [], Now);
        var second = UnitIdentifier.Give("A", "H42.16", Day("2025-07-01"), null, [first], Now);

        Assert.Equal(Day("2025-06-30"), first.ValidTo);
        Assert.True(first.HoldsOn(Day("2025-06-30")) && !first.HoldsOn(Day("2025-07-01")) && second.HoldsOn(Day("2025-07-01")));
        Assert.Equal("PERIODS_OVERLAP", Refused("2024-01-01", null, first, second));
        Assert.Equal("CLOSES_BEFORE_OPENS", Refused("2026-01-01", "2025-12-31", first, second));
        Assert.Null(UnitIdentifier.Give("A", "H42.14", Day("2010-01-01"), Day("2019-12-31"), [first, second], Now).HoldsOn(Day("2020-01-01")) ? "overlaps" : null);
    }

    private static string Refused(string from, string? to, params UnitIdentifier[] known) =>
        Assert.Throws<RuleViolationException>(() => UnitIdentifier.Give("A", "H42.17", Day(from), to is null ? null : Day(to), known, Now)).Errors.Single().Code;
}

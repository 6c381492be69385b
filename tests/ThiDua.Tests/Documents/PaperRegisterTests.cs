using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

public sealed class PaperRegisterTests(PaperHost host) : IClassFixture<PaperHost>
{
    private static readonly DateOnly s_today = new(2026, 3, 20);

    [Fact]
    public void Numbers_begin_with_one_and_follow_each_other()
    {
        Assert.Equal(1, PaperRegister.Next(null, s_today, s_today, []));
        Assert.Equal(8, PaperRegister.Next(null, s_today, s_today, [new(3, s_today), new(7, s_today)]));
        Assert.Equal(5, PaperRegister.Next(5, s_today, s_today, [new(3, s_today), new(7, s_today)]));
    }

    [Theory]
    [InlineData(7, 20, "number-taken")]
    [InlineData(5, 9, "register-order")] // number 3 is of the tenth
    [InlineData(5, 16, "register-order")] // number 7 is of the fifteenth
    [InlineData(null, 14, "register-order")]
    [InlineData(null, 21, "validation-failed")] // tomorrow
    [InlineData(0, 20, "validation-failed")]
    [InlineData(100_000, 20, "validation-failed")]
    public void A_number_is_given_once_and_numbers_rise_with_the_dates(int? given, int day, string code)
    {
        RegisteredNumber[] taken = [new(3, new DateOnly(2026, 3, 10)), new(7, new DateOnly(2026, 3, 15))];

        Assert.Equal(code, Assert.Throws<RuleViolationException>(() => PaperRegister.Next(given, new DateOnly(2026, 3, day), s_today, taken)).Code);
    }

    [Fact]
    public async Task Many_who_issue_at_once_get_numbers_without_a_gap_and_without_a_double()
    {
        const int Papers = 24;
        var season = await host.DecidedAsync("R1", members: Papers);
        var drafts = new List<ApiAnswer>();
        foreach (var unit in season.Cluster.Units)
        {
            drafts.Add((await host.DraftAsync(season, "UNIT_NOTICE", unit: unit)).Expect(201));
        }

        var refused = drafts[0] with { }; // its reader never saw it: this request takes no number
        var issued = await Task.WhenAll(drafts.Select(draft => host.IssueAsync(draft)).Append(host.IssueAsync(refused, new { number = -1 })));

        Assert.Equal(
            Enumerable.Range(1, Papers).Select(number => $"{number:00}/TB-SNV"),
            issued.Where(answer => answer.Status == 200).Select(answer => (string)answer["symbol"]!).Order(StringComparer.Ordinal));
        Assert.Single(issued, answer => answer.Status is 412 or 422);
    }
}

using ThiDua.Identity.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Identity;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData("Mật khẩu 1", true)]
    [InlineData("Abcdef1!", true)]
    [InlineData("Abcde1!", false)] // seven characters
    [InlineData("abcdef1!", false)] // no capital
    [InlineData("ABCDEF1!", false)] // no small letter
    [InlineData("Abcdefg!", false)] // no digit
    [InlineData("Abcdefg1", false)] // nothing else
    [InlineData("một câu dài dễ nhớ", true)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void A_password_has_eight_characters_of_four_classes_or_is_long(string password, bool strong) =>
        Assert.Equal(strong, AccountRules.IsStrong(password, AccountKind.Person));

    [Theory]
    [InlineData("0123456789abcdefghij", true)]
    [InlineData("Abcdef1!Abcdef1!", false)]
    public void A_client_secret_has_twenty_characters(string secret, bool strong) =>
        Assert.Equal(strong, AccountRules.IsStrong(secret, AccountKind.Client));

    [Theory]
    [InlineData(false, Roles.Admin)]
    [InlineData(false, Roles.Admin, Roles.Auditor, Roles.DataProvider)]
    [InlineData(false, Roles.Appraiser, Roles.UnitHead)]
    [InlineData(true, Roles.Admin, Roles.Appraiser)]
    [InlineData(true, Roles.Admin, Roles.AppraisalHead)]
    [InlineData(true, Roles.Admin, Roles.UnitClerk)]
    [InlineData(true, Roles.Admin, Roles.UnitHead)]
    [InlineData(true, Roles.Admin, Roles.CouncilSecretary)]
    [InlineData(true, Roles.Admin, Roles.CouncilMember)]
    [InlineData(true, Roles.Admin, Roles.CouncilChair)]
    public void SoD_5_who_administers_does_not_score(bool refused, params string[] roles) =>
        Assert.Equal(refused, AccountRules.AdministersAndScores(roles));
}

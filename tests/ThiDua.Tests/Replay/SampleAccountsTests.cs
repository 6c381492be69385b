using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;

namespace ThiDua.Tests.Replay;

public sealed class SampleAccountsTests
{
    private readonly SampleAccounts _accounts = new("một khoá thử nghiệm dài hơn hai mươi ký tự");

    [Fact]
    public void The_administrator_keeps_the_secret_of_the_system() =>
        Assert.Equal("một khoá thử nghiệm dài hơn hai mươi ký tự", _accounts.SecretOf("admin"));

    [Fact]
    public void Other_secrets_follow_from_the_administrators()
    {
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes("một khoá thử nghiệm dài hơn hai mươi ký tự"), Encoding.UTF8.GetBytes("thidua-account:unit-A"));

        Assert.Equal(Convert.ToBase64String(mac).Replace('+', '-').Replace('/', '_')[..32], _accounts.SecretOf("unit-A"));
        Assert.Equal(_accounts.SecretOf("unit-A"), new SampleAccounts("một khoá thử nghiệm dài hơn hai mươi ký tự").SecretOf("unit-A"));
        Assert.NotEqual(_accounts.SecretOf("unit-A"), _accounts.SecretOf("unit-B"));
        Assert.NotEqual(_accounts.SecretOf("unit-A"), new SampleAccounts("another").SecretOf("unit-A"));
    }

    [Theory]
    [InlineData("26740", "unit-26740")]
    [InlineData("H42.15_b-c", "unit-H42.15_b-c")]
    public void A_units_account_is_named_after_it(string code, string id) => Assert.Equal(id, SampleAccounts.UnitId(code));

    [Fact]
    public void A_code_that_no_account_can_have_gets_a_name_of_its_own()
    {
        var id = SampleAccounts.UnitId("Sở-Nội-vụ");

        Assert.Matches("^unit-[0-9a-f]{32}$", id);
        Assert.NotEqual(id, SampleAccounts.UnitId("Sở-Y-tế"));
    }

    [Fact]
    public void A_unit_writes_and_submits_for_itself_only()
    {
        var account = _accounts.UnitClient("26740", "Phường Sài Gòn");

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$"""
                {"id": "unit-26740", "kind": "CLIENT", "name": "Phường Sài Gòn", "secret": "{{_accounts.SecretOf("unit-26740")}}",
                 "roles": ["unit_clerk", "unit_head"], "unit": "26740"}
                """),
            account));
    }
}

using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.ServiceDefaults;

/// <summary>A cursor that no page gave is refused: taken for the beginning, it would show a reader the first page again and again.</summary>
public sealed class PagingTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("1.5")]
    public void A_forged_cursor_is_refused(string key)
    {
        var page = new PageQuery(null, Cursor.Encode(key));
        Assert.Equal("bad-page", Assert.Throws<RuleViolationException>(() => page.AfterAs<Guid>()).Code);
        Assert.Equal("bad-page", Assert.Throws<RuleViolationException>(() => page.AfterAs<long>()).Code);
    }

    [Fact]
    public void A_cursor_of_a_page_leads_on_and_none_to_the_beginning()
    {
        var id = Guid.CreateVersion7();
        Assert.Equal(id, new PageQuery(null, Cursor.Encode(id.ToString())).AfterAs<Guid>());
        Assert.Null(new PageQuery(null, null).AfterAs<Guid>());
    }
}

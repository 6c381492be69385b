using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.ServiceDefaults;

public class VietnameseTextTests
{
    [Theory]
    [InlineData("Phu\u031bo\u031b\u0300ng", "Phường")] // composed from parts, as some keyboards send it
    [InlineData("  Xã\u00a0Bình Chánh ", "Xã Bình Chánh")] // no-break space
    [InlineData("Cụm\u200b số\ufeff 1", "Cụm số 1")] // zero-width characters hide inside codes
    [InlineData("a\u0007b", "ab")]
    public void Text_is_stored_in_one_form(string given, string expected) => Assert.Equal(expected, VietnameseText.Normalize(given));

    [Theory]
    [InlineData("Phường Hưởng", "phuong huong")]
    [InlineData("Đặc khu Côn Đảo", "dac khu con dao")]
    [InlineData("ĐỒNG NAI", "dong nai")]
    [InlineData("Thừa Thiên Huế", "thua thien hue")]
    public void Search_ignores_diacritics_and_treats_đ_as_d(string given, string expected) => Assert.Equal(expected, VietnameseText.Fold(given));

    [Fact]
    public void A_cursor_gives_back_any_key()
    {
        foreach (var key in new[] { "", "a", "Đặc khu", "2025/C001", "~!@#", "ăâđêôơư" })
        {
            Assert.Equal(key, Cursor.Decode(Cursor.Encode(key)));
        }

        Assert.Throws<RuleViolationException>(() => Cursor.Decode("%%%"));
    }
}

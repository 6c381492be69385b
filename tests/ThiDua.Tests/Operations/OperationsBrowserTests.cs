using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>The page as an operator has it: in a real browser, with the keyboard, on a narrow screen, in the dark, and for a screen reader (axe).</summary>
[Collection(OperatedSystemTests.Name)]
public sealed class OperationsBrowserTests(OperatedSystem system, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly List<string> _foreign = [];
    private readonly List<string> _complaints = [];
    private IBrowserContext _context = null!;
    private IPage _page = null!;

    public async ValueTask InitializeAsync() => await OpenAsync(new());

    [Fact]
    public async Task An_operator_signs_in_reads_the_verdict_and_signs_out()
    {
        await SignInAsync(OperatedSystem.Auditor);

        Assert.Equal("✔ Hệ thống hoạt động bình thường", await _page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First.InnerTextAsync());
        Assert.Equal("Hệ thống hoạt động bình thường – Vận hành – Thi đua", await _page.TitleAsync());
        Assert.Equal("vi", await _page.Locator("html").GetAttributeAsync("lang"));
        await _page.GetByRole(AriaRole.Link, new() { Name = "30 giây" }).ClickAsync();
        Assert.EndsWith("/ops?refresh=30", _page.Url, StringComparison.Ordinal);
        await _page.GetByRole(AriaRole.Link, new() { Name = "tắt" }).ClickAsync();

        await _page.GetByRole(AriaRole.Button, new() { Name = "Đăng xuất" }).ClickAsync();
        await _page.GetByRole(AriaRole.Heading, new() { Name = "Đã đăng xuất" }).WaitForAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Đăng nhập lại" }).ClickAsync();
        await _page.GetByLabel("Mật khẩu").WaitForAsync();
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_in_the_order_of_reading()
    {
        await SignInAsync(OperatedSystem.Auditor);
        await _page.GotoAsync("/ops");
        var reached = new List<string>();
        for (var step = 0; step < 8; step++)
        {
            await _page.Keyboard.PressAsync("Tab");
            reached.Add(await _page.EvaluateAsync<string>("() => document.activeElement.innerText.trim().split('\\n')[0]"));
        }

        Assert.Equal(["Bỏ qua, tới nội dung chính", "Thi đua · Vận hành", "tắt", "15 giây", "30 giây", "60 giây", "Đăng xuất"], reached[..7]);
        Assert.StartsWith("Các dịch vụ và từng bản", reached[7], StringComparison.Ordinal); // a table that may have to be scrolled

        await _page.GotoAsync("/ops");
        await _page.Keyboard.PressAsync("Tab");
        Assert.True(await _page.EvaluateAsync<bool>("() => document.activeElement.getBoundingClientRect().top >= 0"), "the skip link is seen when it has the focus");
        await _page.Keyboard.PressAsync("Enter");
        Assert.Equal("noi-dung", await _page.EvaluateAsync<string>("() => document.activeElement.id"));
        await _page.Locator(".chart summary").First.FocusAsync();
        await _page.Keyboard.PressAsync("Enter");
        Assert.Equal(14, await _page.Locator(".chart table").First.Locator("tr").CountAsync());
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1280)]
    public async Task Nothing_is_wider_than_the_screen(int width)
    {
        await _page.SetViewportSizeAsync(width, 800);
        await SignInAsync(OperatedSystem.Auditor);

        Assert.Equal(width, await _page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.True(await _page.EvaluateAsync<bool>("() => document.querySelector('.verdict').getBoundingClientRect().bottom < innerHeight"), "the verdict is seen without scrolling");
    }

    [Fact]
    public async Task A_screen_reader_has_nothing_to_complain_about_in_any_state()
    {
        await SignInAsync(OperatedSystem.Auditor, onSignInPage: () => AssertAccessibleAsync("the sign-in page"));
        await AssertAccessibleAsync("healthy");

        await ReloadWithAlertsAsync();
        await AssertAccessibleAsync("with alerts");
        system.Prometheus.Alerts = [];

        system.Prometheus.Takeover = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await _page.ReloadAsync();
        Assert.Contains("không có số liệu giám sát", await _page.TitleAsync(), StringComparison.Ordinal);
        await AssertAccessibleAsync("without Prometheus");
        system.Prometheus.Takeover = null;

        await _page.GotoAsync("/ops/runbooks/ServiceDown");
        await AssertAccessibleAsync("a runbook");
    }

    [Fact]
    public async Task In_the_dark_everything_can_be_read_too()
    {
        await _context.DisposeAsync();
        await OpenAsync(new() { ColorScheme = ColorScheme.Dark });
        await SignInAsync(OperatedSystem.Auditor);
        await ReloadWithAlertsAsync();

        Assert.Equal("rgb(17, 21, 27)", await _page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).backgroundColor"));
        await AssertAccessibleAsync("in the dark", "color-contrast");
    }

    [Fact]
    public async Task Somebody_without_the_role_gets_a_page_that_can_be_read()
    {
        await SignInAsync(OperatedSystem.Appraiser, expected: 403);

        Assert.Equal("Không có quyền xem trang vận hành", await _page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync());
        await AssertAccessibleAsync("the refusal");
    }

    public async ValueTask DisposeAsync()
    {
        system.Prometheus.Alerts = [];
        system.Prometheus.Takeover = null;
        await _context.DisposeAsync();
        Nothing.In(_foreign);
        Nothing.In(_complaints);
    }

    private async Task OpenAsync(BrowserNewContextOptions options)
    {
        options.BaseURL = system.Address.ToString();
        options.Locale = "vi-VN";
        _context = await chromium.Browser.NewContextAsync(options);
        _context.SetDefaultTimeout(15_000);
        _page = await _context.NewPageAsync();
        _page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != system.Address.Authority)
            {
                _foreign.Add(request.Url);
            }
        };
        _page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("403", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text); // a breach of the page's own policy, for one
            }
        };
    }

    private async Task SignInAsync(string user, int expected = 200, Func<Task>? onSignInPage = null)
    {
        await _page.GotoAsync("/ops");
        if (onSignInPage is not null)
        {
            await onSignInPage();
        }

        await _page.GetByLabel("Tên đăng nhập").FillAsync(user);
        await _page.GetByLabel("Mật khẩu").FillAsync(OperatedSystem.Password);
        var arrived = _page.WaitForResponseAsync(response => response.Url.EndsWith("/ops", StringComparison.Ordinal) && response.Status != 302);
        await _page.Keyboard.PressAsync("Enter");
        Assert.Equal(expected, (await arrived).Status);
        await _page.Locator("#noi-dung").WaitForAsync();
    }

    private async Task ReloadWithAlertsAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        system.Prometheus.Alerts = [FakePrometheus.Alert("Burning", "page", "Scoring trả lỗi", now.AddMinutes(-3)), FakePrometheus.Alert("ServiceDown", "ticket", "Chậm", now)];
        await _page.ReloadAsync();
        Assert.Contains("Hệ thống có sự cố", await _page.TitleAsync(), StringComparison.Ordinal);
    }

    /// <param name="state">What is looked at, for the message.</param>
    /// <param name="rule">One of axe's rules; all of them when not named.</param>
    private async Task AssertAccessibleAsync(string state, string? rule = null)
    {
        var result = await _page.RunAxe(new AxeRunOptions
        {
            ResultTypes = [ResultType.Violations],
            RunOnly = rule is null ? null : new RunOnlyOptions { Type = "rule", Values = [rule] },
        });
        Nothing.In(result.Violations.Select(violation => $"{state}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
    }
}

/// <summary>Debian's Chromium without a window, one for all tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

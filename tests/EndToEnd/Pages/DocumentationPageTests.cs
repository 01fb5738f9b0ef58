using System.Collections.Concurrent;
using Microsoft.Playwright;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Pages;

/// <summary>What a person sees who opens the documentation in a browser.</summary>
public sealed class DocumentationPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("docs", "#swagger-ui .opblock", "/api/v1/events")]
    [InlineData("redoc", "[role=navigation], .menu-content", "/api/v1/analytics/aggregate")]
    public async Task Documentation_renders_without_a_complaint_of_the_browser(string page, string selector, string text)
    {
        string? chromium = Checkout.Program("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome");
        Assert.SkipWhen(chromium is null, "Chromium is not installed.");
        // The driver is Playwright's own node with the package, the browser the distribution's; nothing is downloaded.
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Headless = true,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
        IPage tab = await browser.NewPageAsync();
        ConcurrentQueue<string> complaints = [];
        tab.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        tab.PageError += (_, error) => complaints.Enqueue(error);
        tab.RequestFailed += (_, request) => complaints.Enqueue($"failed: {request.Url}");
        tab.Response += (_, response) =>
        {
            if (response.Status >= 400)
                complaints.Enqueue($"{response.Status}: {response.Url}");
        };

        await tab.GotoAsync($"{shared.Server.Address}{page}", new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle, Timeout = 90_000 });
        await tab.WaitForSelectorAsync(selector, new PageWaitForSelectorOptions { Timeout = 90_000 });
        // Redoc shows its frame first and fills it afterwards: the text is waited for, not expected at once.
        await Assertions.Expect(tab.Locator("body")).ToContainTextAsync(text, new LocatorAssertionsToContainTextOptions { Timeout = 90_000 });
        Assert.Empty(complaints);
    }
}

using System.Net;
using Microsoft.AspNetCore.Http;
using Opaline.Server.Pages;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Pages;

public class SecurityHeaderTests(SharedServer shared)
{
    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("/api/v1/datasets", "admin")]
    [InlineData("/api/v1/datasets", null)]
    [InlineData("/nowhere", null)]
    [InlineData("/health/ready", null)]
    [InlineData("/docs/index.html", null)]
    [InlineData("/redoc/index.html", null)]
    [InlineData("/openapi/v1.json", null)]
    [InlineData("/metrics", null)]
    [InlineData("/", null)]
    public async Task Every_answer_has_them(string path, string? role)
    {
        using HttpResponseMessage response = await Answer(path, role);
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        string policy = Header(response, "Content-Security-Policy");
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'unsafe-inline'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
        Assert.True(response.Headers.Contains("RateLimit-Limit"));
        Assert.NotNull(response.Headers.CacheControl);
    }

    [Fact]
    public async Task Answers_of_the_API_are_not_to_be_stored()
    {
        using HttpResponseMessage response = await _server.GetAsync("/api/v1/datasets", "admin");
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/redoc/index.html")]
    public async Task Pages_fetch_nothing_from_elsewhere(string path)
    {
        using HttpResponseMessage response = await _server.GetAsync(path, null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("//", page.Replace("<!--", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/docs/index.js")]
    [InlineData("/docs/swagger-ui-bundle.js")]
    [InlineData("/redoc/index.js")]
    public async Task Scripts_of_the_pages_are_served_here(string path)
    {
        using HttpResponseMessage response = await _server.GetAsync(path, null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Reference_page_does_not_report_its_visitors()
    {
        using HttpResponseMessage response = await _server.GetAsync("/redoc/index.js", null);
        Assert.Contains("\"disableTelemetry\":true", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_leads_to_the_documentation()
    {
        using HttpResponseMessage response = await Answer("/", null);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/docs", response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("https", "opaline.example.org", true)]
    [InlineData("https", "localhost", false)]
    [InlineData("https", "127.0.0.1", false)]
    [InlineData("https", "[::1]", false)]
    [InlineData("http", "opaline.example.org", false)]
    public async Task Browsers_are_held_to_TLS_beyond_loopback(string scheme, string host, bool expected)
    {
        DefaultHttpContext context = new();
        context.Request.Scheme = scheme;
        context.Request.Host = new HostString(host);
        await SecurityHeadersMiddleware.WriteAsync(context);
        Assert.Equal(expected, context.Response.Headers.StrictTransportSecurity.Count == 1);
    }

    private async Task<HttpResponseMessage> Answer(string path, string? role)
    {
        using HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _server.Address };
        if (await _server.TokenAsync(role) is { } token)
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await http.GetAsync(path);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Authentication;

public class TokenEndpointTests(SharedServer shared)
{
    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("admin")]
    [InlineData("analyst")]
    [InlineData("viewer")]
    [InlineData("auditor")]
    [InlineData("ingest")]
    public async Task Client_of_each_role_gets_a_short_token_that_says_so(string role)
    {
        CredentialDocument credential = _server.Credentials().Single(c => c.Role == role);
        Assert.Equal(role, credential.ClientId);
        using HttpResponseMessage response = await _server.RequestTokenAsync(credential.ClientId, credential.ClientSecret);
        TokenDocument token = await response.ReadAsync<TokenDocument>();
        Assert.InRange(token.ExpiresIn, 590, 600);
        Assert.Equal("Bearer", token.TokenType);
        Assert.Contains("no-store", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        JsonWebToken jwt = new(token.AccessToken);
        Assert.Equal("ES256", jwt.Alg);
        Assert.Equal("at+jwt", jwt.Typ);
        Assert.Equal(ForgedTokens.Issuer, jwt.Issuer);
        Assert.Equal([ForgedTokens.Audience], jwt.Audiences);
        Assert.Equal(role, jwt.Subject);
        Assert.Equal(role, jwt.GetClaim("role").Value);
        Assert.Equal("default", jwt.GetClaim("tenant").Value);
        Assert.Equal("general", jwt.GetClaim("department").Value);
        Assert.Equal(TimeSpan.FromMinutes(10), jwt.ValidTo - jwt.IssuedAt);
    }

    [Fact]
    public async Task Login_is_recorded_before_the_token_leaves()
    {
        CredentialDocument credential = _server.Credentials().Single(c => c.Role == "auditor");
        using HttpResponseMessage response = await _server.RequestTokenAsync(credential.ClientId, credential.ClientSecret);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(await _server.LogAsync("auditor"), e => e.Record is { Action: "login", Outcome: "ok", Role: "auditor" });
    }

    [Fact]
    public async Task Wrong_secret_is_refused_and_recorded_under_the_client()
    {
        using HttpResponseMessage response = await _server.RequestTokenAsync("viewer", "wrong");
        await OAuthErrorAsync(response, HttpStatusCode.Unauthorized, "invalid_client");
        Assert.Contains(await _server.LogAsync("viewer"), e => e.Record is { Action: "login", Outcome: "invalid_client" });
    }

    [Fact]
    public async Task Unknown_client_is_refused_alike_and_its_name_is_not_kept()
    {
        const string Typed = "my-secret-typed-into-the-wrong-box";
        using HttpResponseMessage response = await _server.RequestTokenAsync(Typed, "wrong");
        await OAuthErrorAsync(response, HttpStatusCode.Unauthorized, "invalid_client");
        Assert.DoesNotContain(await _server.LogAsync(), e => e.Record.ToString().Contains(Typed, StringComparison.Ordinal));
        Assert.Contains(await _server.LogAsync("anonymous"), e => e.Record is { Action: "login", Outcome: "invalid_client" });
    }

    [Theory]
    [InlineData("password")]
    [InlineData("authorization_code")]
    [InlineData("refresh_token")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    public async Task No_other_grant_is_served(string grant)
    {
        using HttpResponseMessage response = await _server.Http.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent([new("grant_type", grant), new("client_id", "admin"), new("client_secret", "x"), new("username", "a"), new("password", "b")]));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json", """{"grant_type":"client_credentials"}""")]
    [InlineData("text/plain", "grant_type=client_credentials")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=client_credentials")]
    public async Task Malformed_request_is_a_4xx(string type, string body)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, type);
        using HttpResponseMessage response = await _server.Http.PostAsync("/connect/token", content);
        Assert.InRange((int)response.StatusCode, 400, 401);
    }

    [Fact]
    public async Task Huge_form_is_refused()
    {
        using StringContent content = new("client_id=" + new string('a', 200_000), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using HttpResponseMessage response = await _server.Http.PostAsync("/connect/token", content);
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/jwks")]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/introspect")]
    public async Task No_other_door_of_the_token_server_is_open(string path)
    {
        using HttpResponseMessage response = await _server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task OAuthErrorAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        Assert.Equal(status, response.StatusCode);
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(error, body.GetProperty("error").GetString());
        Assert.False(string.IsNullOrEmpty(body.GetProperty("error_description").GetString()));
        Assert.False(body.TryGetProperty("error_uri", out _));
    }
}

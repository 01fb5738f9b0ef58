using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Opaline.Client.Contracts;
using Opaline.Server.Authentication;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Authentication;

public class TokenValidationTests(SharedServer shared)
{
    private readonly RunningServer _server = shared.Server;

    private SigningCredentials Own => _server.Services.GetRequiredService<SigningKey>().Credentials;

    [Fact]
    public async Task Token_that_is_right_in_everything_is_accepted() => await AcceptedAsync(ForgedTokens.Make(Own));

    [Fact]
    public async Task Expired_token_is_refused() =>
        Assert.Contains("expired", await RefusedAsync(ForgedTokens.Make(Own, age: TimeSpan.FromMinutes(11))), StringComparison.Ordinal);

    [Fact]
    public async Task Token_of_the_future_is_refused() => await RefusedAsync(ForgedTokens.Make(Own, age: TimeSpan.FromMinutes(-5)));

    [Fact]
    public async Task Token_for_another_audience_is_refused() =>
        Assert.Contains("audience", await RefusedAsync(ForgedTokens.Make(Own, audience: "somebody-else")), StringComparison.Ordinal);

    [Fact]
    public async Task Token_of_another_issuer_is_refused() =>
        Assert.Contains("issuer", await RefusedAsync(ForgedTokens.Make(Own, issuer: "https://login.example.org/")), StringComparison.Ordinal);

    [Theory]
    [InlineData("JWT")]
    [InlineData("id+jwt")]
    public async Task Token_of_another_type_is_refused(string type) =>
        Assert.Contains("at+jwt", await RefusedAsync(ForgedTokens.Make(Own, type: type)), StringComparison.Ordinal);

    [Fact]
    public async Task Unsigned_token_is_refused()
    {
        await RefusedAsync(ForgedTokens.WithoutSignature(ForgedTokens.Make(Own)));
        await RefusedAsync(ForgedTokens.Make(credentials: null));
    }

    [Fact]
    public async Task Token_signed_by_another_key_is_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync(ForgedTokens.Make(new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256)));
        // Also under the name of the right key.
        await RefusedAsync(ForgedTokens.Make(new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = Own.Key.KeyId }, SecurityAlgorithms.EcdsaSha256)));
    }

    [Fact]
    public async Task Token_signed_with_the_public_key_as_a_password_is_refused()
    {
        byte[] known = _server.Services.GetRequiredService<SigningKey>().Security.ECDsa.ExportSubjectPublicKeyInfo();
        SymmetricSecurityKey secret = new(known) { KeyId = Own.Key.KeyId };
        await RefusedAsync(ForgedTokens.Make(new SigningCredentials(secret, SecurityAlgorithms.HmacSha256)));
    }

    [Fact]
    public async Task Token_changed_after_it_was_signed_is_refused() =>
        await RefusedAsync(ForgedTokens.WithClaim((await _server.TokenAsync("viewer"))!, "role", "admin"));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9..")]
    public async Task Anything_that_is_no_token_is_refused(string token) => await RefusedAsync(token);

    [Fact]
    public async Task Token_with_two_roles_has_none()
    {
        Dictionary<string, object> claims = new() { ["sub"] = "both", ["role"] = new[] { "ingest", "analyst" }, ["tenant"] = "default" };
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Get, "/api/v1/datasets", null, token: ForgedTokens.Make(Own, claims: claims));
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Contains("more than one", problem.Detail, StringComparison.Ordinal);
        Assert.Equal("forbidden", (await _server.LogAsync("both"))[0].Record.Outcome);
    }

    private async Task AcceptedAsync(string token)
    {
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Get, "/api/v1/datasets", null, token: token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<string> RefusedAsync(string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/datasets");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using HttpResponseMessage response = await _server.Http.SendAsync(request);
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("/connect/token", problem.Detail, StringComparison.Ordinal);
        return problem.Detail!;
    }
}

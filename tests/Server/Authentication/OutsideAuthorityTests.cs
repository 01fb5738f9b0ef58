using System.Net;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Authentication;

public sealed class OutsideAuthorityTests(OutsideAuthorityTests.TrustingServer trusting) : IClassFixture<OutsideAuthorityTests.TrustingServer>
{
    private readonly TestAuthority _authority = trusting.Authority;
    private readonly RunningServer _server = trusting.Server;

    [Fact]
    public async Task Mapped_group_gives_its_role_and_the_log_names_the_authority()
    {
        using HttpResponseMessage audit = await GetAsync("/api/v1/audit", Token("alice", ["opaline-auditors", "everybody"]));
        Assert.Equal(HttpStatusCode.OK, audit.StatusCode);
        AuditRecord record = (await _server.LogAsync("corp:alice"))[0].Record;
        Assert.Equal(("auditor", "audit_read", "ok"), (record.Role, record.Action, record.Outcome));

        using HttpResponseMessage budget = await GetAsync("/api/v1/datasets", Token("bob", ["opaline-analysts"]));
        Assert.Equal(HttpStatusCode.OK, budget.StatusCode);
        using HttpResponseMessage denied = await GetAsync("/api/v1/audit", Token("bob", ["opaline-analysts"]));
        await denied.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Claims_named_like_our_own_give_nothing()
    {
        Dictionary<string, object> claims = new() { ["sub"] = "mallory", ["role"] = "admin", ["roles"] = "admin", ["tenant"] = "other" };
        using HttpResponseMessage response = await GetAsync("/api/v1/datasets", Token(claims));
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Contains("Opaline:Authentication:Authorities", problem.Detail, StringComparison.Ordinal);
        AuditEntry entry = (await _server.LogAsync("corp:mallory"))[0];
        Assert.Null(entry.Record.Role);
    }

    [Fact]
    public async Task Group_that_is_not_mapped_gives_no_role()
    {
        using HttpResponseMessage response = await GetAsync("/api/v1/datasets", Token("carol", ["admin", "Opaline-Auditors"]));
        await response.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Two_mapped_roles_are_none()
    {
        using HttpResponseMessage response = await GetAsync("/api/v1/datasets", Token("dave", ["opaline-analysts", "opaline-senders"]));
        await response.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Token_for_another_audience_is_refused() =>
        await RefusedAsync(ForgedTokens.Make(_authority.Credentials, _authority.Issuer, "somebody-else", "JWT", claims: Claims("alice", ["opaline-auditors"])));

    [Fact]
    public async Task Expired_token_is_refused() =>
        await RefusedAsync(ForgedTokens.Make(
            _authority.Credentials, _authority.Issuer, "opaline-api", "JWT", TimeSpan.FromMinutes(11), Claims("alice", ["opaline-auditors"])));

    [Fact]
    public async Task Unsigned_token_is_refused() => await RefusedAsync(ForgedTokens.WithoutSignature(Token("alice", ["opaline-auditors"])));

    [Fact]
    public async Task Token_signed_with_the_public_key_as_a_password_is_refused() =>
        await RefusedAsync(ForgedTokens.Make(
            _authority.PublicKeyAsPassword, _authority.Issuer, "opaline-api", "JWT", claims: Claims("alice", ["opaline-auditors"])));

    [Fact]
    public async Task Authority_cannot_speak_for_this_server() =>
        await RefusedAsync(ForgedTokens.Make(_authority.Credentials));

    [Fact]
    public async Task Authority_that_cannot_be_reached_is_told_as_such()
    {
        string token = ForgedTokens.Make(_authority.Credentials, "http://127.0.0.1:9", "opaline-api", "JWT");
        using HttpResponseMessage response = await GetAsync("/api/v1/datasets", token);
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "authority_unavailable");
    }

    [Fact]
    public async Task Own_clients_are_served_besides()
    {
        using HttpResponseMessage response = await _server.GetAsync("/api/v1/datasets", "admin");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Dictionary<string, object> Claims(string subject, string[] groups) => new() { ["sub"] = subject, ["groups"] = groups, ["dept"] = "research" };

    private string Token(string subject, string[] groups) => Token(Claims(subject, groups));

    private string Token(Dictionary<string, object> claims) => ForgedTokens.Make(_authority.Credentials, _authority.Issuer, "opaline-api", "JWT", claims: claims);

    private Task<HttpResponseMessage> GetAsync(string path, string token) => _server.SendAsync(HttpMethod.Get, path, null, token: token);

    private async Task RefusedAsync(string token)
    {
        using HttpResponseMessage response = await GetAsync("/api/v1/datasets", token);
        await response.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>A server that trusts an authority, and another one that is not there.</summary>
    public sealed class TrustingServer : IAsyncLifetime
    {
        private TestAuthority? _authority;
        private RunningServer? _server;

        internal TestAuthority Authority => _authority!;

        internal RunningServer Server => _server!;

        public async ValueTask InitializeAsync()
        {
            _authority = await TestAuthority.StartAsync();
            _server = await RunningServer.StartAsync(arguments:
            [
                "--Opaline:Authentication:Authorities:0:Name=corp",
                $"--Opaline:Authentication:Authorities:0:Issuer={_authority.Issuer}",
                "--Opaline:Authentication:Authorities:0:Audience=opaline-api",
                "--Opaline:Authentication:Authorities:0:RoleClaim=groups",
                "--Opaline:Authentication:Authorities:0:Roles:opaline-auditors=auditor",
                "--Opaline:Authentication:Authorities:0:Roles:opaline-analysts=analyst",
                "--Opaline:Authentication:Authorities:0:Roles:opaline-senders=ingest",
                "--Opaline:Authentication:Authorities:0:DepartmentClaim=dept",
                "--Opaline:Authentication:Authorities:1:Name=gone",
                "--Opaline:Authentication:Authorities:1:Issuer=http://127.0.0.1:9",
                "--Opaline:Authentication:Authorities:1:Audience=opaline-api",
            ]);
        }

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
            if (_authority is not null)
                await _authority.DisposeAsync();
        }
    }
}

using Opaline.Access;

namespace Opaline.Server.Configuration;

/// <summary>An outside OIDC authority. Its tokens give no role unless <see cref="Roles"/> says which.</summary>
internal sealed class AuthoritySection
{
    /// <summary>A short name, which stands before its subjects in the audit log and in budgets: <c>corp:alice</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The exact <c>iss</c> of its tokens; discovery is read from below it.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The <c>aud</c> that its tokens must have.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The claim that holds roles.</summary>
    public string RoleClaim { get; init; } = "";

    /// <summary>From a value of that claim to a role of Opaline.</summary>
    public Dictionary<string, string> Roles { get; init; } = [];

    /// <summary>The claim that holds the department, or empty.</summary>
    public string DepartmentClaim { get; init; } = "";

    /// <summary>Signature algorithms accepted; asymmetric only.</summary>
    public List<string> Algorithms { get; init; } = [];

    /// <summary>The algorithms that may be configured; also the default.</summary>
    internal static readonly string[] KnownAlgorithms = ["ES256", "ES384", "PS256", "PS384", "RS256", "RS384"];

    internal void Check(Faults faults)
    {
        faults.Require(
            Name.Length is > 0 and <= 32 && Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'),
            nameof(Name),
            "must be 1 to 32 characters of a-z, 0-9 and -.");
        faults.Require(
            AuthenticationSection.IsHttp(Issuer, out Uri? uri) && (uri!.Scheme == Uri.UriSchemeHttps || uri.IsLoopback),
            nameof(Issuer),
            "must be an absolute https URL (http on loopback only).");
        faults.Require(!string.IsNullOrWhiteSpace(Audience), nameof(Audience), "must be given: a token for somebody else is not for Opaline.");
        faults.Require(Roles.Count == 0 || RoleClaim.Length > 0, nameof(RoleClaim), "must name the claim that Roles maps.");
        foreach ((string value, string role) in Roles)
            faults.Require(RoleBinding.Parse(role) is not null, $"{nameof(Roles)}:{value}", "must be admin, analyst, viewer, auditor or ingest.");
        faults.Require(
            Algorithms.All(a => KnownAlgorithms.Contains(a)), nameof(Algorithms), $"may list {string.Join(", ", KnownAlgorithms)} only.");
    }
}

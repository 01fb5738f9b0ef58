namespace Opaline.Server.Configuration;

/// <summary>Who may say who a caller is.</summary>
internal sealed class AuthenticationSection
{
    /// <summary>Issuer of this server's own tokens: its public address.</summary>
    public string Issuer { get; init; } = "http://localhost:8000/";

    /// <summary>Audience of this server's own tokens.</summary>
    public string Audience { get; init; } = "opaline";

    /// <summary>Outside OIDC authorities whose tokens are accepted too.</summary>
    public List<AuthoritySection> Authorities { get; init; } = [];

    internal void Check(Faults faults)
    {
        faults.Require(IsHttp(Issuer, out _), nameof(Issuer), "must be an absolute http or https URL, such as https://opaline.example.org/.");
        faults.Require(!string.IsNullOrWhiteSpace(Audience), nameof(Audience), "must be a word, such as opaline.");
        HashSet<string> issuers = new([Issuer], StringComparer.Ordinal);
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < Authorities.Count; i++)
        {
            Faults inner = faults.In($"{nameof(Authorities)}:{i}");
            Authorities[i].Check(inner);
            inner.Require(issuers.Add(Authorities[i].Issuer), nameof(AuthoritySection.Issuer), "is already the issuer of another authority or of this server.");
            inner.Require(names.Add(Authorities[i].Name), nameof(AuthoritySection.Name), "is already the name of another authority.");
        }
    }

    internal static bool IsHttp(string text, out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}

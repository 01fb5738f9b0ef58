namespace Opaline.Server.Authentication;

/// <summary>The claims of an access token.</summary>
internal static class ClaimNames
{
    public const string Subject = "sub";
    public const string Role = "role";
    public const string Tenant = "tenant";
    public const string Department = "department";
}

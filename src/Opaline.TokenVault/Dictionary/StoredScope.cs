namespace Opaline.TokenVault;

/// <summary>Names of scopes as they are stored: no field can be named so that it shares a dictionary with subjects.</summary>
internal static class StoredScope
{
    public static string OfSubjects(string subjectScope) => "subject:" + subjectScope;

    public static string OfValues(string scope) => "field:" + scope;
}

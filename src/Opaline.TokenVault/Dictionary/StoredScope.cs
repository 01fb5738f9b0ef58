namespace Opaline.TokenVault;

/// <summary>Names of scopes as they are stored: no field can be named so that it shares a dictionary with subjects.</summary>
internal static class StoredScope
{
    private const string Subjects = "subject:";
    private const string Values = "field:";

    public static string OfSubjects(string subjectScope) => Subjects + subjectScope;

    public static string OfValues(string scope) => Values + scope;

    public static bool IsOfSubjects(string stored) => stored.StartsWith(Subjects, StringComparison.Ordinal);

    /// <summary>The scope without its kind.</summary>
    public static string Name(string stored) => stored[(IsOfSubjects(stored) ? Subjects : Values).Length..];
}

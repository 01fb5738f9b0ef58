using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection;

/// <summary>One detector for all tests: it has no state.</summary>
internal static class Detector
{
    private static readonly ValueDetector Instance = new();

    public static IReadOnlyList<Finding> Find(string text) => Instance.Find(text);

    public static Finding? Classify(string fieldName, string value) => Instance.Classify(fieldName, value);

    public static Finding OnlyFinding(string text) => Assert.Single(Find(text));

    public static string OnlyText(string text)
    {
        Finding finding = OnlyFinding(text);
        return text.Substring(finding.Start, finding.Length);
    }
}

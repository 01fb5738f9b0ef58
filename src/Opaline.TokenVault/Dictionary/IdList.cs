using System.Globalization;

namespace Opaline.TokenVault;

/// <summary>Lists of ids in SQL, as parameters.</summary>
internal static class IdList
{
    /// <summary><c>@p3,@p4,…</c></summary>
    public static string Parameters(int first, int count) =>
        string.Join(',', Enumerable.Range(first, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"@p{i}")));

    public static object?[] Values(IEnumerable<long> ids) => [.. ids.Select(i => (object?)i)];
}

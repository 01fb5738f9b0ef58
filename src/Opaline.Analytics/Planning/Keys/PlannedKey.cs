namespace Opaline.Analytics;

/// <summary>A key of the answer's rows, resolved.</summary>
/// <param name="Name">Name in the answer.</param>
internal abstract record PlannedKey(string Name)
{
    /// <summary>Number of public values; null for a private key.</summary>
    public abstract int? Values { get; }
}

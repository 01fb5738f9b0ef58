namespace Opaline.TokenVault;

/// <summary>What one transaction of a rotation writes: a bounded part of a page's holders and, last, the page itself.</summary>
/// <param name="Page">Number of the page.</param>
/// <param name="Holders">Holders under the new version.</param>
/// <param name="DamagedKeys">With the last part: subject keys of the page that do not open.</param>
/// <param name="DamagedHolders">With the last part: holders of the page that do not open.</param>
internal sealed record RewrappedPiece(long Page, IReadOnlyList<Holder> Holders, int DamagedKeys, int DamagedHolders)
{
    /// <summary>Whether this ends the page.</summary>
    public bool Last { get; init; }

    /// <summary>Whether the page does not open.</summary>
    public bool Damaged { get; init; }

    /// <summary>The page's key as it was and under the new version, if that is to be written.</summary>
    public (byte[] Old, byte[] New)? Wrapped { get; init; }
}

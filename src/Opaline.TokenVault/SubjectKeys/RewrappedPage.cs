using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>The page that takes the place of another.</summary>
/// <param name="Page">Its row.</param>
/// <param name="Key">Its key.</param>
/// <param name="Wrapped">The keys under it.</param>
internal sealed record RewrappedPage(KeyPage Page, SubjectKeyPage Key, IReadOnlyList<(long Subject, byte[] Wrapped)> Wrapped);

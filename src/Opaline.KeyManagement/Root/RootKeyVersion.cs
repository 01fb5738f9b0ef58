namespace Opaline.KeyManagement;

/// <summary>A version of a root key.</summary>
/// <param name="Version">Its name, in the provider's own words.</param>
/// <param name="State">What may be done with it.</param>
/// <param name="GoneAt">When it will have been destroyed for good, if that is scheduled.</param>
public sealed record RootKeyVersion(string Version, KeyState State, DateTimeOffset? GoneAt = null);

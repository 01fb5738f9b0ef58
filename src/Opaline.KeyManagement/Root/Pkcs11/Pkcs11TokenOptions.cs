namespace Opaline.KeyManagement;

/// <summary>Which key of a PKCS#11 token is the root key.</summary>
/// <param name="Library">Path of the vendor's library, such as <c>/usr/lib/softhsm/libsofthsm2.so</c>.</param>
/// <param name="Token">Label of the token.</param>
/// <param name="Key">Label of the key.</param>
/// <param name="PinFile">A file whose content (without line breaks at the end) is the user's PIN.</param>
public sealed record Pkcs11TokenOptions(string Library, string Token, string Key, string PinFile);

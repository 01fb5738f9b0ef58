namespace Opaline.Client.Contracts;

/// <summary>The root key after its rotation, or after all keys were wrapped under it anew.</summary>
/// <param name="Version">Its newest version, as whoever keeps it names it.</param>
/// <param name="AllRewrapped">Whether all stored keys lie under that version: then older ones can be destroyed. If not, keys of some tenant do not open now; the server tries again.</param>
public sealed record RootKeyDocument(string Version, bool AllRewrapped);

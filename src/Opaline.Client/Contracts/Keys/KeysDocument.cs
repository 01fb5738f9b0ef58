namespace Opaline.Client.Contracts;

/// <summary>The versions of a tenant's keys.</summary>
/// <param name="Versions">Oldest first.</param>
/// <param name="Rotations">The newest, newest first.</param>
public sealed record KeysDocument(IReadOnlyList<KeyVersionDocument> Versions, IReadOnlyList<KeyRotationDocument> Rotations);

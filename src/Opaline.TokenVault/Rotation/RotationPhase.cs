namespace Opaline.TokenVault;

/// <summary>How far a rotation has come. Stored as a number: the order stays.</summary>
public enum RotationPhase
{
    /// <summary>Asked for.</summary>
    Requested = 0,

    /// <summary>The new version is stored and known to open; nothing is sealed under it yet.</summary>
    Added = 1,

    /// <summary>The new version is the primary one; pages and holders are being wrapped under it.</summary>
    Rewrapping = 2,

    /// <summary>Whatever opens is under the new version; the older ones only open tokens.</summary>
    Done = 3,
}

namespace Opaline.TokenVault;

/// <summary>How far an erasure has come. Stored as a number: the order stays.</summary>
public enum ErasureState
{
    /// <summary>Asked for; begins at the next public tick.</summary>
    Requested = 0,

    /// <summary>Keys and values are gone; rows that were on their way may still come.</summary>
    Shredded = 1,

    /// <summary>No row is the person's any more; old content may still lie in the files.</summary>
    Removed = 2,

    /// <summary>Every store was cleaned and looked through.</summary>
    Erased = 3,
}

namespace Opaline.KeyManagement;

/// <summary>A version of a key.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="State">What may be done with it.</param>
public readonly record struct KeyVersion(int Number, KeyState State)
{
    /// <summary>Whether it opens what was wrapped under it.</summary>
    public bool Opens => State is KeyState.Added or KeyState.Primary or KeyState.DecodeOnly;
}

namespace Opaline.TokenVault;

/// <summary>A version of the keys cannot be brought into the state now; nothing was changed.</summary>
/// <param name="detail">Why, and what to do.</param>
public sealed class KeyChangeRefusedException(string detail) : Exception(detail);

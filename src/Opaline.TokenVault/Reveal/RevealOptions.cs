namespace Opaline.TokenVault;

/// <summary>How much may be revealed.</summary>
public sealed class RevealOptions
{
    /// <summary>The shortest reason, in characters without the blanks around it.</summary>
    public const int ShortestReason = 8;

    /// <summary>The longest reason, in characters.</summary>
    public const int LongestReason = 500;

    /// <summary>Values that one caller may ask for in any hour, known or not. An export counts as one.</summary>
    public int ValuesPerHour { get; set; } = 100;

    /// <summary>Most values of one call.</summary>
    public int MaxBatch { get; set; } = 100;
}

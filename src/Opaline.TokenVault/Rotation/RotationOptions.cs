namespace Opaline.TokenVault;

/// <summary>When keys are renewed and old versions end. Durations of zero mean never.</summary>
public sealed class RotationOptions
{
    /// <summary>How old the primary version may become.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long tokens of a version open after another one became primary. Then it is disabled.</summary>
    public TimeSpan OldTokensOpen { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long a disabled version can be enabled again. Then it is destroyed.</summary>
    public TimeSpan Disabled { get; set; } = TimeSpan.FromDays(30);
}

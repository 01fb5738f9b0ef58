namespace Opaline.Cli.Terminal;

/// <summary>What the process ends with. Stable: scripts look at it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The server refused.</summary>
    public const int Refused = 1;

    /// <summary>The command line, a file or the profile is not usable as it is.</summary>
    public const int Usage = 2;

    /// <summary>The server could not be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>The command ran, but some rows were rejected.</summary>
    public const int Incomplete = 4;

    /// <summary>Ended by Ctrl+C.</summary>
    public const int Cancelled = 130;
}

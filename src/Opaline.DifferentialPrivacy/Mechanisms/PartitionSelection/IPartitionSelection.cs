namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A private choice of the keys that are told, one by one, each by its own number of privacy units. A key that nobody has is never told.
/// Instances are immutable and may be shared between threads.
/// </summary>
public interface IPartitionSelection
{
    /// <summary>The loss of one choice among all keys.</summary>
    PrivacyLoss Loss { get; }

    /// <summary>Whether a key with this many units is told. It is random: draw once for a release.</summary>
    /// <param name="units">The number of units of the key after bounding, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    bool Keeps(long units);

    /// <summary>The chance with which <see cref="Keeps"/> tells a key; for previews, not for decisions.</summary>
    /// <param name="units">The number of units, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    double KeepProbability(long units);
}

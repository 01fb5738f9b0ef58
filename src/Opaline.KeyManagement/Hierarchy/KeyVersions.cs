using System.Collections.Immutable;

namespace Opaline.KeyManagement;

/// <summary>
/// The versions of one key and the rules they keep: numbers from 1 without gaps, exactly one primary, and only these moves:
/// added → primary → decode-only ⇄ disabled → destroyed (an added one may be disabled, an older one made primary again). Every move may be repeated, so an
/// interrupted rotation repeats its last step. Immutable.
/// </summary>
public sealed class KeyVersions
{
    private KeyVersions(ImmutableArray<KeyVersion> all) => All = all;

    /// <summary>A key that has never been rotated.</summary>
    public static KeyVersions First { get; } = new([new KeyVersion(1, KeyState.Primary)]);

    /// <summary>Every version, oldest first.</summary>
    public ImmutableArray<KeyVersion> All { get; }

    /// <summary>The version that new things are wrapped under.</summary>
    public KeyVersion Primary => All.First(v => v.State == KeyState.Primary);

    /// <summary>The newest version.</summary>
    public KeyVersion Newest => All[^1];

    /// <summary>Takes stored versions, in any order.</summary>
    /// <exception cref="KeyUnavailableException">They break the rules (<see cref="KeyFailure.Malformed"/>).</exception>
    public static KeyVersions Of(IEnumerable<KeyVersion> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ImmutableArray<KeyVersion> all = [.. stored.OrderBy(v => v.Number)];
        bool sound = all.Select((v, i) => v.Number == i + 1 && Enum.IsDefined(v.State)).All(x => x)
            && all.Count(v => v.State == KeyState.Primary) == 1;
        return sound
            ? new KeyVersions(all)
            : throw new KeyUnavailableException(KeyFailure.Malformed, "The stored versions of a key contradict each other: restore them.");
    }

    /// <summary>Adds the next version, which opens and wraps nothing yet. If the newest is still only added, that is the one.</summary>
    public KeyVersions Add() =>
        Newest.State == KeyState.Added ? this : new KeyVersions(All.Add(new KeyVersion(Newest.Number + 1, KeyState.Added)));

    /// <summary>Makes a version the primary one; the one that was becomes decode-only.</summary>
    /// <exception cref="KeyUnavailableException">It is disabled, destroyed or not there.</exception>
    public KeyVersions Promote(int number)
    {
        RequireOpens(number);
        return new KeyVersions([.. All.Select(v =>
            v.Number == number ? v with { State = KeyState.Primary }
            : v.State == KeyState.Primary ? v with { State = KeyState.DecodeOnly }
            : v)]);
    }

    /// <summary>Lets a version open nothing any more, until it is enabled again.</summary>
    /// <exception cref="KeyUnavailableException">It is the primary one, destroyed, or not there.</exception>
    public KeyVersions Disable(int number) => Move(number, KeyState.Disabled, [KeyState.Added, KeyState.DecodeOnly, KeyState.Disabled]);

    /// <summary>Takes <see cref="Disable"/> back: it opens again.</summary>
    /// <exception cref="KeyUnavailableException">It is the primary one, destroyed, or not there.</exception>
    public KeyVersions Enable(int number) => Move(number, KeyState.DecodeOnly, [KeyState.Disabled, KeyState.DecodeOnly]);

    /// <summary>Says that a version is gone. Its stored key must be deleted in the same transaction.</summary>
    /// <exception cref="KeyUnavailableException">It is not disabled, or not there.</exception>
    public KeyVersions Destroy(int number) => Move(number, KeyState.Destroyed, [KeyState.Disabled, KeyState.Destroyed]);

    /// <summary>The version of that number.</summary>
    /// <exception cref="KeyUnavailableException">There is none (<see cref="KeyFailure.NotThere"/>).</exception>
    public KeyVersion Version(int number) => number >= 1 && number <= All.Length
        ? All[number - 1]
        : throw new KeyUnavailableException(KeyFailure.NotThere, "There is no such version of the key.");

    /// <summary>Checks that a version opens what was wrapped under it.</summary>
    /// <exception cref="KeyUnavailableException">It is disabled, destroyed or not there; its failure says which.</exception>
    public void RequireOpens(int number)
    {
        KeyVersion version = Version(number);
        if (version.State == KeyState.Destroyed)
            throw new KeyUnavailableException(KeyFailure.Destroyed, $"Version {number} of the key is destroyed: what it wrapped can never be opened.");
        if (!version.Opens)
            throw new KeyUnavailableException(KeyFailure.Disabled, $"Version {number} of the key is disabled: enable it to open what it wrapped.");
    }

    private KeyVersions Move(int number, KeyState to, ReadOnlySpan<KeyState> from)
    {
        KeyVersion version = Version(number);
        if (version.State == KeyState.Primary)
            throw new KeyUnavailableException(KeyFailure.InUse, $"Version {number} of the key is the primary one: make another one primary first.");
        if (version.State == KeyState.Destroyed && to != KeyState.Destroyed)
            throw new KeyUnavailableException(KeyFailure.Destroyed, $"Version {number} of the key is destroyed.");
        if (!from.Contains(version.State))
            throw new KeyUnavailableException(KeyFailure.InUse, $"Version {number} of the key is {version.State}: from there it cannot become {to}.");
        return new KeyVersions(All.SetItem(number - 1, version with { State = to }));
    }
}

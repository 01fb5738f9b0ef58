using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// What a key file holds: a random id and the versions of the root key. As bytes: <c>id (8) ‖ number of versions (16 bit)</c>, then for each
/// version, from 1, <c>state (1) ‖ key (32)</c>; a destroyed version's key is zeros. Immutable, but for the keys that are disposed of.
/// </summary>
internal sealed class RootKeyFileContent : IDisposable
{
    private const int IdSize = 8;
    private const int HeaderSize = IdSize + 2;
    private const int EntrySize = 1 + SealedBox.KeySize;

    private readonly ImmutableArray<SecretBytes?> _keys;

    private RootKeyFileContent(string id, KeyVersions versions, ImmutableArray<SecretBytes?> keys)
    {
        Id = id;
        Versions = versions;
        _keys = keys;
    }

    public string Id { get; }

    public KeyVersions Versions { get; }

    public int Size => SizeOf(_keys.Length);

    public static RootKeyFileContent New() =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdSize)), KeyVersions.First, [SecretBytes.Random(SealedBox.KeySize, resident: true)]);

    /// <exception cref="KeyUnavailableException">These bytes hold none.</exception>
    public static RootKeyFileContent Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || bytes.Length != SizeOf(BinaryPrimitives.ReadUInt16BigEndian(bytes[IdSize..])))
            throw new KeyUnavailableException(KeyFailure.Malformed, "The versions in a key file are damaged.");
        string id = Convert.ToHexStringLower(bytes[..IdSize]);
        int count = (bytes.Length - HeaderSize) / EntrySize;
        KeyVersion[] versions = new KeyVersion[count];
        for (int i = 0; i < count; i++)
            versions[i] = new KeyVersion(i + 1, (KeyState)bytes[HeaderSize + (i * EntrySize)]);
        KeyVersions sound = KeyVersions.Of(versions);
        SecretBytes?[] keys = new SecretBytes?[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> key = bytes.Slice(HeaderSize + (i * EntrySize) + 1, SealedBox.KeySize);
            if (versions[i].State != KeyState.Destroyed)
                keys[i] = SecretBytes.Create(SealedBox.KeySize, key, static (to, from) => from.CopyTo(to), resident: true);
        }
        return new RootKeyFileContent(id, sound, [.. keys]);
    }

    public void WriteTo(Span<byte> bytes)
    {
        Convert.FromHexString(Id).CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[IdSize..], (ushort)_keys.Length);
        for (int i = 0; i < _keys.Length; i++)
        {
            Span<byte> entry = bytes.Slice(HeaderSize + (i * EntrySize), EntrySize);
            entry.Clear();
            entry[0] = (byte)Versions.All[i].State;
            _keys[i]?.Expose().CopyTo(entry[1..]);
        }
    }

    /// <summary>The key of a version.</summary>
    /// <exception cref="KeyUnavailableException">It is disabled, destroyed or not there.</exception>
    public SecretBytes Key(int version)
    {
        Versions.RequireOpens(version);
        return _keys[version - 1]!;
    }

    /// <summary>With one more version, which is the primary one.</summary>
    public RootKeyFileContent Rotate()
    {
        if (_keys.Length == ushort.MaxValue)
            throw new KeyUnavailableException(KeyFailure.Configuration, "The key file is full: start a new one and wrap everything again.");
        KeyVersions added = Versions.Add();
        return new RootKeyFileContent(Id, added.Promote(added.Newest.Number), _keys.Add(SecretBytes.Random(SealedBox.KeySize, resident: true)));
    }

    /// <summary>Without the key of a version. The caller disposes of it once that is durable.</summary>
    public RootKeyFileContent Destroy(int version)
    {
        KeyVersions without = Versions.Version(version).State == KeyState.Destroyed ? Versions : Versions.Disable(version).Destroy(version);
        return new RootKeyFileContent(Id, without, _keys.SetItem(version - 1, null));
    }

    /// <summary>Zeroes the keys that <paramref name="next"/> does not have.</summary>
    public void DisposeExcept(RootKeyFileContent next)
    {
        foreach (SecretBytes? key in _keys.Except(next._keys))
            key?.Dispose();
    }

    public void Dispose()
    {
        foreach (SecretBytes? key in _keys)
            key?.Dispose();
    }

    private static int SizeOf(int versions) => HeaderSize + (versions * EntrySize);
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// The key that wraps up to 4,096 subject keys. Destroying one subject's key for good means wrapping the others under a new page
/// key, so a page is the unit of that work.
/// </summary>
public sealed class SubjectKeyPage : IDisposable
{
    /// <summary>Most subject keys of a page.</summary>
    public const int Capacity = 4_096;

    private static readonly byte[] SubjectLabel = Encoding.ASCII.GetBytes("opaline/v1/subject-key/");

    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
    private bool _disposed;

    private SubjectKeyPage(long number, int version)
    {
        Number = number;
        Version = version;
    }

    /// <summary>Number of the page.</summary>
    public long Number { get; }

    /// <summary>Version of the page's key, from 1.</summary>
    public int Version { get; }

    /// <summary>Wraps a subject's key (32 bytes) with AES-256-GCM, bound to subject, page and version.</summary>
    public byte[] Wrap(long subjectId, ReadOnlySpan<byte> subjectKey)
    {
        if (subjectKey.Length != SealedBox.KeySize)
            throw new ArgumentException("A subject key has 32 bytes.", nameof(subjectKey));
        return SealedBox.Seal(Key(), subjectKey, SubjectAssociatedData(subjectId));
    }

    /// <summary>Opens a subject's wrapped key into <paramref name="subjectKey"/> (32 bytes), which the caller zeroes.</summary>
    /// <exception cref="KeyUnavailableException">It belongs to another subject, page or version, or is damaged.</exception>
    public void Unwrap(long subjectId, ReadOnlySpan<byte> wrapped, Span<byte> subjectKey)
    {
        byte[] opened;
        try
        {
            opened = SealedBox.Open(Key(), wrapped, SubjectAssociatedData(subjectId));
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException("A subject's key does not open: the vault's tables are damaged. Restore them.", e);
        }
        opened.CopyTo(subjectKey);
        CryptographicOperations.ZeroMemory(opened);
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    internal static SubjectKeyPage Create(long number)
    {
        SubjectKeyPage page = new(number, 1);
        RandomNumberGenerator.Fill(page._key);
        return page;
    }

    internal static SubjectKeyPage Unwrap(ReadOnlySpan<byte> wrappingKey, string tenant, long number, int version, ReadOnlySpan<byte> wrapped)
    {
        byte[] opened;
        try
        {
            opened = SealedBox.Open(wrappingKey, wrapped, PageAssociatedData(tenant, number, version));
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException("A page of subject keys does not open: the vault's tables are damaged. Restore them.", e);
        }
        SubjectKeyPage page = new(number, version);
        opened.CopyTo(page._key, 0);
        CryptographicOperations.ZeroMemory(opened);
        return page;
    }

    internal byte[] WrapUnder(ReadOnlySpan<byte> wrappingKey, string tenant) =>
        SealedBox.Seal(wrappingKey, Key(), PageAssociatedData(tenant, Number, Version));

    /// <summary>A zeroed key must never wrap.</summary>
    private ReadOnlySpan<byte> Key()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _key;
    }

    private byte[] SubjectAssociatedData(long subjectId)
    {
        byte[] data = new byte[SubjectLabel.Length + 20];
        SubjectLabel.CopyTo(data, 0);
        Span<byte> numbers = data.AsSpan(SubjectLabel.Length);
        BinaryPrimitives.WriteInt64BigEndian(numbers, subjectId);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], Number);
        BinaryPrimitives.WriteInt32BigEndian(numbers[16..], Version);
        return data;
    }

    private static byte[] PageAssociatedData(string tenant, long number, int version) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"opaline/v1/key-page/{tenant}/{number}/{version}"));
}

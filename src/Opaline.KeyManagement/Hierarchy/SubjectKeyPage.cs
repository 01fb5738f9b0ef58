using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// The key that wraps up to 4,096 subject keys. Destroying one subject's key for good means wrapping the others under a new version of the page's
/// key, so a page is the unit of that work. Stored as <c>1 ‖ version of the tenant's keys ‖ AES-KWP</c>. Safe for use by many threads.
/// </summary>
public sealed class SubjectKeyPage : IDisposable
{
    /// <summary>Most subject keys of a page.</summary>
    public const int Capacity = 4_096;

    private const byte Format = 1;
    private const int HeaderSize = 5;
    private const int WrappedSize = HeaderSize + SealedBox.KeySize + KeyWrap.Overhead;

    private static readonly byte[] SubjectLabel = Encoding.ASCII.GetBytes("opaline/v1/subject-key/");

    private readonly SecretBytes _key;

    private SubjectKeyPage(long number, int version, SecretBytes key)
    {
        Number = number;
        Version = version;
        _key = key;
    }

    /// <summary>Number of the page.</summary>
    public long Number { get; }

    /// <summary>Version of the page's key, from 1.</summary>
    public int Version { get; }

    /// <summary>Which version of the tenant's keys wrapped a stored page key.</summary>
    /// <exception cref="KeyUnavailableException">It is damaged.</exception>
    public static int TenantVersionOf(ReadOnlySpan<byte> wrapped) =>
        wrapped.Length == WrappedSize && wrapped[0] == Format ? BinaryPrimitives.ReadInt32BigEndian(wrapped[1..]) : throw Damaged(null);

    /// <summary>Wraps a subject's key (32 bytes) with AES-256-GCM, bound to subject, page and version.</summary>
    public byte[] Wrap(long subjectId, ReadOnlySpan<byte> subjectKey)
    {
        if (subjectKey.Length != SealedBox.KeySize)
            throw new ArgumentException("A subject key has 32 bytes.", nameof(subjectKey));
        return SealedBox.Seal(_key.Expose(), subjectKey, SubjectAssociatedData(subjectId));
    }

    /// <summary>Opens a subject's wrapped key into <paramref name="subjectKey"/> (32 bytes), which the caller zeroes.</summary>
    /// <exception cref="KeyUnavailableException">It belongs to another subject, page or version, or is damaged.</exception>
    public void Unwrap(long subjectId, ReadOnlySpan<byte> wrapped, Span<byte> subjectKey)
    {
        if (subjectKey.Length != SealedBox.KeySize)
            throw new ArgumentException("A subject key has 32 bytes.", nameof(subjectKey));
        try
        {
            if (wrapped.Length != SealedBox.KeySize + SealedBox.Overhead)
                throw new CryptographicException("A wrapped subject key has another length.");
            SealedBox.Open(_key.Expose(), wrapped, SubjectAssociatedData(subjectId), subjectKey);
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException(
                KeyFailure.DoesNotOpen, "A subject's key does not open: the vault's tables are damaged. Restore them.", e);
        }
    }

    /// <summary>A subject's wrapped key, unchanged, under another version of the page's key.</summary>
    /// <param name="next">Wraps it: the same page, or another.</param>
    /// <param name="subjectId">Whose key.</param>
    /// <param name="wrapped">The key under this version.</param>
    /// <exception cref="KeyUnavailableException">It belongs to another subject, page or version, or is damaged.</exception>
    public byte[] Rewrap(SubjectKeyPage next, long subjectId, ReadOnlySpan<byte> wrapped)
    {
        ArgumentNullException.ThrowIfNull(next);
        Span<byte> key = stackalloc byte[SealedBox.KeySize];
        try
        {
            Unwrap(subjectId, wrapped, key);
            return next.Wrap(subjectId, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();

    internal static SubjectKeyPage Create(long number, int version) => new(number, version, SecretBytes.Random(SealedBox.KeySize));

    internal static SubjectKeyPage Unwrap(
        ReadOnlySpan<byte> wrappingKey, string tenant, int tenantVersion, long number, int version, ReadOnlySpan<byte> wrapped)
    {
        if (TenantVersionOf(wrapped) != tenantVersion)
            throw new KeyUnavailableException(KeyFailure.DoesNotOpen, "A page of subject keys was wrapped by another version of the tenant's keys.");
        SecretBytes key;
        try
        {
            key = KeyWrap.UnwrapBound(wrappingKey, BelongsTo(tenant, tenantVersion, number, version), wrapped[HeaderSize..]);
        }
        catch (CryptographicException e)
        {
            throw Damaged(e);
        }
        return new SubjectKeyPage(number, version, key);
    }

    internal byte[] WrapUnder(ReadOnlySpan<byte> wrappingKey, string tenant, int tenantVersion)
    {
        byte[] header = new byte[HeaderSize];
        header[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), tenantVersion);
        return [.. header, .. KeyWrap.WrapBound(wrappingKey, BelongsTo(tenant, tenantVersion, Number, Version), _key.Expose())];
    }

    private static KeyUnavailableException Damaged(Exception? inner) =>
        new(KeyFailure.DoesNotOpen, "A page of subject keys does not open: the vault's tables are damaged. Restore them.", inner);

    private static byte[] BelongsTo(string tenant, int tenantVersion, long number, int version) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"opaline/v1/key-page/{tenantVersion}/{number}/{version}/{tenant}"));

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
}

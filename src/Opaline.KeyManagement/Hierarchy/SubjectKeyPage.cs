using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// The key that wraps up to 4,096 subject keys. Destroying one subject's key for good means wrapping the others under a new version of the page's
/// key, so a page is the unit of that work. Stored as <c>1 ‖ version of the tenant's keys ‖ AES-KWP</c>.
/// <para>
/// A subject's key is wrapped with AES-256-GCM as <c>ciphertext ‖ tag</c>. The nonce is the subject's number and is not stored: a page key lives in one object from when it is drawn, that object
/// wraps in ascending order only, and a page that was opened wraps nothing, so no nonce is ever used twice under a key (NIST SP 800-38D, 8.2.1). Safe for use by many threads.
/// </para>
/// </summary>
public sealed class SubjectKeyPage : IDisposable
{
    /// <summary>Most subject keys of a page.</summary>
    public const int Capacity = 4_096;

    private const byte Format = 1;
    private const int HeaderSize = 5;
    private const int WrappedSize = HeaderSize + SealedBox.KeySize + KeyWrap.Overhead;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int WrappedKeySize = SealedBox.KeySize + TagSize;

    private static readonly byte[] SubjectLabel = Encoding.ASCII.GetBytes("opaline/v1/subject-key/");

    private readonly SecretBytes _key;
    private readonly AesGcm _cipher;
    private readonly Lock _using = new();
    private readonly bool _opened;
    private long _last = -1;

    private SubjectKeyPage(long number, int version, SecretBytes key, bool opened)
    {
        Number = number;
        Version = version;
        _key = key;
        _opened = opened;
        _cipher = new AesGcm(key.Expose(), TagSize);
    }

    /// <summary>Number of the page.</summary>
    public long Number { get; }

    /// <summary>Version of the page's key, from 1.</summary>
    public int Version { get; }

    /// <summary>Which version of the tenant's keys wrapped a stored page key.</summary>
    /// <exception cref="KeyUnavailableException">It is damaged.</exception>
    public static int TenantVersionOf(ReadOnlySpan<byte> wrapped) =>
        wrapped.Length == WrappedSize && wrapped[0] == Format ? BinaryPrimitives.ReadInt32BigEndian(wrapped[1..]) : throw Damaged(null);

    /// <summary>Wraps a subject's key (32 bytes), bound to subject, page and version.</summary>
    /// <param name="subjectId">Number of the subject, at least 0: greater than that of the key wrapped before.</param>
    /// <param name="subjectKey">Its key.</param>
    /// <exception cref="ArgumentOutOfRangeException">A key of that subject, or of one after it, was wrapped before.</exception>
    /// <exception cref="InvalidOperationException">The page was opened: what it wrapped before is not known.</exception>
    public byte[] Wrap(long subjectId, ReadOnlySpan<byte> subjectKey)
    {
        if (subjectKey.Length != SealedBox.KeySize)
            throw new ArgumentException("A subject key has 32 bytes.", nameof(subjectKey));
        if (_opened)
            throw new InvalidOperationException("A page that was opened wraps no more keys: make a new one for them.");
        byte[] wrapped = new byte[WrappedKeySize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        lock (_using)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(subjectId, _last);
            _last = subjectId;
            WriteNonce(nonce, subjectId);
            _cipher.Encrypt(nonce, subjectKey, wrapped.AsSpan(0, SealedBox.KeySize), wrapped.AsSpan(SealedBox.KeySize), SubjectAssociatedData(subjectId));
        }

        return wrapped;
    }

    /// <summary>Opens a subject's wrapped key into <paramref name="subjectKey"/> (32 bytes), which the caller zeroes.</summary>
    /// <exception cref="KeyUnavailableException">It belongs to another subject, page or version, or is damaged.</exception>
    public void Unwrap(long subjectId, ReadOnlySpan<byte> wrapped, Span<byte> subjectKey)
    {
        if (subjectKey.Length != SealedBox.KeySize)
            throw new ArgumentException("A subject key has 32 bytes.", nameof(subjectKey));
        try
        {
            if (wrapped.Length != WrappedKeySize)
                throw new CryptographicException("A wrapped subject key has another length.");
            Span<byte> nonce = stackalloc byte[NonceSize];
            WriteNonce(nonce, subjectId);
            lock (_using)
                _cipher.Decrypt(nonce, wrapped[..SealedBox.KeySize], wrapped[SealedBox.KeySize..], subjectKey, SubjectAssociatedData(subjectId));
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
    /// <exception cref="ArgumentOutOfRangeException">The next page has wrapped the key of that subject, or of one after it.</exception>
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
    public void Dispose()
    {
        lock (_using)
            _cipher.Dispose();
        _key.Dispose();
    }

    internal static SubjectKeyPage Create(long number, int version) => new(number, version, SecretBytes.Random(SealedBox.KeySize), opened: false);

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
        return new SubjectKeyPage(number, version, key, opened: true);
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

    private static void WriteNonce(Span<byte> nonce, long subjectId)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[^sizeof(long)..], subjectId);
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
}

using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;

namespace Opaline.Tokenization;

/// <summary>
/// The token keys of one field, derived when a tokenizer is made. It holds no key itself: each tokenizer derives its own, and zeroes it when
/// disposed.
/// </summary>
public sealed class FieldKeys
{
    private const int MinSaltSize = 16;
    private const int MaxKeySize = 64;

    private readonly Action<string, Span<byte>> _derive;

    /// <summary>Names the keys of a field and says where they come from.</summary>
    /// <param name="tenant">Name of the tenant: the second part of the associated data of AES-SIV.</param>
    /// <param name="number">The field's number in the tenant, 0 to 65,535: the first two bytes of every tweak.</param>
    /// <param name="version">Version of the keys, from 1; it stands in tokens that have a prefix.</param>
    /// <param name="derive">Fills a key of a named algorithm: always the same one for a name, and unrelated ones for different names.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public FieldKeys(string tenant, int number, int version, Action<string, Span<byte>> derive)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentNullException.ThrowIfNull(derive);
        Tenant = tenant;
        Number = number;
        Version = version;
        _derive = derive;
    }

    /// <summary>Name of the tenant.</summary>
    public string Tenant { get; }

    /// <summary>The field's number in the tenant.</summary>
    public int Number { get; }

    /// <summary>Version of the keys.</summary>
    public int Version { get; }

    /// <summary>
    /// The keys of a field by the key schedule of a tenant: HKDF-SHA256, info
    /// <c>opaline/v1/tok/&lt;algorithm&gt;/&lt;field&gt;/&lt;version&gt;</c>.
    /// </summary>
    /// <param name="tenant">Must live for as long as tokenizers are made of these keys.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="number">The field's number in the tenant, 0 to 65,535.</param>
    /// <param name="version">Version of the keys, from 1.</param>
    public static FieldKeys Of(TenantKeys tenant, string field, int number, int version)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentException.ThrowIfNullOrEmpty(field);
        return new FieldKeys(tenant.Tenant, number, version, (algorithm, key) => tenant.DeriveScopeSecret(algorithm, field, version, key));
    }

    /// <summary>
    /// The field's keys for one value: HKDF-SHA256 of each key with the value's salt, info <c>opaline/v1/value/&lt;algorithm&gt;</c>. Once the salt is gone nobody opens
    /// what was made under them, and equal values with different salts have unrelated tokens.
    /// </summary>
    /// <param name="salt">Random, 16 bytes or more; must live for as long as tokenizers are made of these keys.</param>
    /// <exception cref="ArgumentOutOfRangeException">The salt is too short.</exception>
    public FieldKeys WithSalt(ReadOnlyMemory<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(salt.Length, MinSaltSize);
        return new FieldKeys(Tenant, Number, Version, (algorithm, key) =>
        {
            Span<byte> fieldKey = stackalloc byte[MaxKeySize];
            fieldKey = fieldKey[..key.Length];
            _derive(algorithm, fieldKey);
            HKDF.DeriveKey(HashAlgorithmName.SHA256, fieldKey, key, salt.Span, Encoding.UTF8.GetBytes("opaline/v1/value/" + algorithm));
            CryptographicOperations.ZeroMemory(fieldKey);
        });
    }

    /// <summary>Makes something of the key of an algorithm; the key itself is zeroed.</summary>
    internal T Derive<T>(string algorithm, int size, Func<ReadOnlySpan<byte>, T> make)
    {
        Span<byte> key = stackalloc byte[size];
        try
        {
            _derive(algorithm, key);
            return make(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}

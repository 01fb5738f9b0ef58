using System.Text;

namespace Opaline.Tokenization;

/// <summary>
/// A scope's long-lived join key. A value's join id is the synthetic IV of AES-SIV over its canonical form, with the kind and the tenant as
/// associated data. Safe for use by many threads.
/// </summary>
public sealed class JoinKey : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int Size = 64;

    private static readonly TokenKind[] Kinds = Enum.GetValues<TokenKind>();

    private readonly AesSiv _siv;
    private readonly UInt128[] _prefixes;

    /// <summary>Makes a join key of 64 bytes, which are copied.</summary>
    public JoinKey(ReadOnlySpan<byte> key, string tenant)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        if (key.Length != Size)
            throw new ArgumentException("A join key has 64 bytes.", nameof(key));
        _siv = new AesSiv(key);
        byte[] tenantBytes = Encoding.UTF8.GetBytes(tenant);
        _prefixes = [.. Kinds.Select(kind => _siv.Prefix(Label(kind), tenantBytes))];
    }

    /// <summary>The join id of a value as it came: equal exactly if kind and canonical form are.</summary>
    public JoinId Compute(TokenKind kind, string raw)
    {
        if ((uint)kind >= (uint)_prefixes.Length)
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of value.");
        string canonical = CanonicalForm.Of(kind, raw);
        int length = Encoding.UTF8.GetMaxByteCount(canonical.Length);
        byte[]? rented = null;
        Span<byte> buffer = length <= 1_024
            ? stackalloc byte[1_024]
            : rented = System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int written = Encoding.UTF8.GetBytes(canonical, buffer);
            return new JoinId(_siv.SyntheticIv(_prefixes[(int)kind], buffer[..written]));
        }
        finally
        {
            buffer.Clear();
            if (rented is not null)
                System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Zeroes the key schedules.</summary>
    public void Dispose() => _siv.Dispose();

    /// <summary>Stable: it is part of every stored join id.</summary>
    private static byte[] Label(TokenKind kind) => kind switch
    {
        TokenKind.Identifier => "identifier"u8.ToArray(),
        TokenKind.Text => "text"u8.ToArray(),
        TokenKind.Email => "email"u8.ToArray(),
        TokenKind.Phone => "phone"u8.ToArray(),
        TokenKind.Ip => "ip"u8.ToArray(),
        TokenKind.Card => "card"u8.ToArray(),
        TokenKind.Iban => "iban"u8.ToArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of value."),
    };
}

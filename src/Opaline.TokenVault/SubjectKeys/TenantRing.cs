using System.Collections.Concurrent;
using System.Security.Cryptography;
using Opaline.KeyManagement;
using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>A tenant's keys in use: join keys by scope, the digest key, and the page that new subjects go to.</summary>
internal sealed class TenantRing : IDisposable
{
    private const int JoinVersion = 1;
    private const int DigestVersion = 1;

    private readonly TenantKeys _keys;
    private readonly ConcurrentDictionary<string, JoinKey> _joinKeys = new(StringComparer.Ordinal);
    private readonly byte[] _digestKey = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
    private SubjectKeyPage? _pageKey;
    private KeyPage? _page;
    private int _keysInPage;

    public TenantRing(TenantKeys keys, (KeyPage Page, int Keys)? current)
    {
        _keys = keys;
        keys.DeriveScopeSecret("hmac", "ingest", DigestVersion, _digestKey);
        if (current is { } stored)
        {
            (_page, _keysInPage) = stored;
            _pageKey = keys.UnwrapPage(stored.Page.Number, stored.Page.Version, stored.Page.Wrapped);
        }
    }

    public string Tenant => _keys.Tenant;

    /// <summary>Safe for use by many threads.</summary>
    public JoinId Join(string storedScope, TokenKind kind, string raw) => JoinKeyOf(storedScope).Compute(kind, raw);

    /// <summary>Safe for use by many threads.</summary>
    public void Digest(ReadOnlySpan<byte> message, Span<byte> digest) => HMACSHA256.HashData(_digestKey, message, digest);

    public string DisplayToken(string storedScope, TokenKind kind, DateTimeOffset now, long entryId)
    {
        int version = DisplayKey.VersionOf(now);
        Span<byte> secret = stackalloc byte[DisplayKey.Size];
        _keys.DeriveScopeSecret("display", storedScope, version, secret);
        using DisplayKey key = new(secret, kind, version);
        CryptographicOperations.ZeroMemory(secret);
        return key.Token(entryId);
    }

    /// <summary>Makes and wraps the key of a new subject. One caller at a time.</summary>
    /// <param name="subjectId">Id of the subject's entry.</param>
    /// <param name="raw">Its identifier, sealed under the new key.</param>
    /// <param name="nextPage">Gives the number of a new page when this one is full.</param>
    public PendingSubject NewSubject(long subjectId, string raw, Func<long> nextPage)
    {
        if (_page is null || _keysInPage >= SubjectKeyPage.Capacity)
        {
            SubjectKeyPage fresh = _keys.CreatePage(nextPage(), out byte[] wrappedPage);
            _pageKey?.Dispose();
            (_pageKey, _page, _keysInPage) = (fresh, new KeyPage(fresh.Number, fresh.Version, wrappedPage, committed: false), 0);
        }
        byte[] key = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
        RandomNumberGenerator.Fill(key);
        _keysInPage++;
        return new PendingSubject(_page, key, _pageKey!.Wrap(subjectId, key), SubjectKey.SealHolder(key, subjectId, subjectId, raw));
    }

    /// <summary>Opens stored keys of subjects, page by page. Safe for use by many threads.</summary>
    public void Unwrap(IEnumerable<(long Subject, byte[] Wrapped, KeyPage Page)> stored, Action<long, byte[]> each)
    {
        byte[] key = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
        try
        {
            foreach (IGrouping<KeyPage, (long Subject, byte[] Wrapped, KeyPage Page)> group in stored.GroupBy(s => s.Page))
            {
                using SubjectKeyPage page = _keys.UnwrapPage(group.Key.Number, group.Key.Version, group.Key.Wrapped);
                foreach ((long subject, byte[] wrapped, _) in group)
                {
                    page.Unwrap(subject, wrapped, key);
                    each(subject, key);
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public void Dispose()
    {
        foreach (JoinKey key in _joinKeys.Values)
            key.Dispose();
        _pageKey?.Dispose();
        _keys.Dispose();
        CryptographicOperations.ZeroMemory(_digestKey);
    }

    private JoinKey JoinKeyOf(string storedScope) => _joinKeys.GetOrAdd(storedScope, static (scope, keys) =>
    {
        Span<byte> secret = stackalloc byte[JoinKey.Size];
        keys.DeriveScopeSecret("siv", scope, JoinVersion, secret);
        JoinKey key = new(secret, keys.Tenant);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }, _keys);
}

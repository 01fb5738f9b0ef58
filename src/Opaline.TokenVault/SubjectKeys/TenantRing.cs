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
        Decoy = MakeDecoy();
        if (current is { } stored)
        {
            (_page, _keysInPage) = stored;
            _pageKey = keys.UnwrapPage(stored.Page.Number, stored.Page.Version, stored.Page.Wrapped);
        }
    }

    public string Tenant => _keys.Tenant;

    /// <summary>A value that nobody has: opening it takes what opening any other does.</summary>
    public HeldValue Decoy { get; }

    /// <summary>Safe for use by many threads.</summary>
    public JoinId Join(string storedScope, TokenKind kind, string raw) => JoinKeyOf(storedScope).Compute(kind, raw);

    /// <summary>Safe for use by many threads.</summary>
    public void Digest(ReadOnlySpan<byte> message, Span<byte> digest) => HMACSHA256.HashData(_digestKey, message, digest);

    /// <summary>The key of a scope's display tokens in a month; the caller disposes of it.</summary>
    public DisplayKey DisplayKey(string storedScope, TokenKind kind, int version)
    {
        Span<byte> secret = stackalloc byte[Tokenization.DisplayKey.Size];
        _keys.DeriveScopeSecret("display", storedScope, version, secret);
        DisplayKey key = new(secret, kind, version);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    public string DisplayToken(string storedScope, TokenKind kind, DateTimeOffset now, long entryId)
    {
        using DisplayKey key = DisplayKey(storedScope, kind, Tokenization.DisplayKey.VersionOf(now));
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

    /// <summary>Wraps the keys of a page that stay under a new page key. One caller at a time, who calls <see cref="Adopt"/> once they are committed.</summary>
    /// <param name="old">The page.</param>
    /// <param name="staying">Those of its keys that stay.</param>
    /// <param name="number">Number of the new page.</param>
    /// <returns>The new page with those of the keys that open; null if none does.</returns>
    public RewrappedPage? Rewrap(KeyPage old, IReadOnlyList<(long Subject, byte[] Wrapped)> staying, long number)
    {
        SubjectKeyPage fresh = _keys.CreatePage(number, out byte[] wrappedPage);
        List<(long Subject, byte[] Wrapped)> wrapped = new(staying.Count);
        try
        {
            Unwrap(staying.Select(s => (s.Subject, s.Wrapped, old)), Keep);
        }
        catch (KeyUnavailableException damaged) when (IsDamage(damaged))
        {
            wrapped.Clear();
            foreach ((long subject, byte[] key) in staying)
            {
                try
                {
                    Unwrap([(subject, key, old)], Keep);
                }
                catch (KeyUnavailableException one) when (IsDamage(one))
                {
                    // It is left out of the answer, which says so.
                }
            }
        }

        if (wrapped.Count == 0)
        {
            fresh.Dispose();
            return null;
        }

        return new RewrappedPage(new KeyPage(fresh.Number, fresh.Version, wrappedPage, committed: true), fresh, wrapped);

        void Keep(long subject, byte[] key) => wrapped.Add((subject, fresh.Wrap(subject, key)));
    }

    /// <summary>A page was replaced: if new subjects went to it they go to the new one, or, if none of its keys stayed, to a page still to be made.</summary>
    public void Adopt(long old, RewrappedPage? fresh)
    {
        if (_page?.Number == old)
        {
            _pageKey?.Dispose();
            (_page, _pageKey, _keysInPage) = (fresh?.Page, fresh?.Key, fresh?.Wrapped.Count ?? 0);
        }
        else
        {
            fresh?.Key.Dispose();
        }
    }

    /// <summary>Opens a value. Safe for use by many threads.</summary>
    public string Open(HeldValue value)
    {
        string? opened = null;
        Unwrap(
            [(value.SubjectId, value.WrappedKey, value.Page)],
            (subject, key) => opened = SubjectKey.OpenHolder(key, value.EntryId, subject, value.Sealed));
        return opened!;
    }

    public void Dispose()
    {
        foreach (JoinKey key in _joinKeys.Values)
            key.Dispose();
        _pageKey?.Dispose();
        _keys.Dispose();
        CryptographicOperations.ZeroMemory(_digestKey);
    }

    private static bool IsDamage(KeyUnavailableException fault) => fault.Failure is KeyFailure.DoesNotOpen or KeyFailure.Malformed;

    private HeldValue MakeDecoy()
    {
        const long nobody = 0;
        string scope = StoredScope.OfSubjects("decoy");
        byte[] key = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
        RandomNumberGenerator.Fill(key);
        using SubjectKeyPage page = _keys.CreatePage(nobody, out byte[] wrappedPage);
        HeldValue decoy = new(
            nobody,
            scope,
            nobody,
            scope,
            SubjectKey.SealHolder(key, nobody, nobody, "somebody@example.com"),
            page.Wrap(nobody, key),
            new KeyPage(nobody, page.Version, wrappedPage, committed: true));
        CryptographicOperations.ZeroMemory(key);
        return decoy;
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

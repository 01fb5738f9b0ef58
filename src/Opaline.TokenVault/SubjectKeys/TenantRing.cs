using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;
using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>A tenant's keys in use: the versions that open, join keys by scope, the digest key, the numbers of scopes, and the page that new subjects go to.</summary>
internal sealed class TenantRing : IDisposable
{
    private const int JoinVersion = 1;
    private const int DigestVersion = 1;

    private readonly Lock _retiring = new();
    private readonly ConcurrentDictionary<string, JoinKey> _joinKeys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _scopes = new(StringComparer.Ordinal);
    private readonly byte[] _digestKey = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
    private volatile OpenVersions _versions;
    private volatile HeldValue _decoy;
    private List<OpenVersions> _retired = [];
    private List<OpenVersions> _retiredBefore = [];
    private SubjectKeyPage? _pageKey;
    private KeyPage? _page;

    public TenantRing(OpenVersions versions)
    {
        _versions = versions;
        versions.Keys.Primary.DeriveScopeSecret("hmac", "ingest", DigestVersion, _digestKey);
        _decoy = MakeDecoy(versions);
    }

    public string Tenant => _versions.Keys.Tenant;

    /// <summary>The versions of the keys as they are now.</summary>
    public KeyVersions Versions => _versions.Keys.Versions;

    /// <summary>Older versions that should open and do not.</summary>
    public IReadOnlyDictionary<int, KeyFailure> Failed => _versions.Keys.Failed;

    /// <summary>A value that nobody has: opening it takes what opening any other does.</summary>
    public HeldValue Decoy => _decoy;

    /// <summary>One change of the versions at a time.</summary>
    public SemaphoreSlim Changing { get; } = new(1);

    /// <summary>One rotation at a time, and no change of the versions by hand meanwhile.</summary>
    public SemaphoreSlim Rotating { get; } = new(1);

    /// <summary>
    /// Takes the next snapshot of the versions. The one before is disposed of after the second call of <see cref="DropRetired"/> from now, when nobody uses it any more.
    /// One caller at a time, who also makes new subjects.
    /// </summary>
    /// <param name="next">The versions.</param>
    /// <param name="newPage">Whether new subjects go to a page under them from now on.</param>
    public void Use(OpenVersions next, bool newPage)
    {
        OpenVersions before = _versions;
        _versions = next;
        _decoy = MakeDecoy(next);
        lock (_retiring)
            _retired.Add(before);
        if (!newPage)
            return;
        _pageKey?.Dispose();
        (_pageKey, _page) = (null, null);
    }

    /// <summary>Zeroes the snapshots that were in use before the last call. Called at intervals that are long beside any use of a key.</summary>
    public void DropRetired()
    {
        lock (_retiring)
        {
            foreach (OpenVersions retired in _retiredBefore)
                retired.Dispose();
            (_retiredBefore, _retired) = (_retired, []);
        }
    }

    /// <summary>Whether the version has keys that open.</summary>
    public bool Has(int version) => _versions.Keys.Has(version);

    /// <summary>The number of a scope; null if it has none, or not been told of. Safe for use by many threads.</summary>
    public long? ScopeNumber(string storedScope) => _scopes.TryGetValue(storedScope, out long number) ? number : null;

    /// <summary>Remembers the numbers of scopes, which never change.</summary>
    public void Learn(IEnumerable<(long Number, string StoredScope)> scopes)
    {
        foreach ((long number, string storedScope) in scopes)
            _scopes[storedScope] = number;
    }

    /// <summary>Safe for use by many threads.</summary>
    public JoinId Join(string storedScope, TokenKind kind, string raw) => JoinKeyOf(storedScope).Compute(kind, raw);

    /// <summary>Safe for use by many threads.</summary>
    public void Digest(ReadOnlySpan<byte> message, Span<byte> digest) => HMACSHA256.HashData(_digestKey, message, digest);

    /// <summary>The key of a scope's display tokens of a version; the caller disposes of it.</summary>
    /// <exception cref="KeyUnavailableException">The version does not open.</exception>
    public DisplayKey DisplayKey(string storedScope, TokenKind kind, int version)
    {
        Span<byte> secret = stackalloc byte[Tokenization.DisplayKey.Size];
        _versions.Keys.Version(version).DeriveTokenSecret("display", storedScope, secret);
        DisplayKey key = new(secret, kind, version);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>The display token of an entry under the primary version.</summary>
    public string DisplayToken(string storedScope, TokenKind kind, long entryId)
    {
        using DisplayKey key = DisplayKey(storedScope, kind, _versions.Primary);
        return key.Token(entryId);
    }

    /// <summary>The keys of the tokens of a scope's field, of the primary version as it is now.</summary>
    public FieldKeys FieldKeys(string storedScope)
    {
        TenantKeys primary = _versions.Keys.Primary;
        return new FieldKeys(Tenant, 0, primary.Version, (algorithm, key) => primary.DeriveTokenSecret(algorithm, storedScope, key));
    }

    /// <summary>Seals what a subject holds under the primary version.</summary>
    public Holder SealHolder(ReadOnlySpan<byte> subjectKey, long entryId, long subjectId, string raw) =>
        SealHolder(_versions, subjectKey, entryId, subjectId, raw);

    /// <summary>Opens what a subject holds. Safe for use by many threads.</summary>
    /// <exception cref="KeyUnavailableException">Its version does not open any more.</exception>
    public string OpenHolder(ReadOnlySpan<byte> subjectKey, int version, long entryId, long subjectId, ReadOnlySpan<byte> box)
    {
        Span<byte> holderKey = stackalloc byte[SealedBox.KeySize];
        byte[] value = GC.AllocateUninitializedArray<byte>(Math.Max(0, box.Length - SealedBox.Overhead), pinned: true);
        try
        {
            _versions.HolderKey(version, subjectKey, holderKey);
            SubjectKey.OpenHolder(holderKey, version, entryId, subjectId, box, value);
            return Encoding.UTF8.GetString(value);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(holderKey);
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <summary>The key of what a subject holds, as <see cref="OpenVersions.HolderKey"/>.</summary>
    public void HolderKey(int version, ReadOnlySpan<byte> subjectKey, Span<byte> holderKey) => _versions.HolderKey(version, subjectKey, holderKey);

    /// <summary>Opens a page's key; the caller disposes of it. Safe for use by many threads.</summary>
    /// <exception cref="KeyUnavailableException">It is damaged, or wrapped under a version that does not open.</exception>
    public SubjectKeyPage OpenPage(KeyPage page) => _versions.Keys.UnwrapPage(page.Number, page.Version, page.Wrapped);

    /// <summary>A page's key under the primary version.</summary>
    public byte[] WrapPage(SubjectKeyPage page) => _versions.Keys.Primary.RewrapPage(page);

    /// <summary>Wraps the key of a new subject. One caller at a time, with ascending ids.</summary>
    /// <param name="subjectId">Id of the subject's entry.</param>
    /// <param name="raw">Its identifier, sealed under the new key.</param>
    /// <param name="key">The new key, pinned, which is the pending subject's from now on.</param>
    /// <param name="nextPage">Gives the number of a new page when this one is full.</param>
    public PendingSubject NewSubject(long subjectId, string raw, Memory<byte> key, Func<long> nextPage)
    {
        if (_page is null || subjectId >= _page.End)
        {
            SubjectKeyPage fresh = _versions.Keys.Primary.CreatePage(nextPage(), out byte[] wrappedPage);
            _pageKey?.Dispose();
            (_pageKey, _page) = (fresh, new KeyPage(fresh.Number, fresh.Version, subjectId, wrappedPage, committed: false));
        }

        return new PendingSubject(_page, key, _pageKey!.Wrap(subjectId, key.Span), SealHolder(key.Span, subjectId, subjectId, raw));
    }

    /// <summary>Opens stored keys of subjects, page by page. Safe for use by many threads.</summary>
    public void Unwrap(IEnumerable<(long Subject, byte[] Wrapped, KeyPage Page)> stored, Action<long, byte[]> each)
    {
        byte[] key = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
        try
        {
            foreach (IGrouping<KeyPage, (long Subject, byte[] Wrapped, KeyPage Page)> group in stored.GroupBy(s => s.Page))
            {
                using SubjectKeyPage page = OpenPage(group.Key);
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
    /// <param name="staying">Those of its keys that stay, in the order of their subjects' numbers.</param>
    /// <param name="number">Number of the new page.</param>
    /// <returns>The new page with those of the keys that open; null if none does.</returns>
    public RewrappedPage? Rewrap(KeyPage old, IReadOnlyList<(long Subject, byte[] Wrapped)> staying, long number)
    {
        SubjectKeyPage fresh = _versions.Keys.Primary.CreatePage(number, out byte[] wrappedPage);
        List<(long Subject, byte[] Wrapped)> wrapped = new(staying.Count);
        Span<byte> key = stackalloc byte[SealedBox.KeySize];
        try
        {
            using SubjectKeyPage page = OpenPage(old);
            foreach ((long subject, byte[] stored) in staying)
            {
                try
                {
                    page.Unwrap(subject, stored, key);
                }
                catch (KeyUnavailableException one) when (IsDamage(one))
                {
                    // It is left out of the answer, which says so.
                    continue;
                }

                wrapped.Add((subject, fresh.Wrap(subject, key)));
            }
        }
        catch (KeyUnavailableException damaged) when (IsDamage(damaged))
        {
            // None of the page opens.
        }
        catch
        {
            fresh.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        if (wrapped.Count == 0)
        {
            fresh.Dispose();
            return null;
        }

        return new RewrappedPage(new KeyPage(fresh.Number, fresh.Version, old.First, wrappedPage, committed: true), fresh, wrapped);
    }

    /// <summary>A page was replaced: if new subjects went to it they go to the new one, or, if none of its keys stayed, to a page still to be made.</summary>
    public void Adopt(long old, RewrappedPage? fresh)
    {
        if (_page?.Number == old)
        {
            _pageKey?.Dispose();
            (_page, _pageKey) = (fresh?.Page, fresh?.Key);
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
            (subject, key) => opened = OpenHolder(key, value.KeyVersion, value.EntryId, subject, value.Sealed));
        return opened!;
    }

    public void Dispose()
    {
        foreach (JoinKey key in _joinKeys.Values)
            key.Dispose();
        _pageKey?.Dispose();
        DropRetired();
        DropRetired();
        _versions.Dispose();
        CryptographicOperations.ZeroMemory(_digestKey);
        Changing.Dispose();
        Rotating.Dispose();
    }

    private static bool IsDamage(KeyUnavailableException fault) => fault.Failure is KeyFailure.DoesNotOpen or KeyFailure.Malformed;

    private static HeldValue MakeDecoy(OpenVersions versions)
    {
        const long nobody = 0;
        string scope = StoredScope.OfSubjects("decoy");
        byte[] key = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
        RandomNumberGenerator.Fill(key);
        using SubjectKeyPage page = versions.Keys.Primary.CreatePage(nobody, out byte[] wrappedPage);
        Holder held = SealHolder(versions, key, nobody, nobody, "somebody@example.com");
        HeldValue decoy = new(
            nobody,
            scope,
            nobody,
            scope,
            held.Sealed,
            held.KeyVersion,
            page.Wrap(nobody, key),
            new KeyPage(nobody, page.Version, nobody, wrappedPage, committed: true));
        CryptographicOperations.ZeroMemory(key);
        return decoy;
    }

    private static Holder SealHolder(OpenVersions versions, ReadOnlySpan<byte> subjectKey, long entryId, long subjectId, string raw)
    {
        Span<byte> holderKey = stackalloc byte[SealedBox.KeySize];
        versions.HolderKey(versions.Primary, subjectKey, holderKey);
        byte[] box = SubjectKey.SealHolder(holderKey, versions.Primary, entryId, subjectId, Encoding.UTF8.GetBytes(raw));
        CryptographicOperations.ZeroMemory(holderKey);
        return new Holder(entryId, subjectId, box, versions.Primary);
    }

    private JoinKey JoinKeyOf(string storedScope) => _joinKeys.GetOrAdd(storedScope, static (scope, keys) =>
    {
        Span<byte> secret = stackalloc byte[JoinKey.Size];
        keys.DeriveScopeSecret("siv", scope, JoinVersion, secret);
        JoinKey key = new(secret, keys.Tenant);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }, _versions.Keys.Primary);
}

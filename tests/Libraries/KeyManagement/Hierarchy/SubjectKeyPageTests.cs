using System.Security.Cryptography;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Hierarchy;

public sealed class SubjectKeyPageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private RootKeyFile _root = null!;
    private TenantKeys _keys = null!;

    public async ValueTask InitializeAsync()
    {
        _root = RootKeyFile.Open(new RootKeyFileOptions { Folder = _folder.File("keys") });
        _keys = await TenantKeys.CreateAsync(_root, "acme", TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        _root.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Subject_key_opens_only_as_that_subject_page_and_version()
    {
        using SubjectKeyPage page = _keys.CreatePage(7, out byte[] wrappedPage);
        byte[] wrapped = page.Wrap(42, _key);

        using SubjectKeyPage again = _keys.UnwrapPage(7, 1, wrappedPage);
        Assert.Equal(_key, Open(again, 42, wrapped));

        Refused(() => Open(again, 43, wrapped));
        Refused(() => _keys.UnwrapPage(8, 1, wrappedPage));
        Refused(() => _keys.UnwrapPage(7, 2, wrappedPage));
        using SubjectKeyPage otherPage = _keys.CreatePage(7, out _);
        Refused(() => Open(otherPage, 42, wrapped));
    }

    [Fact]
    public async Task Page_of_another_tenant_does_not_unwrap()
    {
        using TenantKeys other = await TenantKeys.CreateAsync(_root, "globex", TestContext.Current.CancellationToken);
        _keys.CreatePage(7, out byte[] wrapped).Dispose();
        Refused(() => other.UnwrapPage(7, 1, wrapped));
    }

    [Fact]
    public void Any_changed_bit_of_a_stored_page_or_key_is_noticed()
    {
        using SubjectKeyPage page = _keys.CreatePage(7, out byte[] wrappedPage);
        byte[] wrapped = page.Wrap(42, _key);
        for (int i = 0; i < 8 * wrappedPage.Length; i++)
            Refused(() => _keys.UnwrapPage(7, 1, Flipped(wrappedPage, i)));
        for (int i = 0; i < 8 * wrapped.Length; i++)
            Refused(() => Open(page, 42, Flipped(wrapped, i)));
        for (int length = 0; length < wrappedPage.Length; length++)
            Refused(() => _keys.UnwrapPage(7, 1, wrappedPage.AsSpan(0, length)));
    }

    [Fact]
    public async Task Page_rewrapped_under_the_next_tenant_key_opens_the_same_subjects()
    {
        using SubjectKeyPage page = _keys.CreatePage(7, out byte[] before);
        byte[] wrapped = page.Wrap(42, _key);
        using TenantKeys next = await _keys.RenewAsync(_root, 2, TestContext.Current.CancellationToken);

        byte[] after = next.RewrapPage(page);
        Assert.Equal((1, 2), (SubjectKeyPage.TenantVersionOf(before), SubjectKeyPage.TenantVersionOf(after)));
        using SubjectKeyPage opened = next.UnwrapPage(7, 1, after);
        Assert.Equal(_key, Open(opened, 42, wrapped));
        Refused(() => _keys.UnwrapPage(7, 1, after));
    }

    [Fact]
    public void Renewed_page_opens_survivors_and_never_the_one_left_out()
    {
        using SubjectKeyPage page = _keys.CreatePage(7, out _);
        byte[] survivor = page.Wrap(42, _key);
        byte[] erased = page.Wrap(43, RandomNumberGenerator.GetBytes(32));

        using SubjectKeyPage next = _keys.RenewPage(page, out byte[] wrappedNext);
        Assert.Equal((7, 2), (next.Number, next.Version));
        byte[] moved = page.Rewrap(next, 42, survivor);
        using SubjectKeyPage opened = _keys.UnwrapPage(7, 2, wrappedNext);
        Assert.Equal(_key, Open(opened, 42, moved));
        Refused(() => Open(opened, 43, erased));
        Refused(() => page.Rewrap(next, 43, survivor));
    }

    [Fact]
    public void No_number_is_wrapped_twice_under_one_key()
    {
        using SubjectKeyPage page = _keys.CreatePage(7, out byte[] wrappedPage);
        page.Wrap(42, _key);
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Wrap(42, RandomNumberGenerator.GetBytes(32)));
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Wrap(41, _key));
        byte[] wrapped = page.Wrap(43, _key);
        Assert.Equal(48, wrapped.Length);

        // Nor by who opens the page again, who cannot know what was wrapped.
        using SubjectKeyPage again = _keys.UnwrapPage(7, 1, wrappedPage);
        Assert.Throws<InvalidOperationException>(() => again.Wrap(44, _key));
        Assert.Throws<InvalidOperationException>(() => page.Rewrap(again, 43, wrapped));
        Assert.Equal(_key, Open(again, 43, wrapped));
    }

    [Fact]
    public void Numbers_below_0_are_refused()
    {
        using SubjectKeyPage page = _keys.CreatePage(7, out _);
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Wrap(-1, _key));
    }

    [Fact]
    public void Keys_of_another_size_are_refused()
    {
        using SubjectKeyPage page = _keys.CreatePage(7, out _);
        byte[] wrapped = page.Wrap(42, _key);
        Assert.Throws<ArgumentException>(() => page.Wrap(42, new byte[31]));
        Assert.Throws<ArgumentException>(() => page.Unwrap(42, wrapped, new byte[33]));
    }

    private static byte[] Open(SubjectKeyPage page, long subject, byte[] wrapped)
    {
        byte[] key = new byte[32];
        page.Unwrap(subject, wrapped, key);
        return key;
    }

    private static void Refused(Action act) => Assert.Equal(KeyFailure.DoesNotOpen, Assert.Throws<KeyUnavailableException>(act).Failure);

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}

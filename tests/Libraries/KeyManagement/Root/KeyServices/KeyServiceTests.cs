using System.Text;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>What holds of every key service, each asked over HTTP as it publishes.</summary>
public class KeyServiceTests
{
    private static readonly KeyContext Acme = new("tenant-keys", "acme", 1);

    private static readonly Dictionary<string, Func<TimeProvider, Task<IServedKey>>> s_services = new()
    {
        ["aws"] = AwsKmsServer.StartAsync,
        ["google"] = GoogleKmsServer.StartAsync,
        ["azure"] = AzureKeyVaultServer.StartAsync,
        ["vault"] = VaultTransitServer.StartAsync,
    };

    public static TheoryData<string> Services => [.. s_services.Keys];

    /// <summary>Those that are called by our own channel; AWS's SDK has its own.</summary>
    public static TheoryData<string> OwnChannel => [.. s_services.Keys.Where(s => s != "aws")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task What_was_wrapped_opens_for_its_own_tenant_purpose_and_version_only(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(96);
        WrappedKey wrapped = WrappedKey.Parse((await service.Root.WrapAsync(secret, Acme, Cancel)).ToBytes());
        using SecretBytes opened = await service.Root.UnwrapAsync(wrapped, Acme, Cancel);
        Assert.Equal(secret.Expose(), opened.Expose());
        Assert.Equal(-1, wrapped.Ciphertext.Span.IndexOf(secret.Expose()));
        foreach (KeyContext other in (KeyContext[])[new("tenant-keys", "globex", 1), new("signing-key", "acme", 1), new("tenant-keys", "acme", 2), new("tenant-keys")])
            await RefusedAsync(KeyFailure.DoesNotOpen, () => service.Root.UnwrapAsync(wrapped, other, Cancel));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task After_rotation_new_keys_go_under_the_new_version_and_old_ones_still_open(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey old = await service.Root.WrapAsync(secret, Acme, Cancel);
        RootKeyVersion next = await service.Root.RotateAsync(Cancel);
        WrappedKey fresh = await service.Root.WrapAsync(secret, Acme, Cancel);

        Assert.NotEqual(old.Version, fresh.Version);
        Assert.Equal(new RootKeyVersion(fresh.Version, KeyState.Primary), next);
        Assert.Equal(next, await service.Root.StateAsync(null, Cancel));
        Assert.Equal(new RootKeyVersion(old.Version, KeyState.DecodeOnly), await service.Root.StateAsync(old.Version, Cancel));
        foreach (WrappedKey wrapped in (WrappedKey[])[old, fresh])
        {
            using SecretBytes opened = await service.Root.UnwrapAsync(wrapped, Acme, Cancel);
            Assert.Equal(secret.Expose(), opened.Expose());
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_version_in_use_is_not_destroyed_and_an_older_one_opens_nothing_afterwards(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey old = await service.Root.WrapAsync(secret, Acme, Cancel);
        await RefusedAsync(KeyFailure.InUse, () => service.Root.ScheduleDestroyAsync(old.Version, Cancel));
        await service.Root.RotateAsync(Cancel);

        RootKeyVersion ended = await service.Root.ScheduleDestroyAsync(old.Version, Cancel);
        Assert.Equal(ended, await service.Root.StateAsync(old.Version, Cancel));
        Assert.Equal(ended, await service.Root.ScheduleDestroyAsync(old.Version, Cancel));
        Assert.Equal(name == "vault" ? KeyState.Destroyed : KeyState.Disabled, ended.State);
        Assert.Equal(name is "aws" or "google", ended.GoneAt is not null);
        await RefusedAsync(name == "vault" ? KeyFailure.Destroyed : KeyFailure.Disabled, () => service.Root.UnwrapAsync(old, Acme, Cancel));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_disabled_and_a_destroyed_version_are_told_apart(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey old = await service.Root.WrapAsync(secret, Acme, Cancel);
        await service.Root.RotateAsync(Cancel);
        service.Disable(old.Version);
        await RefusedAsync(KeyFailure.Disabled, () => service.Root.UnwrapAsync(old, Acme, Cancel));
        Assert.Equal(KeyState.Disabled, (await service.Root.StateAsync(old.Version, Cancel)).State);
        service.Destroy(old.Version);
        // AWS and Azure forget what is destroyed.
        await RefusedAsync(name is "aws" or "azure" ? KeyFailure.NotThere : KeyFailure.Destroyed, () => service.Root.UnwrapAsync(old, Acme, Cancel));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_key_of_another_name_is_not_sent_and_a_missing_one_is_told(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey wrapped = await service.Root.WrapAsync(secret, Acme, Cancel);
        int before = service.Server.Requests;
        WrappedKey foreign = new(wrapped.KeyId + "x", wrapped.Version, wrapped.Ciphertext);
        await RefusedAsync(KeyFailure.DoesNotOpen, () => service.Root.UnwrapAsync(foreign, Acme, Cancel));
        Assert.Equal(before, service.Server.Requests);

        using IRootKey missing = service.Missing();
        await RefusedAsync(KeyFailure.NotThere, () => missing.WrapAsync(secret, Acme, Cancel));
        await RefusedAsync(KeyFailure.NotThere, () => missing.StateAsync(null, Cancel));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_stored_version_cannot_lead_to_another_key_or_path(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey wrapped = await service.Root.WrapAsync(secret, Acme, Cancel);
        foreach (string version in (string[])["../../other", "1/../2", "arn:aws:kms:eu-central-1:999999999999:key/mine", "0", "-1", "1 ", "99999999999999999999", "%2e%2e"])
        {
            // Google decrypts by what the ciphertext says.
            if (name != "google")
                await Assert.ThrowsAsync<KeyUnavailableException>(() => service.Root.UnwrapAsync(new WrappedKey(wrapped.KeyId, version, wrapped.Ciphertext), Acme, Cancel));
            await Assert.ThrowsAsync<KeyUnavailableException>(() => service.Root.StateAsync(version, Cancel));
            await Assert.ThrowsAsync<KeyUnavailableException>(() => service.Root.ScheduleDestroyAsync(version, Cancel));
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Any_changed_byte_of_a_wrapped_key_opens_nothing(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey wrapped = await service.Root.WrapAsync(secret, Acme, Cancel);
        for (int i = 0; i < wrapped.Ciphertext.Length; i += 1 + (i % 7))
        {
            byte[] damaged = wrapped.Ciphertext.ToArray();
            damaged[i] ^= 0x20;
            await RefusedAsync(KeyFailure.DoesNotOpen, () => service.Root.UnwrapAsync(new WrappedKey(wrapped.KeyId, wrapped.Version, damaged), Acme, Cancel));
        }
        await RefusedAsync(KeyFailure.DoesNotOpen, () => service.Root.UnwrapAsync(new WrappedKey(wrapped.KeyId, wrapped.Version, wrapped.Ciphertext[..4]), Acme, Cancel));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task An_expired_token_is_refused_and_a_new_one_counts_at_once(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey wrapped = await service.Root.WrapAsync(secret, Acme, Cancel);
        service.Accept("token-2");
        await RefusedAsync(KeyFailure.Denied, () => service.Root.UnwrapAsync(wrapped, Acme, Cancel));
        service.Hand("token-2");
        (await service.Root.UnwrapAsync(wrapped, Acme, Cancel)).Dispose();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_passing_failure_is_waited_out_and_a_lasting_one_is_told_with_its_kind(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        using SecretBytes secret = SecretBytes.Random(32);
        service.Server.FailNext(1, 503);
        await service.Root.WrapAsync(secret, Acme, Cancel);
        service.Server.FailNext(1, 429);
        await service.Root.WrapAsync(secret, Acme, Cancel);

        foreach ((int status, KeyFailure failure) in ((int, KeyFailure)[])[(429, KeyFailure.Throttled), (500, KeyFailure.Unreachable), (503, KeyFailure.Unreachable)])
        {
            int before = service.Server.Requests;
            service.Server.FailNext(50, status);
            await RefusedAsync(failure, () => service.Root.WrapAsync(secret, Acme, Cancel));
            Assert.InRange(service.Server.Requests - before, 2, KeyServiceChannel.Attempts);
            service.Server.FailNoMore();
        }
    }

    [Theory]
    [MemberData(nameof(OwnChannel))]
    public async Task Pauses_grow_and_follow_what_the_service_asks_within_reason(string name)
    {
        ImpatientTime time = new();
        await using IServedKey service = await s_services[name](time);
        service.Server.FailNext(50, 503);
        await RefusedAsync(KeyFailure.Unreachable, () => service.Root.StateAsync(null, Cancel));
        TimeSpan[] pauses = [.. time.Pauses];
        Assert.Equal(KeyServiceChannel.Attempts - 1, pauses.Length);
        for (int i = 0; i < pauses.Length; i++)
            Assert.InRange(pauses[i].TotalMilliseconds, 100 << i, 200 << i);

        time.Pauses.Clear();
        service.Server.FailNoMore();
        service.Server.FailNext(1, 429, retryAfter: 3);
        service.Server.FailNext(1, 429, retryAfter: 86_400);
        await service.Root.StateAsync(null, Cancel);
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)], time.Pauses);
    }

    [Theory]
    [MemberData(nameof(OwnChannel))]
    public async Task A_rotation_is_not_repeated_when_it_may_have_happened(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        int before = service.Server.Requests;
        service.Server.FailNext(50, 502);
        await RefusedAsync(KeyFailure.Unreachable, () => service.Root.RotateAsync(Cancel));
        Assert.Equal(1, service.Server.Requests - before);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_that_is_away_is_unreachable(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        await service.Server.StopAsync();
        await RefusedAsync(KeyFailure.Unreachable, () => service.Root.StateAsync(null, Cancel));
    }

    [Theory]
    [MemberData(nameof(OwnChannel))]
    public async Task An_answer_of_another_form_is_refused(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        foreach (string body in (string[])["", "{", "[]", "null", "{}", "<html/>", "{\"name\":7,\"key\":{\"kid\":\"x\"},\"data\":[]}", new string(' ', 70_000)])
        {
            service.Server.AnswerNext(200, Encoding.UTF8.GetBytes(body));
            await RefusedAsync(KeyFailure.Malformed, () => service.Root.StateAsync(null, Cancel));
        }
        service.Server.AnswerNext(302, []);
        await RefusedAsync(KeyFailure.Malformed, () => service.Root.StateAsync(null, Cancel));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Many_callers_at_once_are_served(string name)
    {
        await using IServedKey service = await s_services[name](new ImpatientTime());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using SecretBytes secret = SecretBytes.Random(40);
            KeyContext context = new("tenant-keys", "t" + i, 1);
            WrappedKey wrapped = await service.Root.WrapAsync(secret, context, Cancel);
            using SecretBytes opened = await service.Root.UnwrapAsync(wrapped, context, Cancel);
            Assert.Equal(secret.Expose(), opened.Expose());
        }));
    }

    /// <summary>Every refusal of the service quotes the request, which holds the key: none of it may come through.</summary>
    private static async Task RefusedAsync(KeyFailure failure, Func<Task> act)
    {
        KeyUnavailableException refused = await Assert.ThrowsAsync<KeyUnavailableException>(act);
        Assert.Equal(failure, refused.Failure);
        Assert.DoesNotContain(KeyServiceServer.Marker, refused.ToString(), StringComparison.Ordinal);
        Assert.Null(refused.InnerException);
    }
}

using System.Text.RegularExpressions;
using Amazon;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using AwsKeyState = Amazon.KeyManagementService.KeyState;

namespace Opaline.KeyManagement;

/// <summary>
/// The root key in AWS KMS, by its SDK: <c>Encrypt</c> and <c>Decrypt</c> with the context as encryption context. AWS keeps the old material of a key
/// that it rotates itself for ever, so a version is a key of its own here: rotation makes one with the policy of the one before and points the alias to it, and a
/// version is named by its ARN and can be destroyed (docs.aws.amazon.com/kms, "Rotate keys manually").
/// </summary>
public sealed partial class AwsKms : IRootKey
{
    private readonly AwsKmsOptions _options;
    private readonly AmazonKeyManagementServiceClient _client;

    /// <summary>Names the key; credentials come from where the SDK looks for them. Nothing is sent yet.</summary>
    /// <param name="options">Which key.</param>
    /// <exception cref="KeyUnavailableException">No region is configured, and the SDK finds none.</exception>
    public AwsKms(AwsKmsOptions options)
        : this(options, null)
    {
    }

    internal AwsKms(AwsKmsOptions options, AWSCredentials? credentials)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IsAlias(options.Alias))
            throw new ArgumentException("The key must be named by an alias, such as alias/opaline.", nameof(options));
        if (options.DeletionDays is < 7 or > 30)
            throw new ArgumentException("A key can be destroyed after 7 to 30 days.", nameof(options));
        if (options.Retries is < 0 or > 10)
            throw new ArgumentException("A call can be repeated 0 to 10 times.", nameof(options));
        if (options.Address is not null && !KeyServiceChannel.IsPrivate(options.Address))
            throw new ArgumentException("The address of a key service must be an absolute https URL (http on loopback only).", nameof(options));
        _options = options;
        AmazonKeyManagementServiceConfig config = new() { RetryMode = RequestRetryMode.Standard, MaxErrorRetry = options.Retries, Timeout = TimeSpan.FromSeconds(10) };
        if (options.Region is not null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        if (options.Address is not null)
        {
            config.ServiceURL = options.Address.AbsoluteUri;
            config.AuthenticationRegion = options.Region;
        }
        try
        {
            _client = credentials is null ? new(config) : new(credentials, config);
        }
        catch (AmazonClientException)
        {
            throw new KeyUnavailableException(KeyFailure.Configuration, "AWS KMS needs a region: configure one, or set AWS_REGION.");
        }
    }

    /// <inheritdoc/>
    public string KeyId => "aws:" + _options.Alias;

    /// <summary>Whether this can be an alias of a key.</summary>
    public static bool IsAlias(string alias) => AliasName().IsMatch(alias);

    /// <inheritdoc/>
    public Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(context);
        return CallAsync(async () =>
        {
            byte[] plaintext = GC.AllocateArray<byte>(secret.Length, pinned: true);
            secret.Expose().CopyTo(plaintext);
            try
            {
                using MemoryStream stream = new(plaintext);
                EncryptRequest request = new() { KeyId = _options.Alias, Plaintext = stream, EncryptionContext = context.ToEncryptionContext() };
                EncryptResponse response = await _client.EncryptAsync(request, cancellationToken).ConfigureAwait(false);
                return new WrappedKey(KeyId, Arn(response.KeyId), response.CiphertextBlob.ToArray());
            }
            finally
            {
                System.Security.Cryptography.CryptographicOperations.ZeroMemory(plaintext);
            }
        });
    }

    /// <inheritdoc/>
    public async Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        ArgumentNullException.ThrowIfNull(context);
        KeyServiceRefusal.RequireKey(wrapped, KeyId);
        await RequireOursAsync(wrapped.Version, cancellationToken).ConfigureAwait(false);
        return await CallAsync(async () =>
        {
            using MemoryStream stream = new(wrapped.Ciphertext.ToArray());
            DecryptRequest request = new() { KeyId = wrapped.Version, CiphertextBlob = stream, EncryptionContext = context.ToEncryptionContext() };
            DecryptResponse response = await _client.DecryptAsync(request, cancellationToken).ConfigureAwait(false);
            using MemoryStream plaintext = response.Plaintext;
            return plaintext.TryGetBuffer(out ArraySegment<byte> bytes)
                ? SecretBytes.TakeFrom(bytes, resident: true)
                : SecretBytes.TakeFrom(plaintext.ToArray(), resident: true);
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken) => CallAsync(async () =>
    {
        RootKeyVersion before = Read(await DescribeAsync(_options.Alias, cancellationToken).ConfigureAwait(false), KeyState.Primary);
        GetKeyPolicyResponse policy = await _client.GetKeyPolicyAsync(
            new GetKeyPolicyRequest { KeyId = before.Version, PolicyName = "default" }, cancellationToken).ConfigureAwait(false);
        CreateKeyResponse made = await _client.CreateKeyAsync(
            new CreateKeyRequest { Policy = policy.Policy, Description = $"Opaline root key ({_options.Alias})" }, cancellationToken).ConfigureAwait(false);
        await _client.UpdateAliasAsync(
            new UpdateAliasRequest { AliasName = _options.Alias, TargetKeyId = made.KeyMetadata.KeyId }, cancellationToken).ConfigureAwait(false);
        return Read(made.KeyMetadata, KeyState.Primary);
    });

    /// <inheritdoc/>
    public async Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken)
    {
        KeyMetadata primary = await CallAsync(() => DescribeAsync(_options.Alias, cancellationToken)).ConfigureAwait(false);
        if (version is null || version == primary.Arn)
            return Read(primary, KeyState.Primary);
        RequireSibling(primary.Arn, version);
        try
        {
            return Read(await CallAsync(() => DescribeAsync(version, cancellationToken)).ConfigureAwait(false), KeyState.DecodeOnly);
        }
        catch (KeyUnavailableException e) when (e.Failure == KeyFailure.NotThere)
        {
            // Once its time is over AWS forgets a key altogether.
            return new RootKeyVersion(version, KeyState.Destroyed);
        }
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken)
    {
        RootKeyVersion now = await StateAsync(version, cancellationToken).ConfigureAwait(false);
        if (now.State == KeyState.Primary)
            throw KeyServiceRefusal.InUse();
        if (now.State == KeyState.Destroyed || now.GoneAt is not null)
            return now;
        return await CallAsync(async () =>
        {
            ScheduleKeyDeletionResponse response = await _client.ScheduleKeyDeletionAsync(
                new ScheduleKeyDeletionRequest { KeyId = version, PendingWindowInDays = _options.DeletionDays }, cancellationToken).ConfigureAwait(false);
            return new RootKeyVersion(version, KeyState.Disabled, Time(response.DeletionDate));
        }).ConfigureAwait(false);
    }

    /// <summary>Closes the SDK's client.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>What the SDK throws holds what the service wrote, so it goes no further.</summary>
    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AmazonServiceException e)
        {
            throw KeyServiceRefusal.Of(FailureOf(e));
        }
        catch (AmazonClientException)
        {
            throw KeyServiceRefusal.Of(KeyFailure.Denied);
        }
        catch (HttpRequestException)
        {
            throw KeyServiceRefusal.Of(KeyFailure.Unreachable);
        }
    }

    private static KeyFailure FailureOf(AmazonServiceException e) => e switch
    {
        NotFoundException => KeyFailure.NotThere,
        DisabledException or KMSInvalidStateException => KeyFailure.Disabled,
        InvalidCiphertextException or IncorrectKeyException => KeyFailure.DoesNotOpen,
        { ErrorCode: "ThrottlingException" or "TooManyRequestsException" or "LimitExceededException" or "RequestLimitExceeded" } => KeyFailure.Throttled,
        { StatusCode: System.Net.HttpStatusCode.TooManyRequests } => KeyFailure.Throttled,
        { StatusCode: >= System.Net.HttpStatusCode.InternalServerError } or { StatusCode: 0 } => KeyFailure.Unreachable,
        { ErrorCode: "ValidationException" or "SerializationException" } => KeyFailure.Malformed,
        _ => KeyFailure.Denied,
    };

    private static RootKeyVersion Read(KeyMetadata key, KeyState enabled)
    {
        KeyState state = key.KeyState == AwsKeyState.Enabled ? enabled : key.KeyState == AwsKeyState.Creating ? KeyState.Added : KeyState.Disabled;
        return new RootKeyVersion(Arn(key.Arn), state, key.KeyState == AwsKeyState.PendingDeletion ? Time(key.DeletionDate) : null);
    }

    private static DateTimeOffset? Time(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;

    private static string Arn(string? arn) => arn is not null && KeyArn().IsMatch(arn) ? arn : throw KeyServiceAnswer.Malformed();

    /// <summary>A key of another account or region is never asked, whatever a stored wrapped key says.</summary>
    private static void RequireSibling(string primary, string version)
    {
        string account = primary[..(primary.LastIndexOf(":key/", StringComparison.Ordinal) + 5)];
        if (!KeyArn().IsMatch(version) || !version.StartsWith(account, StringComparison.Ordinal))
            throw KeyServiceRefusal.Of(KeyFailure.DoesNotOpen);
    }

    [GeneratedRegex("^alias/(?!aws/)[0-9A-Za-z/_-]{1,250}$")]
    private static partial Regex AliasName();

    [GeneratedRegex("^arn:[a-z-]+:kms:[0-9a-z-]+:[0-9]{12}:key/[0-9A-Za-z-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyArn();

    private async Task RequireOursAsync(string version, CancellationToken cancellationToken)
    {
        KeyMetadata primary = await CallAsync(() => DescribeAsync(_options.Alias, cancellationToken)).ConfigureAwait(false);
        RequireSibling(Arn(primary.Arn), version);
    }

    private async Task<KeyMetadata> DescribeAsync(string key, CancellationToken cancellationToken)
    {
        DescribeKeyResponse response = await _client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = key }, cancellationToken).ConfigureAwait(false);
        return response.KeyMetadata ?? throw KeyServiceAnswer.Malformed();
    }
}

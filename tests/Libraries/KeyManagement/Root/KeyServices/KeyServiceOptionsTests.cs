using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

public sealed class KeyServiceOptionsTests : IDisposable
{
    private static readonly Uri Safe = new("https://keys.example.org/");

    private readonly HttpClient _http = new();
    private readonly TokenFile _tokens = new("/nowhere/token");

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("http://keys.example.org/")]
    [InlineData("ftp://keys.example.org/")]
    [InlineData("keys.example.org")]
    public void Keys_and_tokens_are_sent_over_encrypted_channels_only(string address)
    {
        Uri uri = new(address, UriKind.RelativeOrAbsolute);
        Assert.Throws<ArgumentException>(() => new GoogleKms(new GoogleKmsOptions("projects/p/locations/l/keyRings/r/cryptoKeys/k") { Address = uri }, _tokens, _http, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new AzureKeyVault(new AzureKeyVaultOptions(uri, "k"), _tokens, _http, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new VaultTransit(new VaultTransitOptions(uri, "k"), _tokens, _http, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new AwsKms(new AwsKmsOptions("alias/k") { Region = "eu-central-1", Address = uri }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1")]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/k:destroy")]
    [InlineData("projects/p/locations/l/keyRings/r?x=1/cryptoKeys/k")]
    public void A_google_key_is_named_by_its_resource_name(string key) => Assert.Throws<ArgumentException>(
        () => new GoogleKms(new GoogleKmsOptions(key), _tokens, _http, TimeProvider.System));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("..")]
    [InlineData("a b")]
    public void Names_that_go_into_a_path_cannot_leave_it(string key)
    {
        Assert.Throws<ArgumentException>(() => new AzureKeyVault(new AzureKeyVaultOptions(Safe, key), _tokens, _http, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new VaultTransit(new VaultTransitOptions(Safe, key), _tokens, _http, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new VaultTransit(new VaultTransitOptions(Safe, "k") { Mount = key + "/../x" }, _tokens, _http, TimeProvider.System));
    }

    [Theory]
    [InlineData("")]
    [InlineData("opaline")]
    [InlineData("alias/aws/s3")]
    [InlineData("arn:aws:kms:eu-central-1:111122223333:key/1")]
    public void An_aws_key_is_named_by_an_alias_of_ones_own(string alias) => Assert.Throws<ArgumentException>(() => new AwsKms(new AwsKmsOptions(alias)));

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new AwsKms(new AwsKmsOptions("alias/k") { DeletionDays = 6 }));
        Assert.Throws<ArgumentException>(() => new AwsKms(new AwsKmsOptions("alias/k") { DeletionDays = 31 }));
        Assert.Throws<ArgumentException>(() => new AwsKms(new AwsKmsOptions("alias/k") { Retries = -1 }));
        Assert.Throws<ArgumentException>(() => new AwsKms(new AwsKmsOptions("alias/k") { Retries = 11 }));
    }

    [Fact]
    public void Without_a_region_an_aws_key_is_refused_with_what_to_do()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("AWS_REGION") is not null, "This machine has a region.");
        // Else the SDK would look for the metadata of a machine in AWS.
        string? before = Environment.GetEnvironmentVariable("AWS_EC2_METADATA_DISABLED");
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        try
        {
            KeyUnavailableException refused = Assert.Throws<KeyUnavailableException>(() => new AwsKms(new AwsKmsOptions("alias/k")));
            Assert.Equal(KeyFailure.Configuration, refused.Failure);
        }
        finally
        {
            Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", before);
        }
    }
}

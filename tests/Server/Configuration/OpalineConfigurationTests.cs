using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Opaline.Server.Configuration;

namespace Opaline.Server.Tests.Configuration;

public class OpalineConfigurationTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "Opaline:Privacy:DefaultEpsilon", "0" },
        { "Opaline:Privacy:DefaultEpsilon", "-1" },
        { "Opaline:Privacy:DefaultEpsilon", "9e-7" },
        { "Opaline:Privacy:DefaultEpsilon", "20.1" },
        { "Opaline:Privacy:DefaultEpsilon", "NaN" },
        { "Opaline:Privacy:DefaultEpsilon", "Infinity" },
        { "Opaline:Privacy:DefaultEpsilon", "much" },
        { "Opaline:Privacy:DefaultDelta", "0.0011" },
        { "Opaline:Privacy:DefaultDelta", "0" },
        { "Opaline:Privacy:DefaultDelta", "9e-16" },
        { "Opaline:Privacy:DefaultDelta", "NaN" },
        { "Opaline:Storage:Url", "mysql://db/opaline" },
        { "Opaline:Storage:Url", "postgresql://user:s3cret@db" },
        { "Opaline:Storage:Url", "postgresql://user:s3cret@db/opaline?colour=blue" },
        { "Opaline:Storage:RedisUrl", "redis://cache:6379" },
        { "Opaline:Storage:DataFolder", "" },
        { "Opaline:Storage:TickSeconds", "0" },
        { "Opaline:Storage:TickSeconds", "ten" },
        { "Opaline:Storage:EncryptEvents", "maybe" },
        { "Opaline:Keys:PassphraseFile", "/nowhere/passphrase" },
        { "Opaline:Keys:TokenizationKeySource", "cloud" },
        { "Opaline:Keys:FormatPreserving", "true" },
        { "Opaline:Keys:AdminOnlyDecryption", "false" },
        { "Opaline:Budgets:Dataset:Epsilon", "-5" },
        { "Opaline:Budgets:Principal:Delta", "0.5" },
        { "Opaline:Budgets:Principal:Delta", "9e-16" },
        { "Opaline:Budgets:Department:WindowDays", "-1" },
        { "Opaline:Budgets:Datasets:events:Epsilon", "NaN" },
        { "Opaline:Audit:RetentionDays", "0" },
        { "Opaline:Authentication:Issuer", "localhost" },
        { "Opaline:Authentication:Audience", " " },
        { "Opaline:Authentication:Authorities:0:Issuer", "http://example.org" },
        { "Opaline:Authentication:Authorities:0:Roles:staff", "superuser" },
        { "Opaline:Authentication:Authorities:0:Algorithms:0", "HS256" },
        { "Opaline:RateLimits:Client", "0" },
        { "Opaline:Limits:MaxBodyBytes", "1" },
        { "Opaline:Privacy:DefaultEpsilom", "1" },
        { "Opaline:Privcy:DefaultEpsilon", "1" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Value_that_cannot_be_is_refused_with_the_name_of_its_key(string key, string value)
    {
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => Read((key, value)));
        // A list of algorithms is refused as a whole, an unknown section under its own name.
        string named = key.Contains("Algorithms", StringComparison.Ordinal) ? key[..^2] : key.StartsWith("Opaline:Privcy", StringComparison.Ordinal) ? "Opaline:Privcy" : key;
        Assert.Contains(refusal.Messages, m => m.StartsWith(named + ":", StringComparison.Ordinal));
        if (value.Length > 4)
            Assert.DoesNotContain(refusal.Messages, m => m.Contains(value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("aws", "AwsKms:Alias")]
    [InlineData("google", "GoogleKms:Key")]
    [InlineData("azure", "AzureKeyVault:Vault", "AzureKeyVault:Key")]
    [InlineData("vault", "VaultTransit:Address", "VaultTransit:Key", "VaultTransit:TokenFile")]
    [InlineData("pkcs11", "Pkcs11Token:Library", "Pkcs11Token:Token", "Pkcs11Token:Key", "Pkcs11Token:PinFile")]
    public void Key_source_says_what_its_section_lacks(string source, params string[] missing)
    {
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => Read(("Opaline:Keys:TokenizationKeySource", source)));
        Assert.Equal(missing.Select(m => "Opaline:Keys:" + m), refusal.Messages.Select(m => m[..m.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("http://vault.example.org:8200/")]
    [InlineData("https://vault.example.org:8200")]
    [InlineData("vault")]
    public void Address_of_a_key_service_that_is_not_safe_is_refused(string address)
    {
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(
            () => Read(("Opaline:Keys:TokenizationKeySource", "vault"), ("Opaline:Keys:VaultTransit:Address", address)));
        Assert.Contains(refusal.Messages, m => m.StartsWith("Opaline:Keys:VaultTransit:Address:", StringComparison.Ordinal));
    }

    [Fact]
    public void Passphrase_for_a_key_file_that_is_not_used_is_refused()
    {
        string here = typeof(OpalineConfigurationTests).Assembly.Location;
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => Read(
            ("Opaline:Keys:TokenizationKeySource", "aws"), ("Opaline:Keys:AwsKms:Alias", "alias/opaline"), ("Opaline:Keys:PassphraseFile", here)));
        Assert.Single(refusal.Messages, m => m.StartsWith("Opaline:Keys:PassphraseFile:", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(
            () => Read(("Opaline:Privacy:DefaultEpsilon", "0"), ("Opaline:Audit:RetentionDays", "0")));
        Assert.Equal(2, refusal.Messages.Count);
        Assert.Contains("Opaline:Privacy:DefaultEpsilon", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_configured_gives_the_defaults_of_the_issue()
    {
        OpalineOptions options = Read();
        Assert.Equal(1.0, options.Privacy.DefaultEpsilon);
        Assert.Equal(1e-6, options.Privacy.DefaultDelta);
        Assert.Equal(2555, options.Audit.RetentionDays);
        Assert.True(options.Keys.AdminOnlyDecryption);
        Assert.False(options.Keys.FormatPreserving);
    }

    [Fact]
    public void Largest_delta_that_is_allowed_is_a_thousandth() =>
        Assert.Equal(1e-3, Read(("Opaline:Privacy:DefaultDelta", "0.001")).Privacy.DefaultDelta);

    [Fact]
    public void Two_authorities_of_one_issuer_are_refused()
    {
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => Read(
            ("Opaline:Authentication:Authorities:0:Name", "one"),
            ("Opaline:Authentication:Authorities:0:Issuer", "https://login.example.org/"),
            ("Opaline:Authentication:Authorities:0:Audience", "opaline"),
            ("Opaline:Authentication:Authorities:1:Name", "two"),
            ("Opaline:Authentication:Authorities:1:Issuer", "https://login.example.org/"),
            ("Opaline:Authentication:Authorities:1:Audience", "opaline")));
        Assert.Contains(refusal.Messages, m => m.StartsWith("Opaline:Authentication:Authorities:1:Issuer:", StringComparison.Ordinal));
    }

    [Fact]
    public void Env_example_lists_every_key_with_its_default_and_no_other()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Root(), ".env.example"));
        Dictionary<string, string> listed = lines.Select(l => l.TrimStart('#', ' '))
            .Where(l => l.StartsWith("Opaline__", StringComparison.Ordinal))
            .Select(l => l.Split('=', 2))
            .ToDictionary(p => p[0].Replace("__", ":", StringComparison.Ordinal), p => p[1], StringComparer.Ordinal);
        Assert.Equal(OpalineConfiguration.Keys().Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));

        // What is not commented out is the default: reading it changes nothing.
        (string, string)[] set = [.. lines.Where(l => l.StartsWith("Opaline__", StringComparison.Ordinal)).Select(l => l.Split('=', 2))
            .Select(p => (p[0].Replace("__", ":", StringComparison.Ordinal), p[1]))];
        Assert.Equivalent(Read(), Read(set), strict: true);
    }

    [Fact]
    public void Key_that_a_message_names_exists()
    {
        string[] keys = [.. OpalineConfiguration.Keys()];
        string[] named =
        [
            .. Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Regex.Matches(File.ReadAllText(file), "Opaline(:[A-Z][A-Za-z]+)+").Select(m => m.Value))
                .Distinct(),
        ];
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(keys, key => key == name || key.StartsWith(name + ":", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Server_with_a_bad_configuration_does_not_start() =>
        await Assert.ThrowsAsync<ConfigurationException>(() => OpalineServer.OpenAsync(["--Opaline:Privacy:DefaultDelta=0.1"]));

    [Theory]
    [InlineData("http://localhost:8000", true)]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://127.0.0.53:80", true)]
    [InlineData("http://[::1]:8000", true)]
    [InlineData("http://0.0.0.0:8000", false)]
    [InlineData("http://*:8000", false)]
    [InlineData("http://+:8000", false)]
    [InlineData("http://[::]:8000", false)]
    [InlineData("http://opaline.example.org", false)]
    [InlineData("http://localhost.example.org", false)]
    [InlineData("nonsense", false)]
    public void Address_is_loopback_only_if_nobody_else_can_reach_it(string url, bool loopback) =>
        Assert.Equal(loopback, Bindings.AreLoopback([url]));

    [Fact]
    public void One_address_beyond_loopback_is_enough() => Assert.False(Bindings.AreLoopback(["http://localhost:8000", "http://10.0.0.1:8000"]));

    private static OpalineOptions Read(params (string Key, string Value)[] settings) => OpalineConfiguration.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opaline.slnx")))
            folder = folder.Parent;
        return folder!.FullName;
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Client.Contracts;
using Opaline.KeyManagement;
using Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;
using Opaline.Server.Configuration;
using Opaline.Server.Keys;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Keys;

public class KeySourceTests
{
    [Fact]
    public async Task A_server_whose_root_key_is_in_a_key_service_keeps_no_root_key_and_starts_again()
    {
        await using VaultTransitServer service = (VaultTransitServer)await VaultTransitServer.StartAsync(TimeProvider.System);
        using TemporaryFolder folder = new();
        IReadOnlyList<CredentialDocument> credentials;
        await using (RunningServer server = await RunningServer.StartAsync(folder, Arguments(service)))
        {
            credentials = server.Credentials();
            Assert.IsType<VaultTransit>(server.Services.GetRequiredService<IRootKey>());
            Assert.False(File.Exists(Path.Combine(server.KeyFolder, RootKeyFile.Name)));
            string json = """[{"event_id":"1","user_id":"ann","action":"login","timestamp":"2026-01-01T00:00:00Z"}]""";
            Assert.Equal(HttpStatusCode.Accepted, (await server.PostJsonAsync("/api/v1/events", "ingest", json)).StatusCode);
        }
        await service.Root.RotateAsync(TestContext.Current.CancellationToken);
        await using (RunningServer again = await RunningServer.StartAsync(folder, Arguments(service)))
        {
            using HttpResponseMessage token = await again.RequestTokenAsync(credentials[0].ClientId, credentials[0].ClientSecret);
            Assert.Equal(HttpStatusCode.OK, token.StatusCode);
            string json = """[{"event_id":"2","user_id":"ann","action":"login","timestamp":"2026-01-01T00:00:00Z"}]""";
            Assert.Equal(HttpStatusCode.Accepted, (await again.PostJsonAsync("/api/v1/events", "ingest", json)).StatusCode);
        }
    }

    [Theory]
    [InlineData("vault")]
    [InlineData("local")]
    public async Task After_a_rotation_of_the_root_key_a_start_leaves_nothing_of_the_server_under_the_older_version(string source)
    {
        await using VaultTransitServer service = (VaultTransitServer)await VaultTransitServer.StartAsync(TimeProvider.System);
        using TemporaryFolder folder = new();
        string[] arguments = source == "vault" ? Arguments(service) : [];
        CredentialDocument credential;
        await using (RunningServer server = await RunningServer.StartAsync(folder, arguments))
        {
            credential = server.Credentials()[0];
            await server.Services.GetRequiredService<IRootKey>().RotateAsync(TestContext.Current.CancellationToken);
        }
        await using (RunningServer server = await RunningServer.StartAsync(folder, arguments))
        {
            string path = Path.Combine(server.KeyFolder, "signing.key");
            Assert.Equal("2", WrappedKey.Parse(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Version);
            await server.Services.GetRequiredService<IRootKey>().ScheduleDestroyAsync("1", TestContext.Current.CancellationToken);
        }
        await using RunningServer last = await RunningServer.StartAsync(folder, arguments);
        using HttpResponseMessage token = await last.RequestTokenAsync(credential.ClientId, credential.ClientSecret);
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
    }

    [Fact]
    public async Task A_server_whose_key_was_disabled_or_whose_key_service_is_away_does_not_start()
    {
        await using VaultTransitServer service = (VaultTransitServer)await VaultTransitServer.StartAsync(TimeProvider.System);
        using TemporaryFolder folder = new();
        await using (await RunningServer.StartAsync(folder, Arguments(service)))
        {
        }
        await service.Root.RotateAsync(TestContext.Current.CancellationToken);
        service.Disable("1");
        KeyUnavailableException refused = await Assert.ThrowsAsync<KeyUnavailableException>(() => RunningServer.StartAsync(folder, Arguments(service)));
        Assert.Equal(KeyFailure.Disabled, refused.Failure);
        Assert.DoesNotContain(KeyServiceServer.Marker, refused.ToString(), StringComparison.Ordinal);
        await service.Server.StopAsync();
        refused = await Assert.ThrowsAsync<KeyUnavailableException>(() => RunningServer.StartAsync(folder, Arguments(service)));
        Assert.Equal(KeyFailure.Unreachable, refused.Failure);
    }

    [Fact]
    public void Every_source_that_may_be_configured_opens_what_it_names()
    {
        using TemporaryFolder folder = new();
        string token = Path.Combine(folder.Path, "token");
        File.WriteAllText(token, "t");
        (string Source, Type Type)[] sources =
        [
            ("local", typeof(RootKeyFile)), ("aws", typeof(AwsKms)), ("google", typeof(GoogleKms)), ("azure", typeof(AzureKeyVault)), ("vault", typeof(VaultTransit)),
        ];
        foreach ((string source, Type type) in sources)
        {
            KeysSection keys = new()
            {
                Folder = Path.Combine(folder.Path, "keys"),
                TokenizationKeySource = source,
                AwsKms = new() { Alias = "alias/opaline", Region = "eu-central-1" },
                GoogleKms = new() { Key = "projects/p/locations/l/keyRings/r/cryptoKeys/k" },
                AzureKeyVault = new() { Vault = "https://example.vault.azure.net/", Key = "opaline" },
                VaultTransit = new() { Address = "https://vault.example.org:8200/", Key = "opaline", TokenFile = token },
            };
            Faults faults = new("Opaline:Keys");
            keys.Check(faults);
            Assert.Empty(faults.Messages);
            using IRootKey root = RootKeySource.Open(keys, new Reach(LoopbackOnly: true), null, TimeProvider.System);
            Assert.IsType(type, root);
        }
    }

    private static string[] Arguments(VaultTransitServer service) =>
    [
        "--Opaline:Keys:TokenizationKeySource=vault", $"--Opaline:Keys:VaultTransit:Address={service.Server.Address}", "--Opaline:Keys:VaultTransit:Key=opaline",
        "--Opaline:Keys:VaultTransit:Mount=opaline/transit", $"--Opaline:Keys:VaultTransit:TokenFile={service.TokenPath}",
    ];
}

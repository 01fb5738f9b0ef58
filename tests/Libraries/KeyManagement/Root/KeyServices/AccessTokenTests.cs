using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

public sealed class AccessTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_file_is_read_anew_for_every_call()
    {
        string path = _folder.File("token");
        TokenFile tokens = new(path);
        await RefusedAsync(KeyFailure.Configuration, () => tokens.ExposeAsync(false, Cancel).AsTask());
        await File.WriteAllTextAsync(path, "one\r\n", Cancel);
        Assert.Equal("one", await tokens.ExposeAsync(false, Cancel));
        await File.WriteAllTextAsync(path, "two", Cancel);
        Assert.Equal("two", await tokens.ExposeAsync(false, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a b")]
    [InlineData("a\nX-Vault-Policy: root")]
    [InlineData("t\u00f6ken")]
    public async Task What_would_break_a_header_is_no_token(string content)
    {
        string path = _folder.File("token");
        await File.WriteAllTextAsync(path, content, Cancel);
        await RefusedAsync(KeyFailure.Configuration, () => new TokenFile(path).ExposeAsync(false, Cancel).AsTask());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_machines_own_token_is_kept_until_shortly_before_it_expires_or_is_refused(bool azure)
    {
        int given = 0;
        await using KeyServiceServer server = await KeyServiceServer.StartAsync(request =>
        {
            bool asked = azure
                ? request.Headers["Metadata"] == "true" && request.Target == "metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"
                : request.Headers["Metadata-Flavor"] == "Google" && request.Target == "computeMetadata/v1/instance/service-accounts/default/token";
            object seconds = azure ? "3600" : 3600;
            return asked ? ServedAnswer.Ok(new { access_token = "t" + ++given, expires_in = seconds, token_type = "Bearer" }) : ServedAnswer.Json(403, new { });
        });
        MovingTime time = new();
        using MetadataTokens tokens = azure ? MetadataTokens.Azure(server.Http, time, server.Address) : MetadataTokens.Google(server.Http, time, server.Address);
        Assert.Equal("t1", await tokens.ExposeAsync(false, Cancel));
        time.Now += TimeSpan.FromMinutes(58);
        Assert.Equal("t1", await tokens.ExposeAsync(false, Cancel));
        time.Now += TimeSpan.FromMinutes(2);
        Assert.Equal("t2", await tokens.ExposeAsync(false, Cancel));
        Assert.Equal("t3", await tokens.ExposeAsync(true, Cancel));

        server.AnswerNext(404, "no identity"u8.ToArray());
        await RefusedAsync(KeyFailure.Denied, () => tokens.ExposeAsync(true, Cancel).AsTask());
        server.AnswerNext(200, "{}"u8.ToArray());
        await RefusedAsync(KeyFailure.Malformed, () => tokens.ExposeAsync(true, Cancel).AsTask());
    }

    private static async Task RefusedAsync(KeyFailure failure, Func<Task> act) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<KeyUnavailableException>(act)).Failure);

    private sealed class MovingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

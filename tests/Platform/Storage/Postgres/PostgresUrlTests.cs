using Npgsql;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Postgres;

public class PostgresUrlTests
{
    [Theory]
    [InlineData("postgres://ann:p%40ss%3Aword@db.example.org:6432/opaline?connect_timeout=5", "db.example.org", 6432, "opaline", "ann", "p@ss:word", SslMode.Require)]
    [InlineData("postgresql://ann@db.example.org/opaline?sslmode=verify-full", "db.example.org", 5432, "opaline", "ann", null, SslMode.VerifyFull)]
    [InlineData("postgres://ann@db/opaline?sslmode=disable", "db", 5432, "opaline", "ann", null, SslMode.Disable)]
    [InlineData("postgres://127.0.0.1/opaline", "127.0.0.1", 5432, "opaline", null, null, SslMode.Prefer)]
    [InlineData("postgres://[::1]:5433/opaline", "::1", 5433, "opaline", null, null, SslMode.Prefer)]
    [InlineData("postgres:///opaline?host=/run/postgresql&username=ann", "/run/postgresql", 5432, "opaline", "ann", null, SslMode.Prefer)]
    [InlineData("Host=localhost;Database=opaline;Username=ann;Password=a=b", "localhost", 5432, "opaline", "ann", "a=b", SslMode.Prefer)]
    [InlineData("Host=db;Database=opaline", "db", 5432, "opaline", null, null, SslMode.Require)]
    public void A_url_or_connection_string_says_where_the_server_is(string url, string host, int port, string database, string? user, string? password, SslMode mode)
    {
        NpgsqlConnectionStringBuilder server = PostgresUrl.Parse(url);
        Assert.Equal((host, port, database, user, password, mode), (server.Host, server.Port, server.Database, server.Username, server.Password, server.SslMode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("postgres://")]
    [InlineData("postgres://s3cret@db")]
    [InlineData("postgres://db/opaline?s3cret=1")]
    [InlineData("postgres://db/opaline?sslmode=s3cret")]
    [InlineData("mysql://db/opaline")]
    [InlineData("Host=db;Password=s3cret")]
    [InlineData("Host=db;Database=x;Port=s3cret")]
    public void What_names_no_database_is_refused_without_a_word_of_it(string url)
    {
        Assert.NotNull(PostgresUrl.Fault(url));
        StorageFailureException refusal = Assert.Throws<StorageFailureException>(() => PostgresUrl.Parse(url));
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
    }
}

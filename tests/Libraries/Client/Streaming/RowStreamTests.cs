using System.Net;
using System.Text;
using Opaline.Client;
using Opaline.Libraries.Tests.Client.Http;

namespace Opaline.Libraries.Tests.Client.Streaming;

public class RowStreamTests
{
    private static readonly RowStreamOptions OneByOne = new() { Key = "import", BatchRows = 3, Connections = 1 };

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Rows(int count, Func<int, string> row)
    {
        // One buffer for all rows, as the contract allows.
        byte[] buffer = new byte[1_000];
        for (int i = 0; i < count; i++)
        {
            int length = Encoding.UTF8.GetBytes(row(i), buffer);
            yield return buffer.AsMemory(0, length);
        }

        await Task.CompletedTask;
    }

    private static ScriptedServer Accepting() => new()
    {
        OnCall = (call, _) => ScriptedServer.Json(
            $$"""{"accepted":{{call.Body.Count(c => c == '\n')}},"rejected":0,"errors":[]}""", HttpStatusCode.Accepted),
    };

    [Fact]
    public async Task Batches_hold_at_most_the_rows_asked_for_and_all_rows_arrive_in_order()
    {
        using ScriptedServer server = Accepting();
        using OpalineClient client = server.Client();
        RowStreamResult result = await client.StreamRowsAsync("d", Rows(7, i => $"{{\"n\":{i}}}"), OneByOne);
        Assert.Equal(7, result.Accepted);
        Assert.Equal([3, 3, 1], server.Calls.Select(c => c.Body.Count(b => b == '\n')));
        Assert.Equal(string.Concat(Enumerable.Range(0, 7).Select(i => $"{{\"n\":{i}}}\n")), string.Concat(server.Calls.Select(c => c.Body)));
    }

    [Fact]
    public async Task Every_batch_names_the_source_of_its_stream()
    {
        using ScriptedServer server = Accepting();
        using OpalineClient client = server.Client();
        await client.StreamRowsAsync("d", Rows(7, _ => "{}"), OneByOne with { Source = "import/a" });
        Assert.All(server.Calls, call => Assert.Equal("import/a", call.Source));
        await client.SendRowsAsync("d", "{}\n"u8.ToArray(), "k");
        Assert.Null(server.Calls.Last().Source);
    }

    [Fact]
    public async Task Batches_hold_at_most_the_bytes_asked_for_unless_one_row_is_longer()
    {
        using ScriptedServer server = Accepting();
        using OpalineClient client = server.Client();
        await client.StreamRowsAsync("d", Rows(4, i => new string('x', i == 2 ? 50 : 9)), OneByOne with { BatchBytes = 20 });
        Assert.Equal([20, 51, 10], server.Calls.Select(c => c.Body.Length));
    }

    [Fact]
    public async Task Many_connections_lose_no_row()
    {
        using ScriptedServer server = Accepting();
        using OpalineClient client = server.Client();
        RowStreamResult result = await client.StreamRowsAsync("d", Rows(1_000, i => $"{{\"n\":{i}}}"), new RowStreamOptions { BatchRows = 7, Connections = 8 });
        Assert.Equal(1_000, result.Accepted);
        Assert.Equal(1_000, server.Calls.SelectMany(c => c.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Distinct().Count());
    }

    [Fact]
    public async Task The_same_stream_again_has_the_same_keys_and_equal_batches_have_different_ones()
    {
        using ScriptedServer server = Accepting();
        using OpalineClient client = server.Client();
        for (int run = 0; run < 2; run++)
            await client.StreamRowsAsync("d", Rows(9, _ => "{}"), OneByOne);
        string[] keys = [.. server.Calls.Select(c => c.Key!)];
        Assert.Equal(keys[..3], keys[3..]);
        Assert.Equal(3, keys.Distinct().Count());

        await client.StreamRowsAsync("d", Rows(9, _ => "{}"), OneByOne with { Key = "another" });
        Assert.Equal(6, server.Calls.Select(c => c.Key).Distinct().Count());
    }

    [Fact]
    public async Task Errors_count_rows_from_the_start_of_the_stream()
    {
        using ScriptedServer server = new()
        {
            OnCall = (_, _) => ScriptedServer.Json(
                """{"accepted":2,"rejected":1,"errors":[{"index":1,"path":"$.timestamp","reason":"no time"}]}""", HttpStatusCode.Accepted),
        };
        using OpalineClient client = server.Client();
        RowStreamResult result = await client.StreamRowsAsync("d", Rows(9, _ => "{}"), OneByOne);
        Assert.Equal((6, 3), (result.Accepted, result.Rejected));
        Assert.Equal([1, 4, 7], result.Errors.Select(e => e.Index));
    }

    [Fact]
    public async Task A_batch_of_bad_rows_only_does_not_end_the_stream()
    {
        using ScriptedServer server = new()
        {
            OnCall = (_, n) => n == 2
                ? ScriptedServer.Json(
                    """{"code":"invalid_events","detail":"No event is valid.","errors":[{"index":2,"path":"$","detail":"no object"}]}""",
                    HttpStatusCode.BadRequest)
                : ScriptedServer.Json("""{"accepted":3,"rejected":0,"errors":[]}""", HttpStatusCode.Accepted),
        };
        using OpalineClient client = server.Client();
        RowStreamResult result = await client.StreamRowsAsync("d", Rows(9, _ => "{}"), OneByOne);
        Assert.Equal((6, 3), (result.Accepted, result.Rejected));
        Assert.Equal((5, "no object"), (result.Errors.Single().Index, result.Errors.Single().Reason));
    }

    [Fact]
    public async Task A_refused_batch_ends_the_stream()
    {
        using ScriptedServer server = new()
        {
            OnCall = (_, _) => ScriptedServer.Json("""{"code":"not_found","detail":"No such dataset."}""", HttpStatusCode.NotFound),
        };
        using OpalineClient client = server.Client();
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.StreamRowsAsync("d", Rows(9, _ => "{}"), OneByOne));
    }
}

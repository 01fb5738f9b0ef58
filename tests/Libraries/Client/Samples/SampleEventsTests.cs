using System.Text.Json;
using Opaline.Client.Samples;

namespace Opaline.Libraries.Tests.Client.Samples;

public class SampleEventsTests
{
    private static readonly DateTime From = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Every_event_lies_in_the_range_and_is_of_the_declared_domains()
    {
        int count = 0;
        HashSet<string> actions = [];
        await foreach (ReadOnlyMemory<byte> line in SampleEvents.MakeAsync(5_000, 500, From, From.AddDays(30)))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement metadata = json.RootElement.GetProperty("metadata");
            Assert.InRange(json.RootElement.GetProperty("timestamp").GetDateTime(), From, From.AddDays(30).AddTicks(-1));
            Assert.Contains(metadata.GetProperty("device").GetString(), SampleEvents.Devices);
            Assert.Contains(metadata.GetProperty("plan").GetString(), SampleEvents.Plans);
            string action = json.RootElement.GetProperty("action").GetString()!;
            actions.Add(action);
            Assert.Equal(action == "purchase", metadata.TryGetProperty("amount", out _));
            count++;
        }

        Assert.Equal(5_000, count);
        Assert.Equal(SampleEvents.Actions.Order(), actions.Order());
    }
}

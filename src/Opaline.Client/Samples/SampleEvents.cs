using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Opaline.Client.Samples;

/// <summary>
/// Events of a made-up shop, for demonstrations and load tests: few busy people and many quiet ones, days and weekends, devices and plans
/// that belong to people, purchases with amounts, now and then a note with an address in it. Nobody in them exists.
/// </summary>
public static class SampleEvents
{
    private static readonly string[] ActionNames = ["login", "view", "search", "purchase", "share", "logout"];
    private static readonly string[] DeviceNames = ["mobile", "desktop", "tablet"];
    private static readonly string[] PlanNames = ["free", "pro", "team"];

    // Rough daily curve of a shop, by hour UTC.
    private static readonly double[] Hours =
        [2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 12, 11, 10, 10, 11, 12, 14, 15, 14, 11, 7, 4];

    /// <summary>The actions that occur.</summary>
    public static IReadOnlyList<string> Actions => ActionNames;

    /// <summary>The values of <c>metadata.device</c>.</summary>
    public static IReadOnlyList<string> Devices => DeviceNames;

    /// <summary>The values of <c>metadata.plan</c>.</summary>
    public static IReadOnlyList<string> Plans => PlanNames;

    /// <summary>Makes events, one JSON object each as <c>POST /events</c> wants it, in no order.</summary>
    /// <param name="count">How many.</param>
    /// <param name="people">How many people there are; not all of them need occur.</param>
    /// <param name="from">Earliest time, UTC.</param>
    /// <param name="to">The time, UTC, that all are before.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>Lines whose memory holds until the next is asked for.</returns>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> MakeAsync(
        int count, int people, DateTime from, DateTime to, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(people, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        RandomDraws draws = new();
        ArrayBufferWriter<byte> line = new();
        await using Utf8JsonWriter writer = new(line);
        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            line.ResetWrittenCount();
            writer.Reset();
            Write(writer, draws, people, from, to);
            yield return line.WrittenMemory;
        }
    }

    private static void Write(Utf8JsonWriter writer, RandomDraws draws, int people, DateTime from, DateTime to)
    {
        // A quarter of the people make half of the events.
        int person = draws.Uniform() < 0.33 ? draws.Below(Math.Max(1, people / 4)) : draws.Below(people);
        int action = draws.Weighted([30, 32, 14, 10, 4, 10]);
        writer.WriteStartObject();
        writer.WriteString("user_id"u8, string.Create(CultureInfo.InvariantCulture, $"person{person:000000}@shop.example"));
        writer.WriteString("action"u8, ActionNames[action]);
        writer.WriteString("timestamp"u8, Time(draws, from, to));
        writer.WriteStartObject("metadata"u8);
        // Most of a person's events come from the person's own device.
        writer.WriteString("device"u8, DeviceNames[draws.Uniform() < 0.85 ? Habit(person, 9) switch { < 5 => 0, < 8 => 1, _ => 2 } : draws.Below(3)]);
        writer.WriteString("plan"u8, PlanNames[Habit(person / 7, 5) switch { 0 => 1, 1 => 2, _ => 0 }]);
        writer.WriteString("ip_address"u8, string.Create(
            CultureInfo.InvariantCulture, $"198.{18 + (person >> 16 & 1)}.{person >> 8 & 255}.{person & 255}"));
        if (ActionNames[action] == "purchase")
            writer.WriteNumber("amount"u8, Math.Round((decimal)Math.Clamp(draws.LogNormal(32, 0.7), 1, 2_000), 2));
        if (draws.Uniform() < 0.01)
            writer.WriteString("note"u8, string.Create(CultureInfo.InvariantCulture, $"please write to person{person:000000}@home.example"));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
    }

    private static DateTime Time(RandomDraws draws, DateTime from, DateTime to)
    {
        while (true)
        {
            DateTime day = from.AddDays(draws.Uniform() * (to - from).TotalDays).Date;
            DateTime time = day.AddHours(draws.Weighted(Hours)).AddMilliseconds(draws.Below(3_600_000));
            bool quiet = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && draws.Uniform() < 0.3;
            if (time >= from && time < to && !quiet)
                return time;
        }
    }

    /// <summary>A choice that stays the same for a person.</summary>
    private static int Habit(int person, int choices) => (int)((uint)person * 2_654_435_761u >> 16) % choices;
}

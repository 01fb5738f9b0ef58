using Microsoft.Extensions.Options;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

public class PublicClockTests
{
    private static readonly DateTime Start = new(2024, 1, 15, 10, 30, 3, DateTimeKind.Utc);

    private readonly ManualTime _time = new(Start);
    private readonly PublicClock _clock;

    public PublicClockTests() => _clock = new PublicClock(_time, Options.Create(new StorageOptions { TickSeconds = 10 }));

    [Fact]
    public void Nothing_is_visible_before_the_first_tick() => Assert.Equal(new Tick(0, DateTime.UnixEpoch, 0), _clock.Current);

    [Fact]
    public void A_tick_begins_at_a_round_instant_that_depends_on_the_clock_alone()
    {
        _clock.Publish(_clock.DueNumber, 17);
        Assert.Equal(new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc), _clock.Current.AsOf);
        Assert.Equal(17, _clock.Current.VisibleLsn);
        Assert.Equal(TimeSpan.FromSeconds(7), _clock.UntilNext);
        _time.Now = Start.AddSeconds(7);
        Assert.Equal(_clock.Current.Number + 1, _clock.DueNumber);
        Assert.Equal(TimeSpan.FromSeconds(10), _clock.UntilNext);
    }

    [Fact]
    public void The_epoch_advances_although_nothing_came_in()
    {
        _clock.Publish(_clock.DueNumber, 17);
        long before = _clock.Current.Number;
        _time.Now = Start.AddSeconds(10);
        _clock.Publish(_clock.DueNumber, 17);
        Assert.Equal(before + 1, _clock.Current.Number);
    }

    [Fact]
    public void A_tick_is_published_once_and_never_taken_back()
    {
        _clock.Publish(_clock.DueNumber, 17);
        Tick tick = _clock.Current;
        _clock.Publish(tick.Number, 18);
        _time.Now = Start.AddDays(-1);
        _clock.Publish(_clock.DueNumber, 19);
        Assert.Same(tick, _clock.Current);
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Publish(tick.Number + 1, 16));
    }

    [Fact]
    public async Task Who_waits_for_a_tick_gets_it_when_it_is_published()
    {
        long number = _clock.DueNumber;
        Task<Tick> waiting = _clock.WaitForAsync(number, TestContext.Current.CancellationToken);
        Task<Tick> later = _clock.WaitForAsync(number + 1, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        _clock.Publish(number, 5);
        Assert.Equal(5, (await waiting).VisibleLsn);
        Assert.False(later.IsCompleted);
        _clock.Publish(number + 3, 6);
        Assert.Equal(number + 3, (await later).Number);
        Assert.Equal(number + 3, (await _clock.WaitForAsync(number, TestContext.Current.CancellationToken)).Number);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_let_go()
    {
        using CancellationTokenSource source = new();
        Task<Tick> waiting = _clock.WaitForAsync(_clock.DueNumber, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _clock.Publish(_clock.DueNumber, 5);
    }
}

using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class BackoffTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(int.MinValue, 0.5, 1)]
    [InlineData(-1, 0.5, 1)]
    [InlineData(0, 0.5, 1)]
    [InlineData(1, 0.5, 2)]
    [InlineData(2, 0.5, 4)]
    [InlineData(4, 0.5, 16)]
    [InlineData(5, 0.5, 30)]
    [InlineData(63, 0.5, 30)]
    [InlineData(int.MaxValue, 0.5, 30)]
    public void The_wait_lies_between_half_of_the_base_and_its_power_of_two_or_the_cap(int attempt, double shortest, double longest)
    {
        Assert.Equal(TimeSpan.FromSeconds(shortest), Backoff.GetDelay(attempt, Second, Cap, random: 0));
        Assert.Equal(TimeSpan.FromSeconds(longest), Backoff.GetDelay(attempt, Second, Cap, random: 1));
        for (int i = 0; i < 100; i++)
        {
            Assert.InRange(Backoff.GetDelay(attempt), TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest));
        }
    }

    [Fact]
    public void Waits_are_spread()
        => Assert.True(Enumerable.Range(0, 100).Select(_ => Backoff.GetDelay(3)).Distinct().Count() > 50);

    [Fact]
    public void The_cap_wins_over_the_base()
        => Assert.Equal(Second, Backoff.GetDelay(0, TimeSpan.FromSeconds(10), Second, random: 0));

    [Fact]
    public void The_default_cap_does_not_shorten_a_longer_base()
        => Assert.InRange(Backoff.GetDelay(3, TimeSpan.FromMinutes(2)), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));

    [Fact]
    public void The_largest_delays_do_not_overflow()
        => Assert.Equal(TimeSpan.MaxValue, Backoff.GetDelay(int.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue, random: 1));

    [Fact]
    public void A_negative_delay_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.GetDelay(0, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.GetDelay(0, Second, TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task The_wait_takes_its_time_from_the_clock()
    {
        var time = new VirtualTime();
        Task wait = Backoff.DelayAsync(0, time, TestContext.Current.CancellationToken);
        TimeSpan due = Assert.NotNull(time.NextDue);
        Assert.InRange(due, TimeSpan.FromSeconds(0.5), Second);

        time.Advance(due - TimeSpan.FromTicks(1));
        Assert.False(wait.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        await wait;
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        using var cancellation = new CancellationTokenSource();
        Task wait = Backoff.DelayAsync(20, cancellation.Token);
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    [Fact]
    public void Cancellation_ends_the_blocking_wait()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => Backoff.Delay(20, cancellation.Token));
    }
}

using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_token_is_cancelled_at_the_limit_and_not_before()
    {
        var time = new VirtualTime();
        using var deadline = Deadline.After(Minute, time, TestContext.Current.CancellationToken);

        time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.False(deadline.Token.IsCancellationRequested);
        Assert.Equal(TimeSpan.FromTicks(1), deadline.Remaining);

        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.True(deadline.HasElapsed);
        Assert.Equal(TimeSpan.Zero, deadline.Remaining);
    }

    [Fact]
    public void The_callers_cancellation_is_passed_on_and_is_not_called_elapsed()
    {
        using var caller = new CancellationTokenSource();
        using var deadline = Deadline.After(Minute, new VirtualTime(), caller.Token);

        caller.Cancel();

        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.False(deadline.HasElapsed);
    }

    [Fact]
    public void A_caller_who_has_cancelled_already_gets_a_cancelled_token()
    {
        using var deadline = Deadline.After(Minute, new VirtualTime(), new CancellationToken(canceled: true));

        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.False(deadline.HasElapsed);
    }

    [Fact]
    public void Disposal_frees_the_timer_and_leaves_the_token_alone()
    {
        var time = new VirtualTime();
        using var caller = new CancellationTokenSource();
        CancellationToken token;
        using (var deadline = Deadline.After(Minute, time, caller.Token))
        {
            token = deadline.Token;
            Assert.Equal(1, time.ActiveTimers);
        }

        Assert.Equal(0, time.ActiveTimers);
        time.Advance(Minute * 2);
        caller.Cancel();
        Assert.False(token.IsCancellationRequested);
        using CancellationTokenRegistration stillUsable = token.Register(() => { });
    }

    [Fact]
    public void An_infinite_deadline_follows_the_caller_only()
    {
        var time = new VirtualTime();
        using var deadline = Deadline.After(Timeout.InfiniteTimeSpan, time, TestContext.Current.CancellationToken);

        Assert.Equal(0, time.ActiveTimers);
        Assert.Equal(Timeout.InfiniteTimeSpan, deadline.Remaining);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(50 * 24 * 3600)]
    public void A_limit_out_of_range_is_refused(int seconds)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.After(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_timer_that_fires_early_cuts_nothing_and_comes_back()
    {
        var time = new EarlyTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        limit.Arm(Minute);

        time.Inner.Advance(Minute - TimeSpan.FromMilliseconds(3));
        Assert.True(time.HasFiredEarly);
        Assert.False(limit.Token.IsCancellationRequested);

        time.Inner.Advance(TimeSpan.FromMilliseconds(3));
        Assert.True(limit.Elapsed);
    }

    [Fact]
    public void A_limit_that_was_moved_fires_at_its_last_time_only()
    {
        var time = new VirtualTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        limit.Arm(Minute);
        time.Advance(Minute / 2);
        limit.Arm(Minute);
        time.Advance(Minute / 2);
        Assert.False(limit.Elapsed);
        limit.Disarm();
        time.Advance(Minute * 3);
        Assert.False(limit.Token.IsCancellationRequested);
        limit.Arm(Minute);
        time.Advance(Minute);
        Assert.True(limit.Elapsed);
    }

    /// <summary>A clock whose timers come 3 ms early the first time, as coarse system timers may.</summary>
    private sealed class EarlyTime : TimeProvider
    {
        public VirtualTime Inner { get; } = new();

        public bool HasFiredEarly { get; private set; }

        public override long TimestampFrequency => Inner.TimestampFrequency;

        public override long GetTimestamp() => Inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => new EarlyTimer(this, Inner.CreateTimer(
                value =>
                {
                    HasFiredEarly = true;
                    callback(value);
                },
                state,
                dueTime,
                period));

        private sealed class EarlyTimer(EarlyTime owner, ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
                => inner.Change(owner.HasFiredEarly || dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime - TimeSpan.FromMilliseconds(3), period);

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}

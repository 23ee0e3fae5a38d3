using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>The limit of an attempt within the deadline of its call.</summary>
public sealed class TimeLimitTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly VirtualTime _time = new();

    [Fact]
    public void The_inner_limit_ends_with_the_outer_one_and_does_not_call_that_elapsed()
    {
        using var outer = new TimeLimit(_time, CancellationToken.None);
        using var inner = new TimeLimit(outer);
        outer.Arm(Minute);
        inner.Arm(Minute * 2);

        _time.Advance(Minute);

        Assert.True(inner.Token.IsCancellationRequested);
        Assert.True(outer.Elapsed);
        Assert.False(inner.Elapsed);
    }

    [Fact]
    public void The_inner_limit_ends_with_the_caller()
    {
        using var caller = new CancellationTokenSource();
        using var outer = new TimeLimit(_time, caller.Token);
        using var inner = new TimeLimit(outer);

        caller.Cancel();

        Assert.True(inner.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_outer_limit_outlives_the_inner_one()
    {
        using var outer = new TimeLimit(_time, CancellationToken.None);
        using var inner = new TimeLimit(outer);
        inner.Arm(Minute);

        _time.Advance(Minute);

        Assert.True(inner.Elapsed);
        Assert.False(outer.Token.IsCancellationRequested);
    }

    [Fact]
    public void Within_a_cancelled_limit_a_new_one_is_cancelled()
    {
        using var outer = new TimeLimit(_time, new CancellationToken(canceled: true));
        using var inner = new TimeLimit(outer);

        Assert.True(inner.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_next_inner_limit_takes_the_place_of_the_last()
    {
        using var outer = new TimeLimit(_time, CancellationToken.None);
        using var first = new TimeLimit(outer);
        using var second = new TimeLimit(outer);

        outer.Cancel();

        Assert.False(first.Token.IsCancellationRequested);
        Assert.True(second.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_disposed_limit_leaves_the_token_of_the_inner_one_alone()
    {
        using var outer = new TimeLimit(_time, CancellationToken.None);
        using var inner = new TimeLimit(outer);

        outer.Dispose();
        outer.Cancel();

        Assert.False(inner.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_cancellation_is_not_missed_while_the_inner_limit_is_made()
    {
        using var both = new Barrier(2);
        for (int i = 0; i < 2_000; i++)
        {
            using var outer = new TimeLimit(_time, CancellationToken.None);
            Task cancel = Task.Run(() =>
            {
                both.SignalAndWait();
                outer.Cancel();
            });
            both.SignalAndWait();
            using var inner = new TimeLimit(outer);
            await cancel;

            Assert.True(inner.Token.IsCancellationRequested);
        }
    }
}

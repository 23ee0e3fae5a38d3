using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>One call for each of many items.</summary>
public sealed class BatchTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task Results_come_in_the_order_of_the_items_and_no_more_calls_run_than_are_allowed()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (3, 0));
        int running = 0;
        int most = 0;

        BatchOutcome<int, int> batch = await pipeline.WhenAllAsync(Enumerable.Range(0, 50), async (item, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return item * 2;
        });

        Assert.Equal(Enumerable.Range(0, 50).Select(item => item * 2), batch.Results);
        Assert.InRange(most, 1, 3);
        Assert.Equal(3, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task A_failure_leaves_the_results_of_the_others()
    {
        BatchOutcome<int, int> batch = await Gateways.OpenClaw(_time).WhenAllAsync(
            [1, 2, 3], (item, _) => item == 2 ? throw Gateways.Status(400) : Task.FromResult(item));

        Assert.Equal([true, false, true], batch.Items.Select(item => item.IsSuccess));
        Assert.Equal(3, batch.Items[2].Result);
        ItemOutcome<int, int> failure = Assert.Single(batch.Failures);
        Assert.Equal(2, failure.Item);
        Assert.Equal(FailureKind.Permanent, GatewayFailure.Classify(failure.Exception!).Kind);
        Assert.Same(failure.Exception, Assert.Throws<HttpRequestException>(() => batch.Results));
        Assert.Same(failure.Exception, Assert.Throws<HttpRequestException>(() => failure.Result));
    }

    [Fact]
    public async Task Several_failures_are_one_exception_that_holds_them_all()
    {
        BatchOutcome<int, int> batch = await Gateways.OpenClaw(_time).WhenAllAsync<int, int>([1, 2], (_, _) => throw Gateways.Status(400));

        Assert.Equal(2, Assert.Throws<AggregateException>(() => batch.Results).InnerExceptions.Count);
    }

    [Fact]
    public async Task A_cancelled_batch_keeps_what_was_done_and_begins_nothing_more()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        using var cancellation = new CancellationTokenSource();
        int begun = 0;

        BatchOutcome<int, int> batch = await pipeline.WhenAllAsync(
            [1, 2, 3],
            async (item, token) =>
            {
                begun++;
                if (item == 2)
                {
                    await cancellation.CancelAsync();
                }

                token.ThrowIfCancellationRequested();
                return item;
            },
            cancellation.Token);

        Assert.Equal(2, begun);
        Assert.Equal(1, batch.Items[0].Result);
        Assert.All(batch.Failures, item => Assert.IsType<OperationCanceledException>(item.Exception, exactMatch: false));
        Assert.Equal(2, batch.Failures.Count());
    }

    [Fact]
    public async Task A_dead_gateway_is_left_alone_by_the_rest_of_the_batch()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 4);
        int sent = 0;

        BatchOutcome<int, int> batch = await pipeline.WhenAllAsync<int, int>(Enumerable.Range(0, 50), (_, _) =>
        {
            sent++;
            throw Gateways.Reset();
        });

        Assert.Equal(4, sent);
        Assert.Equal(46, batch.Items.Count(item => item.Exception is GatewayRejectedException));
    }

    [Fact]
    public async Task A_batch_within_a_call_does_not_wait_for_its_own_permit()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        BatchOutcome<int, int> batch = await pipeline.ExecuteAsync(token => pipeline.WhenAllAsync([1, 2], (item, _) => Task.FromResult(item), token));

        Assert.Equal([1, 2], batch.Results);
    }

    [Fact]
    public async Task No_items_make_no_call() => Assert.Empty((await Gateways.OpenClaw(_time).WhenAllAsync<int, int>([], (_, _) => throw new InvalidOperationException())).Results);

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = most; seen < value; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}

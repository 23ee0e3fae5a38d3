using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Chaos;

/// <summary>What hostile schedules have found, each as small as it gets.</summary>
public sealed class FoundBySchedulesTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_call_inside_of_one_that_began_before_a_reload_is_still_part_of_it()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int sent = 0;

        HttpRequestException thrown = await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync(async token =>
        {
            GatewayOptions options = pipeline.State.Options.Clone();
            options.MaxRetries = 0;
            options.MaxConcurrentCalls = 1;
            options.MaxQueuedCalls = 0;
            pipeline.Reconfigure(options);
            var stranger = new TaskCompletionSource<int>();
            Task<int> other;
            using (ExecutionContext.SuppressFlow())
            {
                other = Task.Run(() => pipeline.ExecuteAsync(_ => stranger.Task, CancellationToken.None), CancellationToken.None);
            }

            await Gateways.EventuallyAsync(() => pipeline.State.FreePermits == 0);
            try
            {
                return await pipeline.ExecuteAsync<int>(
                    _ =>
                    {
                        sent++;
                        throw Gateways.Status(400);
                    },
                    token);
            }
            finally
            {
                stranger.SetResult(1);
                await other;
            }
        }));

        Assert.IsNotType<GatewayRejectedException>(thrown);
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task The_end_of_a_stream_does_not_wait_for_those_who_hear_of_the_open_circuit()
    {
        using var heard = new ManualResetEventSlim();
        using var log = new LogRecorder { OnLine = line => WaitWhenOpened(line, heard) };
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options =>
        {
            options.MinimumThroughput = 2;
            options.FailureRatio = 0.5;
            options.LoggerFactory = log;
        });
        // Its opening is a success and its end a failure: half of two samples.
        Task consumer = Task.Run(() => Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            await foreach (int element in pipeline.ExecuteStreamingAsync(token => Elements.BrokenAfter(1, Gateways.Reset(), token)))
            {
                Assert.Equal(1, element);
            }
        }));

        await Gateways.EventuallyAsync(() => pipeline.State.Circuit == Polly.CircuitBreaker.CircuitState.Open);
        await consumer.WaitAsync(VirtualTime.Patience / 2);
        Assert.False(heard.IsSet);
        heard.Set();
    }

    private static void WaitWhenOpened(string line, ManualResetEventSlim heard)
    {
        if (line.StartsWith("Error 4:", StringComparison.Ordinal))
        {
            heard.Wait(VirtualTime.Patience);
        }
    }
}

using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>Calls inside of calls: tools, sub-agents, a wrapper and what it wraps.</summary>
public sealed class NestedCallTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task Five_outer_calls_with_one_inner_each_complete_on_a_limit_of_five()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxQueuedCalls = 0);
        var all = new TaskCompletionSource();
        int inside = 0;

        int[] results = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => pipeline.ExecuteAsync(async token =>
        {
            if (Interlocked.Increment(ref inside) == 5)
            {
                all.SetResult();
            }

            await all.Task;
            return await pipeline.ExecuteAsync(_ => Task.FromResult(i), token);
        }))).WaitAsync(VirtualTime.Patience);

        Assert.Equal([0, 1, 2, 3, 4], results);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task Parallel_branches_inside_of_one_call_take_no_permits()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));

        int sum = await pipeline.ExecuteAsync(async token =>
        {
            int[] parts = await Task.WhenAll(Enumerable.Range(1, 10).Select(i => Task.Run(
                () => pipeline.ExecuteAsync(
                    async _ =>
                    {
                        await Task.Yield();
                        return i;
                    },
                    token),
                token)));
            return parts.Sum();
        }).WaitAsync(VirtualTime.Patience);

        Assert.Equal(55, sum);
    }

    [Fact]
    public async Task Only_the_outer_call_retries()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int outer = 0;
        int inner = 0;

        Task call = pipeline.ExecuteAsync(token =>
        {
            outer++;
            return pipeline.ExecuteAsync<int>(_ => throw Fail(), token);
        });
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal((3, 3), (outer, inner));
        Exception Fail()
        {
            inner++;
            return Gateways.Refused();
        }
    }

    [Fact]
    public async Task Only_the_outer_call_is_a_sample_of_the_circuit()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 4);

        await pipeline.ExecuteAsync(async token =>
        {
            for (int i = 0; i < 20; i++)
            {
                await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset(), token));
            }
        });

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    [Fact]
    public async Task An_inner_stream_that_breaks_off_is_no_sample_either()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 2);

        await pipeline.ExecuteAsync(async token =>
        {
            for (int i = 0; i < 5; i++)
            {
                await Assert.ThrowsAsync<HttpIOException>(async () =>
                {
                    await foreach (int _ in pipeline.ExecuteStreamingAsync(Stream, token))
                    {
                    }
                });
            }
        });

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);

        static async IAsyncEnumerable<int> Stream([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            yield return 1;
            await Task.Yield();
            throw new HttpIOException(HttpRequestError.ResponseEnded);
        }
    }

    [Fact]
    public async Task An_inner_call_has_limits_of_its_own()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.AttemptTimeout = TimeSpan.FromMinutes(1));
        Task call = pipeline.ExecuteAsync(_ => pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), CancellationToken.None));

        _time.Advance(TimeSpan.FromMinutes(1));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.IsType<TimeoutException>(exception.InnerException);
    }

    [Fact]
    public async Task Nesting_is_seen_through_a_call_of_another_gateway()
    {
        GatewayPipeline a = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        GatewayPipeline b = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));

        int result = await a.ExecuteAsync(t1 => b.ExecuteAsync(t2 => a.ExecuteAsync(t3 => b.ExecuteAsync(_ => Task.FromResult(4), t3), t2), t1));

        Assert.Equal(4, result);
    }

    [Fact]
    public async Task A_call_of_another_gateway_is_protected_in_full()
    {
        GatewayPipeline a = Gateways.OpenClaw(_time);
        GatewayPipeline b = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        long free = -1;

        await a.ExecuteAsync(token => b.ExecuteAsync(
            _ =>
            {
                free = b.State.FreePermits;
                return Task.CompletedTask;
            },
            token));

        Assert.Equal(0, free);
    }

    [Fact]
    public async Task Work_that_outlives_its_call_is_on_its_own()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        var outerEnded = new TaskCompletionSource();
        Task<GatewayRejectedException>? stray = null;

        await pipeline.ExecuteAsync(_ =>
        {
            stray = Task.Run(async () =>
            {
                await outerEnded.Task;
                return await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(1)));
            });
            return Task.CompletedTask;
        });

        var blocker = new TaskCompletionSource();
        Task running = pipeline.ExecuteAsync(_ => blocker.Task);
        outerEnded.SetResult();
        Assert.Equal(RejectionReason.QueueFull, (await stray!.WaitAsync(VirtualTime.Patience)).Reason);
        blocker.SetResult();
        await running;
    }

    [Fact]
    public async Task Nothing_of_a_call_leaks_to_its_caller()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        var pending = new TaskCompletionSource<int>();

        // Started, not awaited: what comes next in this method is beside the call, not inside of it.
        Task<int> first = pipeline.ExecuteAsync(_ => pending.Task);
        Assert.Null(CallFrame.Current);
        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(2)));
        pending.SetResult(1);
        await first;
        Assert.Null(CallFrame.Current);

        pipeline.Execute(_ => 1);
        Assert.Null(CallFrame.Current);
        foreach (int _ in pipeline.ExecuteStreaming(_ => Enumerable.Range(1, 2)))
        {
            Assert.Null(CallFrame.Current);
        }

        await foreach (int _ in pipeline.ExecuteStreamingAsync(token => Elements.Of(token, 1, 2)))
        {
            Assert.Null(CallFrame.Current);
        }
    }

    [Fact]
    public async Task A_tool_within_a_stream_is_inside_and_the_loop_around_it_is_outside()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        var seen = new List<int>();

        await foreach (int element in pipeline.ExecuteStreamingAsync(Agent))
        {
            seen.Add(element);
            await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(0)));
        }

        Assert.Equal([1, 2, 3], seen);
        async IAsyncEnumerable<int> Agent([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            for (int i = 1; i <= 3; i++)
            {
                yield return await pipeline.ExecuteAsync(_ => Task.FromResult(i), token);
            }
        }
    }

    [Fact]
    public void A_tool_within_a_synchronous_stream_is_inside_too()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));

        Assert.Equal([1, 2, 3], pipeline.ExecuteStreaming(token => Enumerable.Range(1, 3).Select(i => pipeline.Execute(_ => i, token))));
    }

    [Fact]
    public async Task What_a_stream_does_when_it_is_left_is_inside()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        int cleaned = 0;

        await foreach (int _ in pipeline.ExecuteStreamingAsync(Agent))
        {
            break;
        }

        Assert.Equal(1, pipeline.ExecuteStreaming(SynchronousAgent).First());
        Assert.Equal(2, cleaned);

        async IAsyncEnumerable<int> Agent([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            try
            {
                yield return 1;
            }
            finally
            {
                cleaned += await pipeline.ExecuteAsync(_ => Task.FromResult(1), CancellationToken.None);
            }
        }

        IEnumerable<int> SynchronousAgent(CancellationToken token)
        {
            try
            {
                yield return 1;
            }
            finally
            {
                cleaned += pipeline.Execute(_ => 1, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task A_synchronous_call_inside_is_inside()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));

        Assert.Equal(1, pipeline.Execute(token => pipeline.Execute(_ => 1, token)));
        Assert.Equal(2, await pipeline.ExecuteAsync(token => Task.FromResult(pipeline.Execute(_ => 2, token))));
    }

    [Fact]
    public async Task After_an_inner_call_that_ran_a_refused_one_is_not_safe_to_repeat()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int outer = 0;

        Task call = pipeline.ExecuteAsync(async token =>
        {
            outer++;
            await pipeline.ExecuteAsync(_ => Task.CompletedTask, token);
            await pipeline.ExecuteAsync<int>(_ => throw Gateways.Refused(), token);
        });
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal(1, outer);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.True(failure.MayHaveRun);
    }

    [Fact]
    public async Task After_an_inner_call_without_effects_it_is()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int outer = 0;

        Task call = pipeline.ExecuteAsync(async token =>
        {
            outer++;
            await pipeline.ExecuteAsync(_ => Task.CompletedTask, CallEffect.None, token);
            await pipeline.ExecuteAsync<int>(_ => throw Gateways.Refused(), token);
        });
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal(3, outer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lockout_met_by_an_inner_call_is_not_made_longer_by_the_outer(bool isWrapped)
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        GatewayPipeline other = Gateways.OpenClaw(_time);
        int inner = 0;

        for (int i = 0; i < 2; i++)
        {
            // The second time the inner call is refused.
            await Assert.ThrowsAnyAsync<Exception>(() => other.ExecuteAsync(outermost => pipeline.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return await pipeline.ExecuteAsync<int>(_ => throw LockedOut(), token);
                    }
                    catch (Exception exception)
                    {
                        _time.Advance(TimeSpan.FromSeconds(60));
                        throw isWrapped ? new InvalidOperationException("tool failed", exception) : exception;
                    }
                },
                outermost)));
        }

        Assert.Equal(1, inner);
        Assert.Equal(TimeSpan.FromSeconds(4 * 60), pipeline.State.LockoutRemaining);
        Assert.Null(other.State.LockoutRemaining);

        Exception LockedOut()
        {
            inner++;
            return new HttpRequestException("""{"error":{"type":"rate_limited"}}""", null, System.Net.HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task A_lockout_met_by_an_inner_call_counts_for_all()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(429, """{"error":{"type":"rate_limited"}}""", "60"));
        using var client = new HttpClient(transport);

        await pipeline.ExecuteAsync(async token =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/");
            using HttpResponseMessage response = await pipeline.SendAsync(client, request, token);
            var rejected = await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.SendAsync(client, request, token));
            Assert.Equal(RejectionReason.Lockout, rejected.Reason);
        });

        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(1)));
        Assert.Single(transport.Requests);
    }
}

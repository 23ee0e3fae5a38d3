using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed partial class StreamingTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(7);
    private readonly VirtualTime _time = new();
    private int _attempts;

    [Fact]
    public async Task All_elements_arrive_and_the_permit_is_held_until_the_end()
    {
        GatewayPipeline pipeline = Pipeline();
        var seen = new List<int>();

        await foreach (int element in pipeline.ExecuteStreamingAsync(token => Elements.Of(token, 1, 2, 3)))
        {
            Assert.Equal(4, pipeline.State.FreePermits);
            seen.Add(element);
        }

        Assert.Equal([1, 2, 3], seen);
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task An_empty_stream_is_no_failure()
    {
        GatewayPipeline pipeline = Pipeline();
        Assert.Empty(await ToListAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of<int>(token))));
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task Nothing_happens_before_the_enumeration_and_each_one_is_a_call_of_its_own()
    {
        GatewayPipeline pipeline = Pipeline();
        IAsyncEnumerable<int> stream = pipeline.ExecuteStreamingAsync(token => Elements.Of(token, ++_attempts));
        Assert.Equal(0, _attempts);

        Assert.Equal([1], await ToListAsync(stream));
        Assert.Equal([2], await ToListAsync(stream));
    }

    [Fact]
    public async Task It_is_retried_until_the_first_element()
    {
        GatewayPipeline pipeline = Pipeline();
        Task<List<int>> reading = ToListAsync(pipeline.ExecuteStreamingAsync(Stream));
        await _time.SkipWaitsAsync(reading, TimeSpan.FromSeconds(5));

        Assert.Equal([1, 2], await reading);
        Assert.Equal(3, _attempts);
        AssertNothingLeft(pipeline);

        async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            await Task.Yield();
            if (++_attempts < 3)
            {
                throw Gateways.Refused();
            }

            yield return 1;
            yield return 2;
        }
    }

    [Fact]
    public async Task After_the_first_element_a_failure_is_surfaced_as_it_is()
    {
        GatewayPipeline pipeline = Pipeline();
        HttpRequestException failure = Gateways.Refused();
        var seen = new List<int>();

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            await foreach (int element in pipeline.ExecuteStreamingAsync(Stream, CallEffect.None))
            {
                seen.Add(element);
            }
        });

        Assert.Same(failure, thrown);
        Assert.Equal([1], seen);
        Assert.Equal(1, _attempts);
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? facts));
        Assert.True(facts.MayHaveRun);
        AssertNothingLeft(pipeline);

        async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            _attempts++;
            yield return 1;
            await Task.Yield();
            throw failure;
        }
    }

    [Fact]
    public async Task Streams_that_break_off_open_the_circuit()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 4);
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<HttpIOException>(() => ToListAsync(pipeline.ExecuteStreamingAsync(Stream)));
        }

        // Two good starts and two bad ends: half of four samples.
        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);

        async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            yield return 1;
            await Task.Yield();
            throw new HttpIOException(HttpRequestError.ResponseEnded);
        }
    }

    [Fact]
    public async Task A_stream_that_the_caller_cancels_is_no_second_success()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 4);
        for (int i = 0; i < 2; i++)
        {
            using var caller = new CancellationTokenSource();
            Channel<int> channel = Channel.CreateUnbounded<int>();
            Assert.True(channel.Writer.TryWrite(1));
            await using IAsyncEnumerator<int> stream = pipeline
                .ExecuteStreamingAsync(token => Elements.From(channel, token), caller.Token).GetAsyncEnumerator();
            Assert.True(await stream.MoveNextAsync());
            Task<bool> next = stream.MoveNextAsync().AsTask();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        }

        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));
        }

        // Two good starts, two failures: half of four.
        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_while_the_circuit_is_open_keeps_its_exception()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        var failure = new HttpIOException(HttpRequestError.ResponseEnded);
        await using IAsyncEnumerator<int> stream = pipeline.ExecuteStreamingAsync(Stream).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));
        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);

        Assert.Same(failure, await Assert.ThrowsAsync<HttpIOException>(() => stream.MoveNextAsync().AsTask()));

        async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            yield return 1;
            await Task.Yield();
            throw failure;
        }
    }

    [Fact]
    public async Task A_first_element_that_does_not_come_is_a_time_out()
    {
        GatewayPipeline pipeline = Pipeline(options => options.FirstByteTimeout = TimeSpan.FromMinutes(2));
        Task<List<int>> reading = ToListAsync(pipeline.ExecuteStreamingAsync(token => Elements.From(Channel.CreateUnbounded<int>(), token)));
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(2));

        _time.Advance(TimeSpan.FromMinutes(2));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("FirstByteTimeout (120 s)", exception.Message, StringComparison.Ordinal);
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task Silence_between_elements_is_a_time_out_but_slowness_is_not()
    {
        GatewayPipeline pipeline = Pipeline();
        Channel<int> channel = Channel.CreateUnbounded<int>();
        var seen = Channel.CreateUnbounded<int>();
        Task reading = ReadAsync();
        for (int i = 0; i < 2; i++)
        {
            Assert.True(channel.Writer.TryWrite(i));
            await seen.Reader.ReadAsync();
            await _time.WaitForTimerAsync(Idle);
            _time.Advance(Idle - TimeSpan.FromSeconds(1));
        }

        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("IdleTimeout", exception.Message, StringComparison.Ordinal);
        AssertNothingLeft(pipeline);

        async Task ReadAsync()
        {
            await foreach (int element in pipeline.ExecuteStreamingAsync(token => Elements.From(channel, token)))
            {
                await seen.Writer.WriteAsync(element);
            }
        }
    }

    [Fact]
    public async Task The_consumers_time_does_not_count_as_silence()
    {
        GatewayPipeline pipeline = Pipeline(options => options.CallTimeout = Timeout.InfiniteTimeSpan);
        int seen = 0;
        await foreach (int _ in pipeline.ExecuteStreamingAsync(token => Elements.Of(token, 1, 2, 3)))
        {
            seen++;
            _time.Advance(3 * Idle);
        }

        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task The_deadline_bounds_the_whole_stream()
    {
        GatewayPipeline pipeline = Pipeline(options => options.CallTimeout = TimeSpan.FromMinutes(15));
        Channel<int> channel = Channel.CreateUnbounded<int>();
        Assert.True(channel.Writer.TryWrite(1));
        await using IAsyncEnumerator<int> stream = pipeline.ExecuteStreamingAsync(token => Elements.From(channel, token)).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        _time.Advance(TimeSpan.FromMinutes(14));
        Task<bool> next = stream.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromMinutes(1));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => next);
        Assert.Contains("CallTimeout", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> stream)
    {
        var list = new List<T>();
        await foreach (T element in stream)
        {
            list.Add(element);
        }

        return list;
    }

    // Another limit than that of the first byte, so that a test sees which one is running.
    private GatewayPipeline Pipeline(Action<GatewayOptions>? configure = null) => Gateways.OpenClaw(_time, options =>
    {
        options.IdleTimeout = Idle;
        configure?.Invoke(options);
    });

    private void AssertNothingLeft(GatewayPipeline pipeline)
    {
        Assert.Equal(5, pipeline.State.FreePermits);
        Assert.Equal(0, _time.ActiveTimers);
    }
}

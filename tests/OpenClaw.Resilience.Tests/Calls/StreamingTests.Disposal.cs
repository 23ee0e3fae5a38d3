using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Calls;

/// <content>How a stream ends.</content>
public sealed partial class StreamingTests
{
    [Fact]
    public async Task Leaving_early_cancels_the_call_and_frees_the_permit()
    {
        GatewayPipeline pipeline = Pipeline();
        CancellationToken given = default;
        bool disposed = false;

        await foreach (int _ in pipeline.ExecuteStreamingAsync(Stream))
        {
            break;
        }

        Assert.True(given.IsCancellationRequested);
        Assert.True(disposed);
        AssertNothingLeft(pipeline);

        async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            given = token;
            try
            {
                yield return 1;
                await Task.Delay(Timeout.Infinite, token);
                yield return 2;
            }
            finally
            {
                disposed = true;
            }
        }
    }

    [Fact]
    public async Task A_source_that_fails_on_disposal_still_frees_the_permit()
    {
        GatewayPipeline pipeline = Pipeline();

        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (int _ in pipeline.ExecuteStreamingAsync(Stream))
            {
                break;
            }
        });
        AssertNothingLeft(pipeline);

        static void Fail() => throw new FormatException();

        static async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            try
            {
                await Task.Yield();
                yield return 1;
            }
            finally
            {
                Fail();
            }
        }
    }

    [Fact]
    public async Task A_source_that_answers_disposal_with_cancellation_is_quiet()
    {
        GatewayPipeline pipeline = Pipeline();
        await foreach (int _ in pipeline.ExecuteStreamingAsync(Stream))
        {
            break;
        }

        AssertNothingLeft(pipeline);

        static async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            try
            {
                await Task.Yield();
                yield return 1;
            }
            finally
            {
                token.ThrowIfCancellationRequested();
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_token_of_the_consumer_counts_as_that_of_the_caller(bool fromConsumer)
    {
        GatewayPipeline pipeline = Pipeline();
        Channel<int> channel = Channel.CreateUnbounded<int>();
        Assert.True(channel.Writer.TryWrite(1));
        using var caller = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        IAsyncEnumerable<int> stream = pipeline.ExecuteStreamingAsync(
            token => Elements.From(channel, token), fromConsumer ? other.Token : caller.Token);
        await using IAsyncEnumerator<int> elements = stream.GetAsyncEnumerator(fromConsumer ? caller.Token : other.Token);
        Assert.True(await elements.MoveNextAsync());
        Task<bool> next = elements.MoveNextAsync().AsTask();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_failed_attempt_is_disposed_before_the_next_one()
    {
        GatewayPipeline pipeline = Pipeline();
        var events = new List<string>();
        Task<List<int>> reading = ToListAsync(pipeline.ExecuteStreamingAsync(Stream));
        await _time.SkipWaitsAsync(reading, TimeSpan.FromSeconds(5));
        await reading;

        Assert.Equal(["open", "dispose", "open", "dispose"], events);

        async IAsyncEnumerable<int> Stream([EnumeratorCancellation] CancellationToken token)
        {
            events.Add("open");
            try
            {
                await Task.Yield();
                if (++_attempts == 1)
                {
                    throw Gateways.Refused();
                }

                yield return 1;
            }
            finally
            {
                events.Add("dispose");
            }
        }
    }

    [Fact]
    public async Task An_enumerator_that_fails_at_once_is_disposed()
    {
        var asynchronous = new FailingEnumerator();
        var synchronous = new FailingEnumerator();
        await Assert.ThrowsAsync<FormatException>(() => ToListAsync(Pipeline().ExecuteStreamingAsync<int>(_ => asynchronous)));
        Assert.Throws<FormatException>(() => Pipeline().ExecuteStreaming<int>(_ => synchronous).ToList());

        Assert.True(asynchronous.IsDisposed);
        Assert.True(synchronous.IsDisposed);
    }

    [Fact]
    public async Task A_null_stream_is_named()
    {
        GatewayPipeline pipeline = Pipeline();
        await Assert.ThrowsAsync<InvalidOperationException>(() => ToListAsync(pipeline.ExecuteStreamingAsync<int>(_ => null!)));
        Assert.Throws<ArgumentNullException>(() => pipeline.ExecuteStreamingAsync<int>(null!));
        AssertNothingLeft(pipeline);
    }

    private sealed class FailingEnumerator : IAsyncEnumerable<int>, IAsyncEnumerator<int>, IEnumerable<int>, IEnumerator<int>
    {
        public bool IsDisposed { get; private set; }

        public int Current => 0;

        object System.Collections.IEnumerator.Current => 0;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public IEnumerator<int> GetEnumerator() => this;

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => this;

        public ValueTask<bool> MoveNextAsync() => throw new FormatException();

        public bool MoveNext() => throw new FormatException();

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }
    }
}

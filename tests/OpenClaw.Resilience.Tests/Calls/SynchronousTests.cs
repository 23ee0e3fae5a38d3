using System.Reflection;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class SynchronousTests
{
    private readonly VirtualTime _time = new();
    private bool _inSecond;

    [Fact]
    public void A_call_runs_on_the_callers_thread()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int ran = 0;

        Assert.Equal(Environment.CurrentManagedThreadId, pipeline.Execute(_ => Environment.CurrentManagedThreadId));
        pipeline.Execute(_ => ran = Environment.CurrentManagedThreadId);
        pipeline.Execute((CancellationToken _) => { ran++; }, CallEffect.None);

        Assert.Equal(Environment.CurrentManagedThreadId + 1, ran);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task It_retries_by_the_same_rules()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int refused = 0;
        int reset = 0;

        Task call = Task.Run(() => pipeline.Execute(_ => Throw(ref refused, Gateways.Refused())));
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Throws<HttpRequestException>(() => pipeline.Execute(_ => Throw(ref reset, Gateways.Reset())));

        Assert.Equal((3, 1), (refused, reset));
    }

    [Fact]
    public async Task A_blocked_single_threaded_context_does_not_dead_lock()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        var gate = new TaskCompletionSource();
        Task blocker = pipeline.ExecuteAsync(_ => gate.Task);
        var result = new TaskCompletionSource<int>();
        var thread = new Thread(() =>
        {
            // Whatever is posted here is never run: the thread waits, as a user interface's thread would.
            SynchronizationContext.SetSynchronizationContext(new DeadEnd());
            result.SetResult(pipeline.Execute(_ => 42));
        });
        thread.Start();
        await Gateways.EventuallyAsync(() => pipeline.State.QueuedCalls == 1);

        gate.SetResult();

        Assert.Equal(42, await result.Task.WaitAsync(VirtualTime.Patience));
        await blocker;
    }

    [Fact]
    public async Task A_waiting_thread_can_be_cancelled()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        var gate = new TaskCompletionSource();
        Task blocker = pipeline.ExecuteAsync(_ => gate.Task);
        using var caller = new CancellationTokenSource();
        Task<int> call = Task.Run(() => pipeline.Execute(_ => 1, caller.Token));
        await Gateways.EventuallyAsync(() => pipeline.State.QueuedCalls == 1);

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal(caller.Token, exception.CancellationToken);
        gate.SetResult();
        await blocker;
    }

    [Fact]
    public void An_exception_keeps_its_type_and_stack()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        var exception = Assert.Throws<FormatException>(() => pipeline.Execute(_ => Thrower()));
        Assert.Contains(nameof(Thrower), exception.StackTrace, StringComparison.Ordinal);

        static int Thrower() => throw new FormatException();
    }

    [Fact]
    public async Task The_attempt_limit_cancels_the_token()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        Task<int> call = Task.Run(() => pipeline.Execute(token =>
        {
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
            return 1;
        }));
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(10));

        _time.Advance(TimeSpan.FromMinutes(10));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.IsType<TimeoutException>(exception.InnerException);
    }

    [Fact]
    public async Task A_stream_is_retried_until_its_first_element_and_holds_its_permit()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int attempts = 0;
        long free = -1;
        Task<List<int>> reading = Task.Run(() =>
        {
            var seen = new List<int>();
            foreach (int element in pipeline.ExecuteStreaming(Stream))
            {
                free = pipeline.State.FreePermits;
                seen.Add(element);
            }

            return seen;
        });
        await _time.SkipWaitsAsync(reading, TimeSpan.FromSeconds(5));

        Assert.Equal([1, 2], await reading);
        Assert.Equal(2, attempts);
        Assert.Equal(4, free);
        Assert.Equal(5, pipeline.State.FreePermits);
        Assert.Equal(0, _time.ActiveTimers);

        IEnumerable<int> Stream(CancellationToken token)
        {
            if (++attempts == 1)
            {
                throw Gateways.Refused();
            }

            yield return 1;
            yield return 2;
        }
    }

    [Fact]
    public void A_stream_that_fails_late_is_surfaced_as_it_is()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        HttpRequestException failure = Gateways.Refused();

        Assert.Same(failure, Assert.Throws<HttpRequestException>(() => pipeline.ExecuteStreaming(Stream, CallEffect.None).ToList()));
        Assert.Equal(5, pipeline.State.FreePermits);

        IEnumerable<int> Stream(CancellationToken token)
        {
            yield return 1;
            throw failure;
        }
    }

    [Fact]
    public void Leaving_a_stream_early_cancels_the_call()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        CancellationToken given = default;

        Assert.Equal(0, pipeline.ExecuteStreaming(token =>
        {
            given = token;
            return Enumerable.Range(0, int.MaxValue);
        }).First());

        Assert.True(given.IsCancellationRequested);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task Silence_within_a_stream_cancels_its_token()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        Task<List<int>> reading = Task.Run(() => pipeline.ExecuteStreaming(Stream).ToList());
        await Gateways.EventuallyAsync(() => _time.NextDue == TimeSpan.FromMinutes(10) && Volatile.Read(ref _inSecond));

        _time.Advance(TimeSpan.FromMinutes(10));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
        Assert.Contains("IdleTimeout", exception.Message, StringComparison.Ordinal);

        IEnumerable<int> Stream(CancellationToken token)
        {
            yield return 1;
            Volatile.Write(ref _inSecond, true);
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
            yield return 2;
        }
    }

    [Fact]
    public void Asynchronous_callbacks_do_not_compile()
    {
        Type[] tasks = [typeof(Task), typeof(ValueTask)];
        MethodInfo[] poisoned = [.. typeof(GatewayPipeline).GetMethods().Where(method => method.Name == nameof(GatewayPipeline.Execute)
            && method.GetCustomAttribute<ObsoleteAttribute>() is { IsError: true })];

        // Task, Task<T>, ValueTask, ValueTask<T>; each with and without an effect.
        Assert.Equal(8, poisoned.Length);
        Assert.Equal(4, poisoned.Count(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CallEffect))));
        Assert.Equal(4, poisoned.Count(method => tasks.Contains(method.GetParameters()[0].ParameterType.GenericTypeArguments[1])));
        Assert.All(poisoned, method => Assert.Contains("ExecuteAsync", method.GetCustomAttribute<ObsoleteAttribute>()!.Message, StringComparison.Ordinal));
    }

    private static int Throw(ref int counter, Exception exception)
    {
        counter++;
        throw exception;
    }

    private sealed class DeadEnd : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}

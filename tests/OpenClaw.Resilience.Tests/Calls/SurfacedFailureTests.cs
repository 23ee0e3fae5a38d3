using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>What leaves the pipeline when a call fails for good.</summary>
public sealed class SurfacedFailureTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task The_last_failure_is_thrown_as_it_is_with_its_stack_and_with_facts_attached()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        var failures = new List<HttpRequestException>();
        Task call = pipeline.ExecuteAsync(FailingClientAsync);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => call);

        Assert.Same(failures[2], thrown);
        Assert.Contains(nameof(FailingClientAsync), thrown.StackTrace, StringComparison.Ordinal);
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Transient, FailureClass.Infrastructure, false), (failure.Kind, failure.Class, failure.MayHaveRun));
        Assert.Same(failure, GatewayFailure.Classify(thrown));
        Assert.False(GatewayFailure.TryGet(failures[0], out _));
        Assert.Equal(0, _time.ActiveTimers);

        async Task FailingClientAsync(CancellationToken token)
        {
            await Task.Yield();
            failures.Add(Gateways.Refused());
            throw failures[^1];
        }
    }

    [Fact]
    public async Task One_ambiguous_attempt_makes_the_whole_call_ambiguous()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int attempts = 0;
        Task call = pipeline.ExecuteAsync<int>(_ => throw (++attempts == 1 ? Gateways.Reset() : Gateways.Refused()), CallEffect.None);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => call);

        Assert.Equal(3, attempts);
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.True(failure.MayHaveRun);
    }

    [Fact]
    public async Task The_facts_of_an_earlier_call_do_not_stick_to_an_exception_that_is_thrown_again()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        HttpRequestException shared = Gateways.Refused();
        using var caller = new CancellationTokenSource();
        await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(
            _ =>
            {
                caller.Cancel();
                throw shared;
            },
            caller.Token));
        Assert.Equal(FailureKind.Cancelled, GatewayFailure.Classify(shared).Kind);
        int attempts = 0;

        Task call = pipeline.ExecuteAsync<int>(_ => throw (++attempts > 0 ? shared : null!));
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<HttpRequestException>(() => call);

        Assert.Equal(3, attempts);
        Assert.Equal(FailureKind.Transient, GatewayFailure.Classify(shared).Kind);
    }

    [Fact]
    public async Task A_subclass_of_a_cancellation_keeps_its_type()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var caller = new CancellationTokenSource();
        await Assert.ThrowsAsync<OwnCancellation>(() => pipeline.ExecuteAsync<int>(
            _ =>
            {
                caller.Cancel();
                throw new OwnCancellation();
            },
            caller.Token));
    }

    [Fact]
    public async Task Arguments_are_checked_when_the_method_is_called()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage();
        Assert.Throws<ArgumentNullException>(() => new GatewayPipeline(null!));
        Assert.Throws<ArgumentException>(() => GatewayPipeline.For(" "));
        await Assert.ThrowsAsync<ArgumentNullException>(() => pipeline.ExecuteAsync((Func<CancellationToken, Task<int>>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => pipeline.ExecuteAsync((Func<CancellationToken, Task>)null!));
        Assert.Throws<ArgumentNullException>(() => pipeline.Execute((Func<CancellationToken, int>)null!));
        Assert.Throws<ArgumentNullException>(() => pipeline.Execute((Action<CancellationToken>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => pipeline.SendAsync(null!, request));
        await Assert.ThrowsAsync<ArgumentNullException>(() => pipeline.SendAsync(client, null!));
    }

    [Fact]
    public async Task A_default_effect_counts_for_calls_that_name_none()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.DefaultEffect = CallEffect.None);
        Assert.Equal(2, await CountAsync(counted => pipeline.ExecuteAsync(counted)));
        Assert.Equal(1, await CountAsync(counted => pipeline.ExecuteAsync(counted, CallEffect.Unknown)));

        async Task<int> CountAsync(Func<Func<CancellationToken, Task<int>>, Task<int>> execute)
        {
            int attempts = 0;
            Task<int> call = execute(_ => throw (++attempts > 0 ? Gateways.Reset() : null!));
            await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
            await Assert.ThrowsAsync<HttpRequestException>(() => call);
            return attempts;
        }
    }

    private sealed class OwnCancellation : OperationCanceledException;
}

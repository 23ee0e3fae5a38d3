using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>A call with a key is repeated only where the key is certainly still known.</summary>
public sealed class KeyedReplayTests
{
    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData("life-1", "life-1", 0, 2)]
    [InlineData("life-1", "life-1", 238, 2)]
    // Too late, another life, or no proof.
    [InlineData("life-1", "life-1", 240, 1)]
    [InlineData("life-1", "life-2", 0, 1)]
    [InlineData("life-1", null, 0, 1)]
    [InlineData(null, "life-1", 0, 1)]
    public async Task It_needs_the_same_life_of_the_gateway_and_four_minutes(string? sentTo, string? now, int seconds, int expected)
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        pipeline.State.Life = sentTo;
        int attempts = 0;
        Task call = pipeline.ExecuteAsync<int>(
            _ =>
            {
                if (++attempts == 1 && sentTo is not null)
                {
                    CallFrame.Current!.Call.MarkSent(sentTo);
                }

                _time.Advance(TimeSpan.FromSeconds(seconds));
                pipeline.State.Life = now;
                throw Gateways.Reset();
            },
            CallEffect.Keyed);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<HttpRequestException>(() => call);

        Assert.Equal(expected, attempts);
    }

    [Fact]
    public async Task The_wait_before_the_next_attempt_counts()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options =>
        {
            options.BaseDelay = options.MaxDelay = TimeSpan.FromMinutes(1);
            options.Random = () => 1;
        });

        Assert.Equal(1, await CountAttemptsAsync(pipeline, secondsEach: 230, longestWait: TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task The_first_sending_counts_not_the_last()
    {
        GatewayPipeline pipeline = Gateways.Provider(_time, options => options.Random = () => 1);

        int attempts = await CountAttemptsAsync(pipeline, secondsEach: 100, longestWait: TimeSpan.FromSeconds(20));

        // 100 s, 201 s, 303 s after the first sending.
        Assert.Equal(3, attempts);
    }

    // Each attempt sends its key to the one life of the gateway, takes its time, and is reset.
    private async Task<int> CountAttemptsAsync(GatewayPipeline pipeline, int secondsEach, TimeSpan longestWait)
    {
        pipeline.State.Life = "life";
        int attempts = 0;
        Task call = pipeline.ExecuteAsync<int>(
            _ =>
            {
                attempts++;
                CallFrame.Current!.Call.MarkSent("life");
                _time.Advance(TimeSpan.FromSeconds(secondsEach));
                throw Gateways.Reset();
            },
            CallEffect.Keyed);
        await _time.SkipWaitsAsync(call, longestWait);
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        return attempts;
    }
}

using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class GatewayOptionsTests
{
    public static TheoryData<string, Action<GatewayOptions>, string> Wrong => new()
    {
        { nameof(GatewayOptions.Name), o => o.Name = " ", "must not be empty" },
        { nameof(GatewayOptions.Gateway), o => o.Gateway = (GatewayKind)7, "one of OpenClaw, ModelProvider" },
        { nameof(GatewayOptions.DefaultEffect), o => o.DefaultEffect = (CallEffect)(-1), "one of Unknown, None, Keyed" },
        { nameof(GatewayOptions.MaxConcurrentCalls), o => o.MaxConcurrentCalls = 0, "between 1 and 10000" },
        { nameof(GatewayOptions.MaxConcurrentCalls), o => o.MaxConcurrentCalls = 10_001, "between 1 and 10000" },
        { nameof(GatewayOptions.MaxQueuedCalls), o => o.MaxQueuedCalls = -1, "between 0 and 100000" },
        { nameof(GatewayOptions.MaxRetries), o => o.MaxRetries = -1, "between 0 and 10" },
        { nameof(GatewayOptions.MaxRetries), o => o.MaxRetries = 11, "between 0 and 10" },
        { nameof(GatewayOptions.BaseDelay), o => o.BaseDelay = TimeSpan.Zero, "between 00:00:00.0010000 and 00:01:00" },
        { nameof(GatewayOptions.MaxDelay), o => o.MaxDelay = TimeSpan.FromMilliseconds(999), "between 00:00:01 and 00:10:00" },
        { nameof(GatewayOptions.MaxRetryWait), o => o.MaxRetryWait = TimeSpan.FromSeconds(-1), "between 00:00:00 and 00:10:00" },
        { nameof(GatewayOptions.ThrottleDelay), o => o.ThrottleDelay = TimeSpan.FromHours(2), "between 00:00:00 and 01:00:00" },
        { nameof(GatewayOptions.CallTimeout), o => o.CallTimeout = TimeSpan.Zero, "more than 0 and at most 49.00:00:00" },
        { nameof(GatewayOptions.AttemptTimeout), o => o.AttemptTimeout = TimeSpan.FromSeconds(-5), "more than 0 and at most 49.00:00:00" },
        { nameof(GatewayOptions.FirstByteTimeout), o => o.FirstByteTimeout = TimeSpan.FromDays(50), "more than 0 and at most 49.00:00:00" },
        { nameof(GatewayOptions.IdleTimeout), o => o.IdleTimeout = TimeSpan.Zero, "or Timeout.InfiniteTimeSpan" },
        { nameof(GatewayOptions.HandshakeTimeout), o => o.HandshakeTimeout = TimeSpan.Zero, "or Timeout.InfiniteTimeSpan" },
        { nameof(GatewayOptions.FailureRatio), o => o.FailureRatio = 0, "more than 0 and at most 1" },
        { nameof(GatewayOptions.FailureRatio), o => o.FailureRatio = 1.1, "more than 0 and at most 1" },
        { nameof(GatewayOptions.FailureRatio), o => o.FailureRatio = double.NaN, "more than 0 and at most 1" },
        { nameof(GatewayOptions.MinimumThroughput), o => o.MinimumThroughput = 1, "between 2 and 10000" },
        { nameof(GatewayOptions.SamplingDuration), o => o.SamplingDuration = TimeSpan.Zero, "between 00:00:01 and 1.00:00:00" },
        { nameof(GatewayOptions.BreakDuration), o => o.BreakDuration = TimeSpan.FromMilliseconds(499), "between 00:00:00.5000000 and 1.00:00:00" },
        { nameof(GatewayOptions.MaxBreakDuration), o => o.MaxBreakDuration = TimeSpan.FromSeconds(14), "between 00:00:15 and 1.00:00:00" },
        { nameof(GatewayOptions.LockoutDuration), o => o.LockoutDuration = TimeSpan.Zero, "between 00:00:01 and 1.00:00:00" },
        { nameof(GatewayOptions.TimeProvider), o => o.TimeProvider = null!, "must not be null" },
    };

    public static TheoryData<Action<GatewayOptions>> Extreme => new()
    {
        o => o.MaxRetries = 0,
        o => o.MaxQueuedCalls = 0,
        o => o.MaxRetryWait = TimeSpan.Zero,
        o => o.CallTimeout = o.AttemptTimeout = o.FirstByteTimeout = o.IdleTimeout = Timeout.InfiniteTimeSpan,
        o => o.FailureRatio = 1,
        o => o.BreakDuration = o.MaxBreakDuration = TimeSpan.FromDays(1),
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_value_names_the_property_and_the_accepted_range(string property, Action<GatewayOptions> spoil, string range)
    {
        var options = new GatewayOptions();
        spoil(options);

        var exception = Assert.ThrowsAny<ArgumentException>(() => new GatewayPipeline(options));

        Assert.Equal(property, exception.ParamName);
        Assert.Contains($"GatewayOptions.{property} must", exception.Message, StringComparison.Ordinal);
        Assert.Contains(range, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Extreme))]
    public async Task A_value_at_the_end_of_its_range_makes_a_working_pipeline(Action<GatewayOptions> configure)
    {
        var options = new GatewayOptions();
        configure(options);

        Assert.Equal(1, await new GatewayPipeline(options).ExecuteAsync(_ => Task.FromResult(1)));
    }

    [Fact]
    public void Both_presets_are_valid_and_differ_where_they_should()
    {
        GatewayOptions gateway = GatewayOptions.ForOpenClaw();
        GatewayOptions provider = GatewayOptions.ForModelProvider();
        gateway.Validate();
        provider.Validate();

        Assert.Equal((GatewayKind.OpenClaw, 5, 2), (gateway.Gateway, gateway.MaxConcurrentCalls, gateway.MaxRetries));
        Assert.Equal((GatewayKind.ModelProvider, 5, 5), (provider.Gateway, provider.MaxConcurrentCalls, provider.MaxRetries));
        Assert.Equal(TimeSpan.FromSeconds(5), gateway.MaxRetryWait);
        Assert.Equal(TimeSpan.FromSeconds(20), provider.MaxRetryWait);
        Assert.Equal(TimeSpan.FromMinutes(10), gateway.AttemptTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), provider.BaseDelay);
        Assert.Equal(CallEffect.Unknown, gateway.DefaultEffect);
        Assert.Equal(CallEffect.Unknown, provider.DefaultEffect);
    }

    [Fact]
    public async Task A_pipeline_does_not_see_later_changes_of_its_options()
    {
        var time = new VirtualTime();
        var options = new GatewayOptions { TimeProvider = time, MaxRetries = 0 };
        var pipeline = new GatewayPipeline(options);
        options.MaxRetries = 5;
        options.DefaultEffect = CallEffect.None;
        options.Name = "changed";
        int attempts = 0;

        await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Count(Gateways.Refused())));

        Assert.Equal(1, attempts);
        Assert.Equal("default", pipeline.Name);
        Assert.Equal(CallEffect.Unknown, pipeline.State.Options.DefaultEffect);
        Exception Count(Exception exception)
        {
            attempts++;
            return exception;
        }
    }

    [Fact]
    public void One_name_is_one_pipeline_and_the_first_options_win()
    {
        string name = Guid.NewGuid().ToString();
        GatewayPipeline[] pipelines = new GatewayPipeline[64];

        Parallel.For(0, pipelines.Length, i => pipelines[i] = GatewayPipeline.For(name, () => new GatewayOptions { MaxRetries = i % 10 }));

        Assert.All(pipelines, pipeline => Assert.Same(pipelines[0], pipeline));
        Assert.Same(pipelines[0], GatewayPipeline.For(name));
        Assert.Equal(name, pipelines[0].Name);
        Assert.NotSame(pipelines[0], GatewayPipeline.For(name.ToUpperInvariant() + "2"));
    }

    [Fact]
    public void Wrong_options_do_not_spoil_a_name()
    {
        string name = Guid.NewGuid().ToString();

        Assert.ThrowsAny<ArgumentException>(() => GatewayPipeline.For(name, () => new GatewayOptions { MaxRetries = 99 }));

        Assert.Equal(3, GatewayPipeline.For(name, () => new GatewayOptions { MaxRetries = 3 }).State.Options.MaxRetries);
    }

    [Fact]
    public void The_shared_pipeline_is_the_careful_one()
    {
        Assert.Same(GatewayPipeline.Shared, GatewayPipeline.For("default"));
        Assert.Equal(GatewayKind.OpenClaw, GatewayPipeline.Shared.State.Options.Gateway);
    }

    [Fact]
    public void A_name_keeps_the_options_of_a_shared_factory_apart()
    {
        var common = new GatewayOptions { Name = "common" };
        GatewayPipeline a = GatewayPipeline.For("a-" + Guid.NewGuid(), () => common);
        GatewayPipeline b = GatewayPipeline.For("b-" + Guid.NewGuid(), () => common);

        Assert.StartsWith("a-", a.Name, StringComparison.Ordinal);
        Assert.StartsWith("b-", b.Name, StringComparison.Ordinal);
        Assert.Equal("common", common.Name);
    }
}

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>A gateway that runs from the first test to the last: the faults are those of its provider and its clients.</summary>
public sealed class SteadyGateway() : GatewayUnderTest(signInLimit: null);

/// <summary>A gateway that is killed, stopped and started again, and that locks out even loopback after failed sign-ins.</summary>
public sealed class MortalGateway()
    : GatewayUnderTest(new { maxAttempts = 3, windowMs = 60_000, lockoutMs = 4_000, exemptLoopback = false });

/// <summary>The tests of <see cref="SteadyGateway"/>, one after the other.</summary>
[CollectionDefinition(nameof(SteadyGateway))]
public sealed class SteadyGatewayTests : ICollectionFixture<SteadyGateway>;

/// <summary>The tests of <see cref="MortalGateway"/>, one after the other.</summary>
[CollectionDefinition(nameof(MortalGateway))]
public sealed class MortalGatewayTests : ICollectionFixture<MortalGateway>;

/// <summary>A test that needs a running gateway.</summary>
public abstract class GatewayTest(GatewayUnderTest gateway) : IAsyncLifetime
{
    internal GatewayUnderTest Gateway => gateway;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await gateway.EnsureRunningAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

using System.Text.Json;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.GatewayTests.WebSockets;

namespace OpenClaw.Resilience.GatewayTests.LifeCycle;

/// <summary>A gateway that has seen too many wrong tokens refuses the right one too.</summary>
[Collection(nameof(MortalGateway))]
public sealed class LockoutTests(MortalGateway gateway) : GatewayTest(gateway)
{
    // Three failures are allowed; a few more, should the gateway count them late.
    private const int Attempts = 6;

    [Fact]
    public async Task A_lockout_is_told_from_a_rate_limit_and_ends_by_itself()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        await LockOutAsync(async () => (await new Caller(Gateway, token: "wrong").Ask(Way.Sdk, turn).Ending).Failure?.Kind);

        // The right token, and a pipeline that does not know yet.
        var caller = new Caller(Gateway);
        Ending locked = await caller.Ask(Way.Raw, turn).Ending;
        locked.ShouldShowStatus(Way.Raw, 429);
        GatewayFailure failure = locked.ShouldFail(FailureKind.Lockout, mayHaveRun: false);
        Assert.InRange(failure.RetryAfter.GetValueOrDefault(), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(4));

        // Now it knows, and leaves the gateway alone in each way.
        foreach (Way way in new[] { Way.Sdk, Way.SdkStream, Way.Raw, Way.RawStream })
        {
            Ending rejected = await caller.Ask(way, turn).Ending;
            Assert.Equal(RejectionReason.Lockout, Assert.IsType<GatewayRejectedException>(rejected.Exception).Reason);
            rejected.ShouldFail(FailureKind.Lockout, mayHaveRun: false);
        }

        Assert.Equal(0, turn.Calls);
        await Eventually.HoldsAsync(async () => (await caller.Ask(Way.Sdk, turn).Ending).Failure is null);
        Assert.Equal(1, turn.Calls);
    }

    [Fact]
    public async Task Over_a_socket_too()
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        await LockOutAsync(async () =>
        {
            await using GatewaySocket wrong = GatewaySocketTests.Socket(Gateway, token: "wrong");
            var refusal = await Assert.ThrowsAsync<GatewayRequestException>(() => AskAsync(wrong, turn));
            return GatewayFailure.Classify(refusal, cancellationToken: TestContext.Current.CancellationToken).Kind;
        });

        await using GatewaySocket socket = GatewaySocketTests.Socket(Gateway);
        var locked = await Assert.ThrowsAsync<GatewayRequestException>(() => AskAsync(socket, turn));
        GatewayFailure failure = GatewayFailure.Classify(locked, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("AUTH_RATE_LIMITED", FailureKind.Lockout, false), (locked.DetailCode, failure.Kind, failure.MayHaveRun));
        Assert.InRange(failure.RetryAfter.GetValueOrDefault(), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(4));

        // Now it knows, and does not connect again before the time.
        var rejected = await Assert.ThrowsAsync<GatewayRejectedException>(() => AskAsync(socket, turn));
        Assert.Equal(RejectionReason.Lockout, rejected.Reason);
        Assert.Equal(0, turn.Calls);
        await Eventually.HoldsAsync(async () => await Record.ExceptionAsync(() => AskAsync(socket, turn)) is null);
        Assert.Equal(1, turn.Calls);
    }

    private static Task<JsonElement> AskAsync(GatewaySocket socket, Turn turn) => GatewaySocketTests.AskAsync(socket, turn, turn.Prompt);

    private static async Task LockOutAsync(Func<Task<FailureKind?>> signInWrongly)
    {
        FailureKind? kind = null;
        for (int attempt = 0; attempt < Attempts && kind != FailureKind.Lockout; attempt++)
        {
            kind = await signInWrongly();
        }

        Assert.Equal(FailureKind.Lockout, kind);
    }
}

namespace OpenClaw.Resilience.GatewayTests.Callers;

/// <summary>The ways in which programs call the gateway over HTTP.</summary>
public enum Way
{
    /// <summary>The OpenAI library in <c>ExecuteAsync</c>, whole answer.</summary>
    Sdk,

    /// <summary>The OpenAI library in <c>ExecuteStreamingAsync</c>.</summary>
    SdkStream,

    /// <summary>The OpenAI library, streamed, over an <see cref="HttpClient"/> that has the pipeline as its handler.</summary>
    HandlerStream,

    /// <summary><c>SendAsync</c> with a bare <see cref="HttpClient"/>, whole answer.</summary>
    Raw,

    /// <summary><c>SendAsync</c> with a bare <see cref="HttpClient"/>, server-sent events.</summary>
    RawStream,
}

/// <summary>How a call has ended for its caller.</summary>
/// <param name="Text">The answer, or what came of it.</param>
/// <param name="Exception">What was thrown, or null.</param>
/// <param name="Status">The failure status of a response that was returned, not thrown.</param>
/// <param name="Failure">What the failure means; null is success.</param>
internal sealed record Ending(string Text, Exception? Exception, int? Status, GatewayFailure? Failure)
{
    /// <summary>The whole answer has arrived.</summary>
    public void ShouldBe(string answer) => Assert.Equal((answer, null, null), (Text, Exception, Failure?.ToString()));

    /// <summary>It failed, and says this of the failure.</summary>
    public GatewayFailure ShouldFail(FailureKind kind, bool mayHaveRun, FailureClass failureClass = FailureClass.Infrastructure)
    {
        Assert.True(Failure is not null, $"No failure but: {Text}");
        Assert.True((kind, mayHaveRun, failureClass) == (Failure.Kind, Failure.MayHaveRun, Failure.Class), $"{Failure}\n{Exception}");
        return Failure;
    }

    /// <summary>An error status has reached the caller as its client passes it on.</summary>
    public void ShouldShowStatus(Way way, int status)
    {
        if (way is Way.Raw or Way.RawStream)
        {
            Assert.Equal((status, null), (Status, Exception));
        }
        else
        {
            Assert.Equal(status, Assert.IsType<System.ClientModel.ClientResultException>(Exception).Status);
        }

        Assert.Equal(status, Failure?.StatusCode);
    }
}

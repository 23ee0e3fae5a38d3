namespace OpenClaw.Resilience.GatewayTests.Provider;

/// <summary>What the model does with one call.</summary>
internal delegate Task Reply(ModelCall call);

/// <summary>Good and bad behaviour of a model provider.</summary>
internal static class Replies
{
    public static readonly Reply Good = async call =>
    {
        await call.SendFirstHalfAsync();
        await call.SendSecondHalfAsync();
    };

    /// <summary>Good, but not the same: a real model does not repeat itself.</summary>
    public static readonly Reply InOtherWords = call => call.SendWholeAsync(call.Turn.OtherAnswer);

    /// <summary>Sends half of the answer, and the other half when the test releases it.</summary>
    public static readonly Reply Held = async call =>
    {
        await call.SendFirstHalfAsync();
        await call.Turn.Released.WaitAsync(call.GatewayLeft);
        await call.SendSecondHalfAsync();
    };

    /// <summary>No byte, until the gateway leaves.</summary>
    public static readonly Reply Hang = call => Task.Delay(Timeout.Infinite, call.GatewayLeft);

    public static readonly Reply Reset = call =>
    {
        call.Break();
        return Task.CompletedTask;
    };

    /// <summary>Breaks the connection in the middle of the answer.</summary>
    public static readonly Reply Cut = async call =>
    {
        await call.SendFirstHalfAsync();
        call.Break();
    };

    /// <summary>Breaks it when the test says so, for instance because half of the answer has come through.</summary>
    public static readonly Reply CutOnRelease = async call =>
    {
        await call.SendFirstHalfAsync();
        await call.Turn.Released.WaitAsync(call.GatewayLeft);
        call.Break();
    };

    public static readonly Reply Garbage = call => call.SendPageAsync("<html>not a completion</html>");

    public static Reply Status(int status, int? retryAfter = null) => call => call.SendErrorAsync(status, retryAfter);

    /// <summary>Answers when this many calls have come together, so that none of them can be alone.</summary>
    public static Reply InGroupsOf(int size)
    {
        var entrance = new object();
        int arrived = 0;
        var group = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return async call =>
        {
            Task complete;
            lock (entrance)
            {
                complete = group.Task;
                if (++arrived % size == 0)
                {
                    group.SetResult();
                    group = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            await complete.WaitAsync(call.GatewayLeft);
            await Good(call);
        };
    }
}

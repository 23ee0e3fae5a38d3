namespace OpenClaw.Resilience.GatewayTests.Callers;

/// <summary>One call that is under way.</summary>
internal sealed class Asking
{
    private readonly TaskCompletionSource _firstText = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Asking(Func<Asking, Task<Ending>> run) => Ending = run(this);

    /// <summary>Completes when the first piece of a streamed answer has arrived.</summary>
    public Task FirstText => _firstText.Task;

    /// <summary>Never fails: what was thrown is in the result.</summary>
    public Task<Ending> Ending { get; }

    public string Saw(string text)
    {
        if (text.Length > 0)
        {
            _firstText.TrySetResult();
        }

        return text;
    }
}
